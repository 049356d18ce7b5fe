"""Which face of the mesh belongs to which village and township.

Units grow from seeds over the mesh; crossing a river costs more than going along its bank,
so that borders follow rivers where a river is near. The deliberate faults are made here:
a gap, an overlap, an exclave, a park across two townships and a disputed strip.
"""

import heapq
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Final

import numpy as np
from scipy.cluster.vq import kmeans2

from example_build.mesh import Mesh
from example_build.packages import Division
from example_build.plane import Floats, Noise, rng, to_metres

# Where the units lie relative to each other (longitude, latitude) and how fast they grow.
TOWN_CENTRES: Final[dict[str, tuple[float, float, float]]] = {
    "330402007": (120.7590, 30.7610, 0.45),  # 建设街道
    "330402008": (120.7790, 30.7740, 0.60),  # 解放街道
    "330402009": (120.7440, 30.7700, 0.60),  # 新嘉街道
    "330402010": (120.7640, 30.7440, 0.50),  # 南湖街道
    "330402011": (120.7410, 30.7480, 0.45),  # 新兴街道
    "330402012": (120.7080, 30.7280, 0.90),  # 城南街道
    "330402013": (120.7960, 30.7520, 0.70),  # 东栅街道
    "330402014": (120.7600, 30.7240, 0.60),  # 长水街道
    "330402015": (120.8290, 30.8020, 0.95),  # 七星街道
    "330402100": (120.8480, 30.6470, 1.10),  # 凤桥镇
    "330402101": (120.7960, 30.6780, 1.00),  # 余新镇
    "330402103": (120.9210, 30.6990, 1.00),  # 新丰镇
    "330402105": (120.8620, 30.7500, 1.15),  # 大桥镇
}
PARK_CENTRE: Final = (120.8200, 30.7290)
PARK_CODE: Final = "330402400"
_RIVER_FACTOR = 3.5
_COMMUNITY_SERIAL = 200  # village codes below are 居委会 (communities), from it on 村委会


@dataclass
class Territory:
    """Labels of the faces.

    Attributes:
        village: village code of each face; "" is the gap.
        extra_village: a second village of the faces of the overlap.
        park: the faces of the park.
        disputed: the faces of the disputed area.
        exclave: the faces of the exclave.
    """

    village: list[str]
    extra_village: dict[int, str] = field(default_factory=dict)
    park: set[int] = field(default_factory=set)
    disputed: set[int] = field(default_factory=set)
    exclave: set[int] = field(default_factory=set)

    def faces_of(self, code: str) -> list[int]:
        """The faces of a village (12 digits) or township (9 digits)."""
        faces = {i for i, own in enumerate(self.village) if own.startswith(code)}
        return sorted(faces | {i for i, own in self.extra_village.items() if own.startswith(code)})

    def labels(self, face: int) -> tuple[str, str, bool, bool]:
        """What has to differ between two faces for their common edge to be drawn."""
        if face < 0:
            return ("outside", "", False, False)
        return (
            self.village[face],
            self.extra_village.get(face, ""),
            face in self.park,
            face in self.disputed,
        )


def settle(
    mesh: Mesh, edge_river: list[int], townships: list[Division], villages: list[Division]
) -> Territory:
    """Give every face to a village, then make the deliberate faults."""
    costs = _costs(mesh, edge_river)
    seeds = [(_nearest(mesh, TOWN_CENTRES[t.code][:2]), TOWN_CENTRES[t.code][2]) for t in townships]
    towns = _grow(mesh, costs, seeds, range(len(mesh.faces)))
    owner = [""] * len(mesh.faces)
    for number, town in enumerate(townships):
        own = [v for v in villages if v.parent_code == town.code]
        faces = [face for face, of in enumerate(towns) if of == number]
        village_seeds = _village_seeds(mesh, town, own, faces)
        for face, index in zip(faces, _grow(mesh, costs, village_seeds, faces), strict=True):
            owner[face] = own[index].code
    land = Territory(owner)
    _make_faults(mesh, edge_river, land)
    return land


