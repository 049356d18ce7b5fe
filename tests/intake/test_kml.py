"""KML and KMZ: every document, links to others, what is not read is named and never fetched."""

import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from gridmap.intake import IntakeError, doctor
from gridmap.intake.files import reading
from tests.fixtures.importing import Office

CASE = "09-kmz-networklink"


def _kml(*parts: str) -> str:
    return (
        '<?xml version="1.0" encoding="UTF-8"?><kml xmlns="http://www.opengis.net/kml/2.2">'
        f"<Document>{''.join(parts)}</Document></kml>"
    )


def _place(name: str, lon: float, lat: float) -> str:
    return (
        f"<Placemark><name>{name}</name><Point><coordinates>{lon},{lat},0</coordinates></Point>"
        "</Placemark>"
    )


def _link(name: str, address: str) -> str:
    return f"<NetworkLink><name>{name}</name><Link><href>{address}</href></Link></NetworkLink>"


def _read(file: Path) -> tuple[dict[str, tuple[float, float]], str]:
    """Places by name of all sources of a file, and everything that is said of it."""
    found: dict[str, tuple[float, float]] = {}
    said = []
    for source in doctor.find_sources([file]):
        assert source.problem is None
        table = reading.read(file, layer=source.layer)
        assert table.geometry is not None
        for name, shape in zip(table.cells["Name"], table.geometry, strict=True):
            found[name] = (shape.x, shape.y)
        said += [finding.message for finding in table.findings]
    return found, " ".join(said)


def test_an_empty_first_folder_is_no_dead_end(tmp_path: Path) -> None:
    file = tmp_path / "a.kml"
    folders = "<Folder><name>空</name></Folder><Folder><name>口</name>{}</Folder>"
    file.write_text(_kml(folders.format(_place("甲", 120.7, 30.7))), "utf-8")
    [source] = doctor.find_sources([file])
    assert source.layer == "口"
    assert _read(file)[0] == {"甲": (120.7, 30.7)}


def test_a_file_beside_is_followed_once_and_no_further(tmp_path: Path) -> None:
    folder = tmp_path / "里面"
    folder.mkdir()
    (tmp_path / "外面.kml").write_text(_kml(_place("外", 120.9, 30.9)), "utf-8")
    (folder / "b b.kml").write_text(_kml(_place("乙", 120.8, 30.8), _link("回", "a.kml")), "utf-8")
    file = folder / "a.kml"
    links = (
        _link("乙", "b%20b.kml")
        + _link("外", "../外面.kml")
        + _link("线上", "http://192.0.2.1/x.kml")
    )
    file.write_text(_kml(_place("甲", 120.7, 30.7), links), "utf-8")
    places, said = _read(file)
    assert places == {"甲": (120.7, 30.7), "乙": (120.8, 30.8)}
    assert "线上 (http://192.0.2.1/x.kml)" in said
    assert "外 (../外面.kml)" in said


def test_overlays_pictures_and_other_files_are_named(tmp_path: Path) -> None:
    file = tmp_path / "a.kmz"
    overlay = "<GroundOverlay><name>老图</name></GroundOverlay>"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("doc.kml", _kml(overlay, _place("甲", 120.7, 30.7)))
        archive.writestr("files/一.jpg", b"x")
    assert "老图" in _read(file)[1]
    assert "files/一.jpg" in _read(file)[1]


def test_nothing_but_pictures(tmp_path: Path) -> None:
    file = tmp_path / "a.kml"
    file.write_text(_kml("<GroundOverlay><name>老图</name></GroundOverlay>"), "utf-8")
    with pytest.raises(IntakeError, match="没有地物"):
        reading.read(file)


def test_the_case(office: Office, case: Callable[[str], Path]) -> None:
    folder = case(CASE)
    places, said = _read(folder / "河长一张图.kmz")
    assert places == {
        "一号断面": (120.751, 30.741), "二号断面": (120.752, 30.742), "PK-01": (120.761, 30.751),
        "PK-02": (120.762, 30.752), "PK-03": (120.763, 30.753),
    }  # fmt: skip
    assert "在线图层" in said
    assert "files/photo.jpg" in said
    assert _read(folder / "循环引用.kmz")[0] == {"自身点": (120.755, 30.745)}
    assert len(_read(folder / "两个kml.kmz")[0]) == 3
    assert len(_read(folder / "链接加点.kmz")[0]) == 2
    said_of_link = office.take(folder / "只有链接.kml", "--layer", "places")
    assert said_of_link.code == 1
    assert "只有网络链接" in said_of_link.err
    assert "实时排口" in said_of_link.err
