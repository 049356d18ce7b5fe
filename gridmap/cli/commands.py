"""The table of commands: the program's own, and those that the manifests name.

Nothing of a command is loaded before it is asked for: neither the version nor the help of the
whole program need any of them.
"""

import argparse
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from typing import Any, Final, Protocol, cast

from gridmap.capabilities import capabilities
from gridmap.manifest import Title
from gridmap.texts import pick, t


class CommandModule(Protocol):
    """What a command offers: a module, or an object inside one."""

    @property
    def add(self) -> Callable[[argparse.ArgumentParser], None]:
        """Declares the command's arguments."""
        ...

    @property
    def run(self) -> Callable[[argparse.Namespace], int]:
        """Does it and returns the exit code."""
        ...


@dataclass(frozen=True)
class Command:
    """A command that is known by name only.

    Attributes:
        name: as it is typed.
        module: dotted name of a module with `add` and `run`, or "module:NAME" for an object in it.
        title: key of the text that says what the command does; "" = `cli.help.<name>`.
        about: what it does, in place of a key.
    """

    name: str
    module: str
    title: str = ""
    about: Title | None = None

    @property
    def does(self) -> str:
        """What the command does, in the current language."""
        if self.about is not None:
            return pick(self.about.as_dict())
        return t(self.title or f"cli.help.{self.name}")

    def load(self) -> CommandModule:
        """Import what does it."""
        module, _, inner = self.module.partition(":")
        with without_collector():
            loaded: Any = import_module(module)
        return cast("CommandModule", getattr(loaded, inner) if inner else loaded)


@contextmanager
def without_collector() -> Iterator[None]:
    """Load modules in three quarters of the time: what they define is never garbage.

    The collector would go through the growing heap again and again; afterwards, too, it looks
    only at what came later.
    """
    on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        if on:
            gc.enable()


_OWN: Final = (
    (10, Command("open", "gridmap.cli.window")),
    (40, Command("info", "gridmap.cli.info")),
    (50, Command("render", "gridmap.cli.render")),
    (60, Command("new", "gridmap.cli.new")),
    (80, Command("export", "gridmap.cli.exporting")),
)


@cache
def commands() -> tuple[Command, ...]:
    """The commands of the program and of its capabilities, in the order of the help."""
    found = list(_OWN)
    for one in capabilities():
        for command in one.commands:
            module = f"gridmap.capabilities.{one.name}.{command.module}"
            found.append((command.order, Command(command.name, module, about=command.about)))
    return tuple(command for _, command in sorted(found, key=lambda row: row[0]))
