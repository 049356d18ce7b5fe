"""A fine mesh over the district: the planar graph from which every border and river is taken.

Borders and rivers are made of the same edges, and an edge is bent only once
(`bending.py`), so that whatever shares an edge shares its vertices to the last bit.
"""

import itertools
from collections import defaultdict
from dataclasses import dataclass

import numpy as np
import shapely
from scipy.spatial import Voronoi

from example_build.plane import Floats, Ints, rng, to_degrees, to_metres

_COARSE_M, _FINE_M = 310.0, 170.0
_TOWN = to_metres([120.758, 30.757])
_TOWN_RADIUS_M = 4_300.0


@dataclass
class Mesh:
    """Nodes, edges and faces.

    Attributes:
        nodes: (n, 2) longitude, latitude, rounded.
        edges: (m, 2) node numbers, lower first.
        sides: (m, 2) numbers of the two faces of an edge; -1 is outside the district.
        faces: straight-edged polygons in degrees.
    """

    nodes: Floats
    edges: Ints
    sides: Ints
    faces: list[shapely.Polygon]

    def __post_init__(self) -> None:
        self.metres = to_metres(self.nodes)
        self.centres = to_metres([face.centroid.coords[0] for face in self.faces])
        self.areas_m2 = np.array([face.area for face in self.faces]) * 95_694.0 * 110_870.0
        self.lengths = np.hypot(*(self.metres[self.edges[:, 0]] - self.metres[self.edges[:, 1]]).T)
        self.on_outline = np.zeros(len(self.nodes), dtype=bool)
        self.on_outline[self.edges[(self.sides < 0).any(axis=1)]] = True
        self.edge_of = {(int(a), int(b)): i for i, (a, b) in enumerate(self.edges)}
        self.face_neighbours: dict[int, list[tuple[int, int]]] = defaultdict(list)
        for index, (left, right) in enumerate(self.sides.tolist()):
            if left >= 0 and right >= 0:
                self.face_neighbours[left].append((right, index))
                self.face_neighbours[right].append((left, index))

    def edge(self, a: int, b: int) -> int:
        """The number of the edge between two nodes."""
        return self.edge_of[min(a, b), max(a, b)]


def build_mesh(outline: shapely.Polygon) -> Mesh:
    """Cells of 170 m (town) to 310 m (country) that fill `outline` (degrees) exactly."""
    ring = to_metres(shapely.get_coordinates(outline.exterior))
    voronoi = Voronoi(_seeds(ring))
    ends = np.array([pair for pair in voronoi.ridge_vertices if min(pair) >= 0])
    lines = shapely.linestrings(voronoi.vertices[ends])
    area = shapely.Polygon(ring)
    shapely.prepare(area)
    lines = lines[shapely.intersects(area, lines)]
    inside = shapely.get_parts(shapely.intersection(lines, area))
    inside = inside[shapely.get_type_id(inside) == 1]
    pairs = to_degrees([shapely.get_coordinates(line)[[0, -1]] for line in inside])
    pairs = np.concatenate([pairs, _outline_pieces(outline, ring, inside, pairs)])
    return _mesh_of(pairs)


def _seeds(ring: Floats) -> Floats:
    draw = rng("mesh")
    low, high = ring.min(axis=0) - 1500, ring.max(axis=0) + 1500
    coarse = _jittered(low, high, _COARSE_M, draw)
    fine = _jittered(_TOWN - _TOWN_RADIUS_M, _TOWN + _TOWN_RADIUS_M, _FINE_M, draw)
    near = np.hypot(*(coarse - _TOWN).T) < _TOWN_RADIUS_M
    fine = fine[np.hypot(*(fine - _TOWN).T) < _TOWN_RADIUS_M]
    return np.concatenate([coarse[~near], fine])


def _jittered(low: Floats, high: Floats, step: float, draw: np.random.Generator) -> Floats:
    x, y = np.meshgrid(np.arange(low[0], high[0], step), np.arange(low[1], high[1], step * 0.866))
    x[1::2] += step / 2
    points = np.stack([x.ravel(), y.ravel()], axis=1)
    return np.asarray(points + draw.uniform(-0.33, 0.33, points.shape) * step)


def _outline_pieces(
    outline: shapely.Polygon, ring: Floats, inside: Floats, pairs: Floats
) -> Floats:
    """The published outline, cut where cell borders reach it: (k, 2, 2) degrees."""
    segments = shapely.linestrings(np.stack([ring[:-1], ring[1:]], axis=1))
    tree = shapely.STRtree(segments)
    found: dict[int, list[tuple[float, tuple[float, float]]]] = defaultdict(list)
    for line, ends in zip(inside, pairs, strict=True):
        for metres, degrees in zip(shapely.get_coordinates(line)[[0, -1]], ends, strict=True):
            point = shapely.Point(metres)
            for hit in tree.query(point, predicate="dwithin", distance=1e-6).tolist():
                where = shapely.line_locate_point(segments[hit], point)
                found[hit].append((float(where), (float(degrees[0]), float(degrees[1]))))
    pieces = []
    corners = shapely.get_coordinates(outline.exterior)
    for index in range(len(segments)):
        stops = [tuple(corners[index]), *(p for _, p in sorted(found[index]))]
        stops = list(dict.fromkeys([*stops, tuple(corners[index + 1])]))
        pieces += list(itertools.pairwise(stops))
    return np.array(pieces)


def _mesh_of(pairs: Floats) -> Mesh:
    nodes, numbers = np.unique(pairs.reshape(-1, 2), axis=0, return_inverse=True)
    edges = np.sort(numbers.reshape(-1, 2), axis=1)
    edges = np.unique(edges[edges[:, 0] != edges[:, 1]], axis=0)
    polygons = shapely.get_parts(shapely.polygonize(shapely.linestrings(nodes[edges])))
    number_of = {tuple(node): index for index, node in enumerate(nodes.tolist())}
    edge_of = {(int(a), int(b)): index for index, (a, b) in enumerate(edges)}
    sides = np.full((len(edges), 2), -1)
    order = np.lexsort(np.array([p.centroid.coords[0] for p in polygons]).T)
    faces = [polygons[index] for index in order]
    for face, polygon in enumerate(faces):
        around = [number_of[tuple(c)] for c in shapely.get_coordinates(polygon).tolist()]
        for a, b in itertools.pairwise(around):
            edge = edge_of[min(a, b), max(a, b)]
            sides[edge, 0 if sides[edge, 0] < 0 else 1] = face
    return Mesh(nodes, edges, sides, faces)
