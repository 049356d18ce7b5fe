from pathlib import Path

import pytest
import shapely

from gridmap import intake, shipped, texts
from gridmap.core.declaration import Geometry
from gridmap.standards.item_files import TableFileError, items, read_items, read_roles, roles
from gridmap.store import LayerFileError, Project, ProjectError, read_catalogue
from gridmap.store.layer_files import extra_folders, read_layer_file

GOOD = """
id = "wells"
role = "other"
geometry = "Point"
title = { zh = "水井", en = "Wells" }

[[fields]]
name = "code"
title = { zh = "井号", en = "Well number" }
key = true
required = true
aliases = ["井编号"]

[[fields]]
name = "depth_m"
type = "real"
unit = "m"
title = { zh = "井深", en = "Depth" }

[[views]]
id = "well"
title = { zh = "水井", en = "Wells" }
order = 70
symbol = { marker = "circle", fill = "#336699" }

[card]
heading = "code"
fields = ["depth_m"]
"""


def test_every_shipped_layer_can_be_read() -> None:
    catalogue = read_catalogue()
    assert catalogue.problems == ()
    assert len(catalogue.declarations) == len(list(shipped.layers_dir().glob("*.toml")))
    assert catalogue.declarations["grid_units"].geometry is Geometry.POLYGON


def _problems(folder: Path, text: str) -> list[str]:
    path = folder / "wells.toml"
    path.write_text(text, encoding="utf-8")
    declaration, problems = read_layer_file(path)
    assert declaration is None
    return [str(problem) for problem in problems]


@pytest.mark.parametrize(
    ("old", "new", "entry", "chinese", "english"),
    [
        ('id = "wells"', 'id = "wells', "—", "TOML", "TOML"),
        ('geometry = "Point"', 'geometry = "Dot"', "geometry", "'Point'", "'Point'"),
        ('heading = "code"', 'heading = "kode"', "—", "kode", "kode"),
        ('type = "real"', 'typ = "real"', "fields.depth_m.typ", "检查拼写", "spelling"),
        ('zh = "井深", ', "", "fields.depth_m.title.zh", "缺少", "missing"),
        ('id = "wells"', 'id = "people"', "id", "自用", "uses itself"),
        ('name = "depth_m"', 'name = "geom"', "fields.geom.name", "自用", "uses itself"),
        ("key = true", 'key = true\ncheck = "luck"', "fields.code.check", "luck", "luck"),
        ("order = 70", 'order = "many"', "views.well.order", "整数", "whole number"),
    ],
)
def test_a_mistake_is_named_with_file_key_and_reason_in_both_languages(
    tmp_path: Path, old: str, new: str, entry: str, chinese: str, english: str
) -> None:
    text = (
        GOOD.replace(old, new).replace('["depth_m"]', "[]")
        if "geom" in new
        else GOOD.replace(old, new)
    )
    assert text != GOOD
    [found, *_] = _problems(tmp_path, text)
    assert "wells.toml" in found
    assert f"“{entry}”" in found
    assert chinese in found
    texts.use_language("en")
    [found, *_] = _problems(tmp_path, text)
    assert f"“{entry}”" in found
    assert english in found


def test_a_broken_file_does_not_hide_the_others(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text("= nonsense", encoding="utf-8")
    (tmp_path / "b.toml").write_bytes('id = "井"'.encode("gb18030"))
    (tmp_path / "c.toml").write_text(GOOD, encoding="utf-8")
    (tmp_path / "d.toml").write_text(GOOD, encoding="utf-8")
    catalogue = read_catalogue([tmp_path])
    assert {"wells", "grid_units"} <= set(catalogue.declarations)
    assert [Path(str(p.facts["file"])).name for p in catalogue.problems] == [
        "a.toml",
        "b.toml",
        "d.toml",
    ]
    assert all(isinstance(problem, LayerFileError) for problem in catalogue.problems)


def test_adding_a_layer_is_adding_a_file(tmp_path: Path) -> None:
    path = tmp_path / "p.gpkg"
    folder = tmp_path / "p.gpkg.layers"
    folder.mkdir()
    (folder / "wells.toml").write_text(GOOD, encoding="utf-8")
    table = tmp_path / "wells.csv"
    table.write_text("井编号,井深,经度,纬度\nJ1,31.5,120.75,30.72\n", encoding="utf-8")
    with Project.create(path, title="井") as project:
        assert intake.load(project, table, "wells", crs="EPSG:4490").rows_loaded == 1
    with Project.open(path) as project:
        wells = project.layer("wells")
        assert wells["code"].tolist() == ["J1"]
        assert wells["depth_m"].tolist() == [31.5]
        assert wells.geometry.iloc[0] == shapely.Point(120.75, 30.72)
        assert project.declarations["wells"].title.en == "Wells"


def test_a_layer_that_gains_a_field_gains_a_column(tmp_path: Path) -> None:
    path, folder = tmp_path / "p.gpkg", tmp_path / "p.gpkg.layers"
    folder.mkdir()
    layer = folder / "wells.toml"
    layer.write_text(GOOD, encoding="utf-8")
    table = tmp_path / "wells.csv"
    table.write_text("code,depth_m,lon,lat\nJ1,1.5,120.75,30.72\n", encoding="utf-8")
    with Project.create(path, title="井") as project:
        for _ in range(2):  # the second time there are rows to keep for undo
            intake.load(project, table, "wells", crs="EPSG:4490")
    field = '[[fields]]\nname = "owner"\ntitle = { zh = "户主", en = "Owner" }\n\n[[views]]'
    layer.write_text(GOOD.replace("[[views]]", field), encoding="utf-8")
    table.write_text("code,owner,lon,lat\nJ1,张三,120.75,30.72\n", encoding="utf-8")
    with Project.open(path) as project:
        assert project.layer("wells")["owner"].tolist() == [None]
        assert intake.load(project, table, "wells", crs="EPSG:4490").updated == 1
        row = project.layer("wells").iloc[0]
        assert (row["owner"], row["depth_m"]) == ("张三", 1.5)
        project.undo()
        assert project.layer("wells")["owner"].tolist() == [None]
    layer.write_text(GOOD, encoding="utf-8")
    with Project.open(path) as project:
        assert list(project.layer("wells").columns) == ["code", "depth_m", "geometry"]


def test_layers_of_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GRIDMAP_LAYERS", f"{tmp_path}:{tmp_path / 'none'}")
    assert extra_folders() == (tmp_path,)


def test_an_undeclared_layer_is_refused(project: Project) -> None:
    with pytest.raises(ProjectError, match="wells"):
        project.layer("wells")


def test_items_and_roles() -> None:
    assert items()["co"].unit == "mg/m³"
    assert items()["nh3n"].title.zh == "氨氮"
    assert {role.id for role in roles() if not role.expected} == {"general_river_chief"}


def test_a_mistake_in_a_table_is_named(tmp_path: Path) -> None:
    path = tmp_path / "items.toml"
    path.write_text('[lead]\nmedium = "water"\nunit = "mg/L"\ndecimals = 2\n', encoding="utf-8")
    with pytest.raises(TableFileError, match=r"lead.*title"):
        read_items(path)
    path.write_text('[[role]]\nid = "x"\nrang = 2\n', encoding="utf-8")
    with pytest.raises(TableFileError, match="rang"):
        read_roles(path)
