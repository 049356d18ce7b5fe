"""Layers by role: one place finds them."""

import ast
from pathlib import Path

import gridmap
from gridmap.store.example import open_example
from gridmap.store.roles import editions_of, frame_of, frames_of, layers_of


def test_layers_of_a_role_hold_data_and_come_in_declared_order():
    with open_example(read_only=True) as project:
        found = layers_of(project, "reach", "section", "nobody")
        assert found == [one for one in project.declarations if one in set(found)]
        assert set(found) <= set(project.editions())
        assert {project.declarations[one].role for one in found} == {"reach", "section"}
        assert list(editions_of(project, "reach", "section")) == sorted(found)
        ((layer_id, rows),) = frames_of(project, "reach")
        assert frame_of(project, "reach").equals(project.layer(layer_id))
        assert len(rows) > 0
        nothing = frame_of(project, "nobody")
        assert (len(nothing), nothing.crs.to_epsg()) == (0, 4490)


def test_the_loop_over_declarations_stands_once():
    """Whoever compares the role of each declaration wants `layers_of`."""
    here = Path(gridmap.__file__).parent
    found = []
    for path in sorted(here.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.For | ast.comprehension):
                text = ast.unparse(node)
                if "declarations.items()" in text and ".role" in text:
                    found.append(path.relative_to(here).as_posix())
    # What a change touched is a question about a declaration, not about layers with data.
    assert set(found) <= {"store/roles.py", "store/changes.py"}
