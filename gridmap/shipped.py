"""Where the files that travel with the program lie: layers, resources, the example.

From a checkout they stand at the top level; inside a wheel they stand in
`gridmap/_shipped`. Nothing else in the program builds such a path by hand.
"""

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def root() -> Path:
    """The folder that holds `layers/`, `resources/` and `data/`."""
    inside_wheel = _PACKAGE / "_shipped"
    return inside_wheel if inside_wheel.is_dir() else _PACKAGE.parent


def layers_dir() -> Path:
    """The folder of the layer declarations."""
    return root() / "layers"


def resource(*parts: str) -> Path:
    """A file or folder below `resources/`."""
    return root().joinpath("resources", *parts)


def example_dir() -> Path:
    """The folder of the example project."""
    return root() / "data" / "example"
