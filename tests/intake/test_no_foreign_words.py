"""What libraries say of a file stays with them: a person reads a sentence of his own language."""

import gzip
import io
import json
import re
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.fixtures.commandline import Run
from tests.fixtures.foreign import write_dbf, write_points
from tests.fixtures.importing import Office

# Two English words in a row, outside of a path: nothing that the program says in Chinese.
_ENGLISH = re.compile(r"\b[A-Za-z]{3,} [a-z]{2,}\b")

UNCLOSED = {
    "type": "FeatureCollection",
    "features": [
        {
            "type": "Feature", "properties": {"code": "330402001", "name": "东镇"},
            "geometry": {
                "type": "Polygon", "coordinates": [[[120.7, 30.7], [120.8, 30.7], [120.8, 30.8]]]
            },
        }
    ],
}  # fmt: skip


def _packed() -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("站点.csv", "a,b\n" * 100)
    return packed.getvalue()


def _files() -> dict[str, bytes]:
    packed = _packed()
    return {
        "a.geojson": b'{"type": "FeatureCollection", "features": [{"type": "Fea',
        "b.geojson": json.dumps(UNCLOSED).encode(),
        "c.kml": b'<?xml version="1.0"?><kml><Document><Placemark>',
        "d.shp": b"\x00\x00\x27\x0a" + bytes(10),
        "e.gpkg": b"SQLite format 3\0" + b"\1" * 2000,
        "f.xlsx": b"PK\3\4" + bytes(50),
        "g.xls": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600),
        "h.zip": packed[: len(packed) // 2],
        "i.csv.gz": gzip.compress(b"a,b\n1,2\n" * 100)[:30],
        "j.csv": b"a,b\n\xff\xfe\x80,1\n" + bytes(range(128, 256)),
        "k.json": b'{"thead": [1, "tbody": ',
        "l.dxf": b"  0\nSECTION\n  2\nENTITIES\n  0\nPOINT\n x\n",
        "m.ods": packed,
    }


@pytest.mark.parametrize("name", sorted(_files()))
def test_damaged_files_are_told_in_the_users_words(office: Office, name: str) -> None:
    file = office.folder / name
    file.write_bytes(_files()[name])
    said = office.take(file, "--layer", "grid_units")
    told = (said.out + said.err).replace(str(file), "").replace(name, "")
    assert told.strip()
    assert _ENGLISH.findall(told) == []


def test_a_damaged_attribute_table(office: Office) -> None:
    file = office.folder / "口.shp"
    write_points(file, [(120.7, 30.7)])
    write_dbf(file.with_suffix(".dbf"), [(b"code", "C", 4)], [[b"A"]])
    file.with_suffix(".dbf").write_bytes(b"\3" * 20)
    said = office.take(file, "--layer", "outlets")
    assert "不完整或已损坏" in said.err
    assert _ENGLISH.findall((said.out + said.err).replace(str(file), "")) == []


def test_protected_and_disguised_workbooks(
    office: Office, case: Callable[[str], Path], gridmap: Run
) -> None:
    for file in sorted(case("16-xls-disguised").iterdir()):
        if file.suffix == ".md":
            continue
        said = gridmap("import", office.path, file, "--layer", "places", "--all")
        told = (said.out + said.err).replace(str(file.parent), "").replace(file.name, "")
        assert _ENGLISH.findall(told) == []
        if file.name.startswith("加密"):
            assert "密码" in said.err


def test_warnings_of_the_library_do_not_reach_the_terminal(office: Office, program: Run) -> None:
    file = office.folder / "b.geojson"
    file.write_bytes(_files()["b.geojson"])
    said = program("import", office.path, file, "--layer", "grid_units")
    assert "第 1 行" in said.out
    assert said.err == ""
