"""What is snapped to a reach stays at its place on the water when reaches are cut or turned."""

import geopandas as gpd
import pytest

from gridmap.capabilities.rivers.rules.waterways import Spot
from gridmap.capabilities.rivers.work.waters import waters_of
from gridmap.store import Edition, Project
from tests.fixtures.rivernets import MOUTH

LAYERS = ("sections", "outlets", "intakes", "sluices", "signboards")
REACH = "湍河-21"


def put(path, *shares):
    """One feature of each layer at shares of the way along the reach; where these are."""
    with Project.open(path) as project:
        line = project.layer("reaches").set_index("code").geometry[REACH]
        places = [line.interpolate(share, normalized=True) for share in shares]
        with project.change("data") as change:
            for layer in LAYERS:
                rows = {
                    "code": [f"{layer}-{number}" for number in range(len(places))],
                    "name": ["点"] * len(places), "reach_code": [REACH] * len(places),
                }  # fmt: skip
                frame = gpd.GeoDataFrame(rows, geometry=places, crs=4490)
                change.replace_layer(layer, frame, Edition(layer))
    return places


def reaches_of(path):
    with Project.open(path, read_only=True) as project:
        return {layer: list(project.layer(layer)["reach_code"]) for layer in LAYERS}


def from_the_head(path):
    """Metres of water from the head of the river to each section."""
    with Project.open(path, read_only=True) as project:
        waters = waters_of(project)
        spots = [one.spot for one in waters.sections]
        ways = waters.ways.downstream(Spot("湍河-01", 0.0), spots)
        assert [one.offset_m for one in waters.sections] == pytest.approx([0, 0], abs=0.1)
        return [ways[number].metres for number in range(len(spots))]


def test_split_brings_everything_along_in_one_change(gridmap, tuanhe_built):
    _, middle, _ = put(tuanhe_built, 0.3, 0.5, 0.8)
    put(tuanhe_built, 0.3, 0.8)
    before = from_the_head(tuanhe_built)
    said = gridmap("river", "split", tuanhe_built, REACH, f"{middle.x},{middle.y}")
    assert "下段为 湍河-26" in said.out
    assert "断面 1 个" in said.out
    assert reaches_of(tuanhe_built) == {layer: [REACH, "湍河-26"] for layer in LAYERS}
    assert from_the_head(tuanhe_built) == pytest.approx(before, abs=0.5)
    with Project.open(tuanhe_built) as project:
        project.undo()
    assert reaches_of(tuanhe_built) == {layer: [REACH, REACH] for layer in LAYERS}


def test_flip_leaves_everything_at_its_place(gridmap, tuanhe_built):
    put(tuanhe_built, 0.3, 0.8)
    before = from_the_head(tuanhe_built)
    assert gridmap("river", "flip", tuanhe_built, REACH).code == 0
    assert gridmap("river", "flip", tuanhe_built, REACH).code == 0
    assert reaches_of(tuanhe_built) == {layer: [REACH, REACH] for layer in LAYERS}
    assert from_the_head(tuanhe_built) == pytest.approx(before, abs=0.5)


def test_building_anew_names_the_reach_that_runs_there_now(gridmap, tuanhe_built, shared):
    put(tuanhe_built, 0.3, 0.8)
    lakes = shared / "data" / "tuanhe" / "osm-reservoir-surfaces.geojson"
    done = gridmap(
        "river", "build", tuanhe_built, "--outlet", MOUTH, "--lakes", lakes, "--bridge", "1500"
    )  # fmt: skip
    assert "断面 2 个" in done.out
    (code,) = {code for codes in reaches_of(tuanhe_built).values() for code in codes}
    assert code != REACH  # without borders the river has fewer reaches
    with Project.open(tuanhe_built, read_only=True) as project:
        waters = waters_of(project)
        assert {one.spot.reach for one in waters.sections} == {code}
        assert max(one.offset_m for one in waters.sections) < 0.1
