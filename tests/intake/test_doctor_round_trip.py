"""The example's layers as offices send them: GBK, nothing stated, shifted or in a zone."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas
import numpy as np
import pytest
import shapely

from gridmap import shipped
from gridmap.core.datum import Datum, from_wgs84
from gridmap.intake import Kind, doctor
from gridmap.intake.choices import Choices
from gridmap.store import Edition, Project

HALF_A_METRE = 0.5 / 111_000


@pytest.fixture(scope="module")
def example() -> Iterator[Project]:
    with Project.open(shipped.example_dir() / "nanhu.gridmap.gpkg", read_only=True) as project:
        yield project


def _shifted(datum: Datum) -> Callable[[Any], Any]:
    def shift(frame: Any) -> Any:
        def move(xy: np.ndarray) -> np.ndarray:
            return np.column_stack(from_wgs84(xy[:, 0], xy[:, 1], datum))

        moved = shapely.transform(frame.geometry.to_numpy(), move)
        return geopandas.GeoDataFrame(frame.drop(columns="geometry"), geometry=moved, crs=frame.crs)

    return shift


def _in(epsg: int) -> Callable[[Any], Any]:
    return lambda frame: frame.to_crs(epsg)


def _sent(frame: Any, path: Path) -> Path:
    with pytest.warns(RuntimeWarning, match="laundered"):
        frame.to_file(path, encoding="GBK")
    for suffix in (".prj", ".cpg"):
        path.with_suffix(suffix).unlink(missing_ok=True)
    return path


WAYS = {
    "GCJ-02": _shifted(Datum.GCJ02),
    "BD-09": _shifted(Datum.BD09),
    "EPSG:4549": _in(4549),
    "EPSG:4528": _in(4528),
    "EPSG:4498": _in(4498),
    "EPSG:3857": _in(3857),
}


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("layer", ["grid_units", "enterprises"])
@pytest.mark.filterwarnings("ignore:Normalized")
def test_it_comes_back_right_when_the_proposals_are_accepted(
    project: Project, example: Project, tmp_path: Path, layer: str, way: str
) -> None:
    units = example.layer("grid_units")
    stored = units if layer == "enterprises" else units[units["tier"] == "county"]
    with project.change("test") as change:
        change.replace_layer("grid_units", stored, Edition("grid_units"))
    frame = example.layer(layer)
    if layer == "grid_units":
        frame = frame[frame["tier"] == "township"]
    frame = frame.reset_index(drop=True)
    path = _sent(WAYS[way](frame), tmp_path / "数据.shp")
    [source] = doctor.find_sources([path])
    case = doctor.examine(source, Choices(), project)
    assert case.target == layer
    assert case.counts.loadable == 0
    [asked] = case.blocked
    assert (asked.kind, asked.fix) == (Kind.NO_CRS, way)
    case = doctor.settled(source, case.choices, project, before=case)
    assert case.place is not None
    assert case.place.chosen == way
    report = doctor.load_case(project, case)
    assert (report.rows_read, report.rows_loaded) == (len(frame), len(frame))
    back = project.layer(layer).set_index("code").loc[frame["code"]]
    far = shapely.hausdorff_distance(back.geometry.to_numpy(), frame.geometry.to_numpy())
    assert far.max() < HALF_A_METRE
    assert back["name"].tolist() == frame["name"].tolist()
    assert project.editions()[layer].crs_of_source.endswith(way)
    if layer == "grid_units":
        kinds = {f.kind for f in case.findings}
        assert {Kind.GAP, Kind.OVERLAP} <= kinds  # the example's deliberate faults
        assert not any(f.accepted for f in case.findings if f.kind is Kind.GAP)


def test_evidence_for_a_datum_of_a_table(
    project: Project, example: Project, tmp_path: Path
) -> None:
    units = example.layer("grid_units")
    with project.change("test") as change:
        for name in ("grid_units", "reaches"):
            frame = units if name == "grid_units" else example.layer(name)
            change.replace_layer(name, frame, Edition(name))
    frame = _shifted(Datum.GCJ02)(example.layer("enterprises").reset_index(drop=True))
    table = frame.drop(columns="geometry").assign(lng=frame.geometry.x, lat=frame.geometry.y)
    path = tmp_path / "企业名录.csv"
    table.to_csv(path, index=False, encoding="gb18030")
    [source] = doctor.find_sources([path])
    case = doctor.examine(source, Choices(), project)
    assert (case.counts.loadable, case.target) == (168, "enterprises")
    place = case.place
    assert place is not None
    assert (place.chosen, place.column) == ("EPSG:4490", "address")
    first, second, third = place.guesses
    assert (first.crs, second.crs, third.crs) == ("GCJ-02", "EPSG:4490", "BD-09")
    assert first.named > 0.98 > second.named > third.named
    assert first.rivers <= second.rivers
    assert 450 < place.mean_shift_m < 520
    assert 0 < place.units_changed < 168
    [doubt] = [f for f in case.findings if f.kind is Kind.OTHER_DATUM]
    accepted = doctor.examine(source, Choices().accept(doubt.id), project, before=case)
    assert accepted.place is not None
    assert accepted.place.chosen == "GCJ-02"
    refused = doctor.examine(source, accepted.choices.refuse(doubt.id), project, before=case)
    assert refused.place is not None
    assert refused.place.chosen == "EPSG:4490"
