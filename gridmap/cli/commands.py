"""The table of commands: a new command is a module and one line here.

Nothing of a command is loaded before it is asked for: neither the version nor the help of the
whole program need any of them.
"""

import argparse
import gc
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from importlib import import_module
from typing import Any, Final, Protocol, cast


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
    """

    name: str
    module: str
    title: str = ""

    @property
    def title_key(self) -> str:
        """The key of what the command does."""
        return self.title or f"cli.help.{self.name}"

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


COMMANDS: Final = (
    Command("open", "gridmap.cli.window"),
    Command("locate", "gridmap.capabilities.locate.command"),
    Command("assign", "gridmap.capabilities.batch.command"),
    Command("info", "gridmap.cli.info"),
    Command("render", "gridmap.cli.render"),
    Command("new", "gridmap.cli.new"),
    Command("import", "gridmap.capabilities.doctor.command"),
    Command("export", "gridmap.cli.exporting"),
    Command("alerts", "gridmap.capabilities.alerts.command"),
    Command("trace", "gridmap.capabilities.tracing.command"),
    Command("warn", "gridmap.capabilities.warning.command"),
    Command("river", "gridmap.capabilities.rivers.command"),
    Command("readings", "gridmap.capabilities.readings.command"),
)