def _costs(mesh: Mesh, edge_river: list[int]) -> Floats:
    """What it costs to step over each edge."""
    middles = mesh.metres[mesh.edges].mean(axis=1)
    rough = 1.0 + 0.35 * Noise("growth", 1_400.0)(middles)
    rough += rng("growth", "fine").uniform(-0.25, 0.25, len(rough))
    left, right = mesh.sides.T
    apart = np.hypot(*(mesh.centres[left] - mesh.centres[right]).T)
    river = np.where(np.array(edge_river) >= 0, _RIVER_FACTOR, 1.0)
    return np.asarray(apart * np.clip(rough, 0.3, None) * river)


def _nearest(mesh: Mesh, place: tuple[float, float], among: Iterable[int] | None = None) -> int:
    offset = np.hypot(*(mesh.centres - to_metres(place)).T)
    faces = np.arange(len(mesh.faces)) if among is None else np.array(sorted(among))
    return int(faces[np.argmin(offset[faces])])


def _grow(
    mesh: Mesh, costs: Floats, seeds: list[tuple[int, float]], faces: Iterable[int]
) -> list[int]:
    """For each of `faces` the seed (face, speed) that reaches it first; regions are connected."""
    inside = dict.fromkeys(faces, -1)
    queue = [(0.0, number, face) for number, (face, _) in enumerate(seeds)]
    while queue:
        cost, number, face = heapq.heappop(queue)
        if inside[face] >= 0:
            continue
        inside[face] = number
        for other, edge in mesh.face_neighbours[face]:
            if inside.get(other, 0) < 0:
                heapq.heappush(queue, (cost + costs[edge] / seeds[number][1], number, other))
    return _without_strays(mesh, inside, seeds)


def _without_strays(
    mesh: Mesh, inside: dict[int, int], seeds: list[tuple[int, float]]
) -> list[int]:
    """Corners that the outline cuts off go to a neighbouring seed."""
    stray = [face for face, number in inside.items() if number < 0]
    for face in stray:
        offset = [np.hypot(*(mesh.centres[face] - mesh.centres[s])) for s, _ in seeds]
        inside[face] = int(np.argmin(offset))
    return list(inside.values())


def _village_seeds(
    mesh: Mesh, town: Division, villages: list[Division], faces: list[int]
) -> list[tuple[int, float]]:
    """Communities of a town sit in its centre and stay small; villages share the rest."""
    draw = rng("villages", town.code)
    centre = TOWN_CENTRES[town.code][:2]
    is_town = int(town.code[6:]) >= 100
    small = [is_town and int(v.code[9:]) < _COMMUNITY_SERIAL for v in villages]
    core = sorted(faces, key=lambda f: np.hypot(*(mesh.centres[f] - to_metres(centre))))
    spots: list[tuple[int, float]] = [(0, 0.0)] * len(villages)
    taken: set[int] = set()
    for wanted, pool, speed in ((True, core[: 7 * sum(small)], 0.45), (False, faces, 1.0)):
        members = [i for i, flag in enumerate(small) if flag is wanted]
        if not members:
            continue
        points, weights = mesh.centres[pool], draw.permutation(len(members))
        means, _ = kmeans2(points, len(members), minit="++", iter=30, seed=draw)
        for index, mean in zip(np.array(members)[weights], means, strict=True):
            free = [f for f in pool if f not in taken]
            face = min(free, key=lambda f: float(np.hypot(*(mesh.centres[f] - mean))))
            taken.add(face)
            spots[index] = (face, speed)
    return spots


