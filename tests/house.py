"""The plan of the house as rules about imports, read from the source; used by its tests.

Kinds of files inside a capability (`rules`, `work`, `words`, `report`, `picture`, `page`,
`presenter`, `command`, `tables`) are the first name below its folder, be it a file or a folder.
"""

import ast
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from gridmap.manifest import Capability

QT = ("PySide6", "shiboken6", "pyqtgraph")
WIDGETS = ("PySide6.QtWidgets", "PySide6.QtPrintSupport", "pyqtgraph")
MACHINE = (
    "sqlite3", "pathlib", "os", "io", "time", "random", "logging", "argparse", "shutil", "pyogrio",
    "openpyxl", "tempfile", "subprocess",
)  # fmt: skip
CLOCKS = {"now", "today", "utcnow"}
OPENERS = {"open", "print", "input"}
GROUND = ("core", "manifest")
# What each room may see of the rooms beside itself.
ROOMS: Mapping[str, tuple[str, ...]] = {
    "manifest": (),
    "core": (),
    "shipped": (),
    "texts": ("shipped",),
    "stopping": ("texts",),
    "standards": ("core", "shipped", "texts"),
    "store": ("core", "standards", "shipped", "texts", "stopping", "capabilities"),
    "intake": ("core", "standards", "store", "shipped", "texts", "stopping"),
    "map": ("core", "standards", "store", "shipped", "texts", "stopping"),
    "report": ("core", "standards", "store", "shipped", "texts", "stopping"),
    "shell": (
        "core", "standards", "store", "intake", "map", "report", "shipped", "texts", "stopping",
        "manifest", "capabilities",
    ),
    "cli": (
        "core", "standards", "store", "intake", "map", "report", "shell", "shipped", "texts",
        "stopping", "manifest", "capabilities",
    ),
}  # fmt: skip
_BELOW = ("core", "standards", "shipped", "texts", "stopping")
# What each kind of file of a capability may see: rooms; kinds of its own; kinds of others.
KINDS: Mapping[str, tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]] = {
    "rules": (("core", "standards"), (), ("rules",)),
    "tables": (("core", "store"), (), ()),
    "work": ((*_BELOW, "store", "intake", "capabilities"), ("rules", "tables"), ("rules", "work")),
    "words": (
        (*_BELOW, "store", "report"), ("rules", "work"), ("rules", "work", "words"),
    ),
    "report": (
        (*_BELOW, "store", "report"), ("rules", "work", "words"), ("rules", "work", "words"),
    ),
    "picture": (
        (*_BELOW, "store", "map", "report"), ("rules", "work", "words", "report"),
        ("rules", "work", "words"),
    ),
    "page": (
        (*_BELOW, "store", "intake", "map", "report", "shell"),
        ("rules", "work", "words", "report", "picture"), ("rules", "work", "words"),
    ),
    "presenter": (
        (*_BELOW, "store", "intake", "map", "report", "shell", "capabilities"),
        ("rules", "work", "words", "report", "picture", "page", "tables"),
        ("rules", "work", "words"),
    ),
    "command": (
        (*_BELOW, "store", "intake", "map", "report", "cli", "capabilities"),
        ("rules", "work", "words", "report", "picture", "tables"),
        ("rules", "work", "words", "report"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Import:
    """One import: the module, what it names, and whether only when it runs (in a function)."""

    module: str
    named: str
    late: bool


def modules_of(root: Path, package: str) -> dict[str, Path]:
    """Full names of all modules below a folder that is the package `package`."""
    found = {}
    for path in sorted(root.rglob("*.py")):
        parts = path.relative_to(root).with_suffix("").parts
        parts = parts[:-1] if parts[-1] == "__init__" else parts
        found[".".join((package, *parts))] = path
    return found


def imports_of(path: Path) -> Iterator[Import]:
    """Everything a module imports, at its top or later."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    top = set(map(id, ast.iter_child_nodes(tree)))
    for node in ast.walk(tree):
        late = id(node) not in top
        if isinstance(node, ast.Import):
            yield from (Import(name.name, name.name, late) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            module = "." * node.level + (node.module or "")
            yield from (Import(module, f"{module}.{a.name}", late) for a in node.names)


def is_one_of(name: str, packages: tuple[str, ...]) -> bool:
    """Whether a name is one of the packages or lies within one."""
    return any(name == package or name.startswith(f"{package}.") for package in packages)


def faults(module: str, path: Path, known: Mapping[str, Capability]) -> Iterator[str]:
    """What a module imports against the plan, each as one line."""
    parts = module.split(".")
    yield from (
        f"{module}: imports are written in full ({one.named})"
        for one in imports_of(path)
        if one.module.startswith(".")
    )
    if len(parts) < 2:
        return
    if parts[1] != "capabilities":
        yield from _of_room(module, path)
    elif len(parts) == 3:
        yield from _of_manifest(module, path)
    elif len(parts) > 3:
        yield from _of_capability(module, path, known)


def _of_room(module: str, path: Path) -> Iterator[str]:
    room = module.split(".")[1]
    for one in imports_of(path):
        if room not in {"shell", "map", "report"} and is_one_of(one.named, QT) and not one.late:
            yield f"{module}: Qt in a room without Qt ({one.named})"
        if room != "shell" and is_one_of(one.named, WIDGETS):
            yield f"{module}: widgets outside the shell ({one.named})"
        if room == "core" and is_one_of(one.module, MACHINE):
            yield f"{module}: the ground knows no machine ({one.module})"
        if not one.module.startswith("gridmap") or one.module == "gridmap" == one.named:
            continue
        named = one.named.split(".")
        other = named[1] if len(named) > 1 else ""
        if other in {"__version__", room}:
            continue
        if other not in ROOMS.get(room, ()):
            yield f"{module}: {room} may not see {one.named}"
        if other == "capabilities" and one.module != "gridmap.capabilities":
            yield f"{module}: {room} knows capabilities by their manifests only ({one.named})"


def _of_manifest(module: str, path: Path) -> Iterator[str]:
    for one in imports_of(path):
        if one.module != "gridmap.manifest":
            yield f"{module}: a manifest imports only gridmap.manifest ({one.named})"


def _of_capability(module: str, path: Path, known: Mapping[str, Capability]) -> Iterator[str]:
    _, _, name, kind, *_ = module.split(".")
    if kind not in KINDS:
        yield f"{module}: no kind of file is called {kind}"
        return
    rooms, own, others = KINDS[kind]
    for one in imports_of(path):
        with_qt = {"page", "presenter", "picture"} | ({"command", "report"} if one.late else set())
        if kind not in with_qt and is_one_of(one.named, QT):
            yield f"{module}: {kind} knows no Qt ({one.named})"
        if kind not in {"page", "presenter"} and is_one_of(one.named, WIDGETS):
            yield f"{module}: {kind} knows no widgets ({one.named})"
        if kind == "rules" and is_one_of(one.module, MACHINE):
            yield f"{module}: rules know no file and no machine ({one.module})"
        if not one.module.startswith("gridmap"):
            continue
        yield from _seen(module, one, name, (kind, *own), (rooms, others), known)


def _seen(
    module: str,
    one: Import,
    name: str,
    own: tuple[str, ...],
    outside: tuple[tuple[str, ...], tuple[str, ...]],
    known: Mapping[str, Capability],
) -> Iterator[str]:
    rooms, others = outside
    parts = [*one.named.split("."), "", "", ""]
    if parts[1] != "capabilities":
        if parts[1] not in rooms and parts[1] not in GROUND:
            yield f"{module}: may not see {one.named}"
        return
    if one.module == "gridmap.capabilities":
        if parts[1] not in rooms:
            yield f"{module}: may not ask for manifests"
        return
    other, kind = parts[2], parts[3]
    if other == name:
        if kind not in own:
            yield f"{module}: {own[0]} may not see its own {kind} ({one.named})"
    elif other not in known[name].uses:
        yield f"{module}: {name} does not say that it uses {other} ({one.named})"
    elif kind not in others:
        yield f"{module}: only {', '.join(others)} of {other} may be seen ({one.named})"


def asks(path: Path) -> Iterator[str]:
    """Where a module asks a clock or opens something."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if not isinstance(node, ast.Call):
            continue
        asked = node.func
        if isinstance(asked, ast.Attribute) and asked.attr in CLOCKS:
            yield f"{path.name}:{node.lineno} {asked.attr}"
        if isinstance(asked, ast.Name) and asked.id in OPENERS:
            yield f"{path.name}:{node.lineno} {asked.id}"


def manifest_of(folder: Path) -> Capability:
    """The manifest of a capability that lies elsewhere, without importing it as a package."""
    scope: dict[str, object] = {}
    text = (folder / "__init__.py").read_text(encoding="utf-8")
    exec(compile(text, str(folder), "exec"), scope)  # noqa: S102  written by the test itself
    manifest = scope["MANIFEST"]
    assert isinstance(manifest, Capability)
    return manifest
