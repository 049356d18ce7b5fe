"""From straight mesh edges to bent lines, once per edge, and from faces to polygons."""

import itertools
from collections.abc import Iterable

import numpy as np
import shapely

from example_build.mesh import Mesh
from example_build.plane import Floats, rng, rounded, to_degrees
from example_build.territory import Territory

_SMALLEST_STEP_M = 34.0


class BentEdges:
    """The final vertices of every edge that a border or a river uses."""

    def __init__(self, mesh: Mesh, edge_river: list[int], reaches: list[list[int]]) -> None:
        self._mesh = mesh
        nodes = to_degrees(mesh.metres)
        self.nodes = np.where(mesh.on_outline[:, None], mesh.nodes, nodes)
        self._edge_river = edge_river
        self._lines: dict[int, Floats] = {}
        self._idle: set[tuple[float, ...]] = set()
        for path in reaches:
            self._bend_river(path)

    def line(self, edge: int) -> Floats:
        """(k, 2) degrees from the lower to the higher node of an edge."""
        if edge not in self._lines:
            self._lines[edge] = self._bend_border(edge)
        return self._lines[edge]

    def path(self, nodes: list[int]) -> Floats:
        """The vertices along a chain of nodes, in its direction."""
        parts = []
        for a, b in itertools.pairwise(nodes):
            line = self.line(self._mesh.edge(a, b))
            parts.append((line if a < b else line[::-1])[:-1])
        return np.concatenate([*parts, self.nodes[[nodes[-1]]]])

    def area(self, faces: Iterable[int]) -> shapely.MultiPolygon:
        """The polygon of a set of faces, holes and parts included."""
        inside = np.zeros(len(self._mesh.faces) + 1, dtype=bool)  # the last entry is "outside"
        inside[list(faces)] = True
        rim = np.flatnonzero(inside[self._mesh.sides[:, 0]] != inside[self._mesh.sides[:, 1]])
        lines = linestrings([self.line(int(edge)) for edge in rim])
        built = shapely.build_area(shapely.multilinestrings(lines))
        parts = shapely.get_parts(shapely.normalize(built))
        return shapely.MultiPolygon([self._without_idle(part) for part in parts])

    def forget_idle(self, drawn: Iterable[int], corners: Floats) -> None:
        """Leave out nodes of the outline that neither a border nor the published outline needs.

        Args:
            drawn: edges that are borders or rivers.
            corners: (n, 2) vertices of the published outline.
        """
        busy = {n for e in drawn if (self._mesh.sides[e] >= 0).all() for n in self._mesh.edges[e]}
        keep = {tuple(corner) for corner in corners.tolist()}
        keep |= {tuple(self.nodes[node].tolist()) for node in busy}
        rim = self.nodes[self._mesh.on_outline].tolist()
        self._idle = {tuple(node) for node in rim} - keep

    def _without_idle(self, polygon: shapely.Polygon) -> shapely.Polygon:
        rings = []
        for ring in (polygon.exterior, *polygon.interiors):
            corners = [c for c in ring.coords if c not in self._idle]
            rings.append(corners if corners[0] == corners[-1] else [*corners, corners[0]])
        return shapely.Polygon(rings[0], rings[1:])

    def _bend_border(self, edge: int) -> Floats:
        """Midpoint displacement, less in narrow faces; `crossings` holds it to account."""
        a, b = self._mesh.edges[edge]
        ends = self._mesh.metres[[a, b]]
        if (self._mesh.sides[edge] < 0).any():
            return self.nodes[[a, b]]
        draw = rng("edge", *self.nodes[a], *self.nodes[b])
        middle, length = ends.mean(axis=0), float(self._mesh.lengths[edge])
        room = np.hypot(*(self._mesh.centres[self._mesh.sides[edge]] - middle).T).min()
        line, reach = ends, min(0.16, 0.3 * float(room) / length)
        while np.hypot(*(line[1] - line[0])) > _SMALLEST_STEP_M * 2:
            middle = (line[:-1] + line[1:]) / 2
            step = np.diff(line, axis=0)
            across = np.stack([-step[:, 1], step[:, 0]], axis=1)
            middle += across * draw.uniform(-reach, reach, (len(middle), 1))
            line = _woven(line, middle)
            reach *= 0.8
        return self._closed(edge, line)

    def _bend_river(self, path: list[int]) -> None:
        """A Catmull-Rom spline through the nodes of a reach: water has no corners."""
        line = self._mesh.metres[path]
        padded = np.concatenate([[2 * line[0] - line[1]], line, [2 * line[-1] - line[-2]]])
        for index, (a, b) in enumerate(itertools.pairwise(path)):
            p0, p1, p2, p3 = padded[index : index + 4]
            pieces = max(2, round(float(np.hypot(*(p2 - p1))) / 40.0))
            t = np.linspace(0, 1, pieces + 1)[:, None]
            tangent_1, tangent_2 = 0.5 * (p2 - p0), 0.5 * (p3 - p1)
            spline = (
                (2 * t**3 - 3 * t**2 + 1) * p1
                + (t**3 - 2 * t**2 + t) * tangent_1
                + (-2 * t**3 + 3 * t**2) * p2
                + (t**3 - t**2) * tangent_2
            )
            edge = self._mesh.edge(a, b)
            self._lines[edge] = self._closed(edge, spline if a < b else spline[::-1])

    def _closed(self, edge: int, line: Floats) -> Floats:
        """Rounded, and ending exactly in the nodes."""
        degrees = to_degrees(line)
        degrees[[0, -1]] = self.nodes[self._mesh.edges[edge]]
        return rounded(degrees)


def border_edges(mesh: Mesh, land: Territory) -> list[int]:
    """The edges whose two sides differ in any label."""
    return [
        index
        for index, (left, right) in enumerate(mesh.sides.tolist())
        if land.labels(left) != land.labels(right)
    ]


def crossings(lines: list[Floats]) -> list[tuple[int, int]]:
    """Pairs of lines that meet anywhere but in a common end point."""
    shapes = linestrings(lines)
    tree = shapely.STRtree(shapes)
    left, right = tree.query(shapes, predicate="intersects")
    once = left < right
    left, right = left[once], right[once]
    bad = shapely.relate_pattern(shapes[left], shapes[right], "T********")
    bad |= shapely.relate_pattern(shapes[left], shapes[right], "*T*******")
    bad |= shapely.relate_pattern(shapes[left], shapes[right], "***T*****")
    return list(zip(left[bad].tolist(), right[bad].tolist(), strict=True))


def _woven(line: Floats, middle: Floats) -> Floats:
    woven = np.empty((len(line) + len(middle), 2))
    woven[::2], woven[1::2] = line, middle
    return woven


def linestrings(lines: list[Floats]) -> np.ndarray:
    """Many lines of different lengths at once."""
    owners = np.repeat(np.arange(len(lines)), [len(line) for line in lines])
    return np.asarray(shapely.linestrings(np.concatenate(lines), indices=owners))