def _make_faults(mesh: Mesh, edge_river: list[int], land: Territory) -> None:
    """One gap, one overlap, one exclave, the park and the disputed strip."""
    park = to_metres(PARK_CENTRE)
    bent = np.hypot(*(mesh.centres - park).T) + 260 * Noise("park", 2_600.0)(mesh.centres)
    land.park = _connected(mesh, set(np.flatnonzero(bent < 1_250).tolist()), PARK_CENTRE)
    wet = {f for edge, r in enumerate(edge_river) if r >= 0 for f in mesh.sides[edge].tolist()}
    edge_of_land = {f for f in range(len(mesh.faces)) if len(mesh.face_neighbours[f]) < 5}
    plain = set(range(len(mesh.faces))) - land.park - edge_of_land
    gap = _pick(
        mesh, plain - wet, (120.815, 30.668), _between(mesh, land, "330402101", "330402100")
    )
    land.village[gap] = ""
    _overlap(mesh, land, plain, "330402103", "330402105")
    seam = _between(mesh, land, "330402103", "330402100")
    start = _pick(mesh, plain, (120.905, 30.668), seam)
    strip = [f for f in _around(mesh, start, 3) if f in plain and (seam(f) or f == start)]
    land.disputed = set(_around(mesh, start, 1)) | set(strip)
    _exclave(mesh, land, plain - wet)


def _between(mesh: Mesh, land: Territory, own: str, other: str) -> Callable[[int], bool]:
    """Whether a face of `own` touches `other`."""

    def test(face: int) -> bool:
        if not land.village[face].startswith(own):
            return False
        return any(land.village[f].startswith(other) for f, _ in mesh.face_neighbours[face])

    return test


def _pick(
    mesh: Mesh, allowed: set[int], place: tuple[float, float], test: Callable[[int], bool]
) -> int:
    return _nearest(mesh, place, [face for face in allowed if test(face)])


def _connected(mesh: Mesh, faces: set[int], place: tuple[float, float]) -> set[int]:
    """The part of `faces` that hangs together with the face at `place`, its holes filled."""
    found, queue = set(), [_nearest(mesh, place, faces)]
    while queue:
        face = queue.pop()
        if face not in found:
            found.add(face)
            queue += [other for other, _ in mesh.face_neighbours[face] if other in faces]
    holes = {o for f in found for o, _ in mesh.face_neighbours[f]} - found
    return found | {h for h in holes if all(o in found for o, _ in mesh.face_neighbours[h])}


def _around(mesh: Mesh, face: int, steps: int) -> list[int]:
    ring = {face}
    for _ in range(steps):
        ring |= {other for f in ring for other, _ in mesh.face_neighbours[f]}
    return sorted(ring)


def _overlap(mesh: Mesh, land: Territory, plain: set[int], own: str, other: str) -> None:
    """A chain of faces of `own` along its border that `other` claims as well."""
    test = _between(mesh, land, own, other)
    chain = [_pick(mesh, plain, (120.935, 30.738), test)]
    home = land.village[chain[0]]
    for _ in range(5):
        steps = [f for f, _ in mesh.face_neighbours[chain[-1]] if f not in chain and f in plain]
        steps = [f for f in steps if test(f) and land.village[f] == home]
        if not steps:
            break
        chain.append(steps[0])
    claims = [land.village[f] for face in chain for f, _ in mesh.face_neighbours[face]]
    claimant = next(code for code in claims if code.startswith(other))
    land.extra_village = dict.fromkeys(chain, claimant)


def _exclave(mesh: Mesh, land: Territory, plain: set[int]) -> None:
    """A few faces deep inside one village that belong to a village of another township."""

    def alone(face: int) -> bool:
        home = land.village[face]
        near = _around(mesh, face, 3)
        return home.startswith("330402105") and all(land.village[f] == home for f in near)

    start = _pick(mesh, plain, (120.880, 30.765), alone)
    land.exclave = set(_around(mesh, start, 1)[:3]) | {start}
    others = [f for f, code in enumerate(land.village) if code.startswith("330402015")]
    owner = land.village[_nearest(mesh, tuple(mesh.nodes[0]), others)]
    for face in land.exclave:
        land.village[face] = owner
