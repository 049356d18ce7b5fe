"""What a change touched, what an answer reads, and answers kept until something they read changes.

A change names the tables that it wrote to. What is worked out of a project says which tables it
reads; it is kept by `Derived` until one of these is touched, and by nobody else.
"""

import threading
from collections import OrderedDict, defaultdict
from collections.abc import Callable, Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, TypeVar

from gridmap.core.declaration import LayerDeclaration

EVERY: Final = "*"
"""In a set of tables: all of them, because somebody else changed the file."""

_SETTING: Final = "settings:"
_KEPT: Final = 48  # answers of one maker

_T = TypeVar("_T")


@dataclass(frozen=True)
class Changed:
    """A change that is on the disk.

    Attributes:
        revision: of the change; that of an undo is its own.
        tables: what was written to: ids of layers, `people`, `posts`, `series`, `alerts`, …;
            `settings:<name>` for each setting; `EVERY` if another program wrote the file.
            `log` always is among them.
        action: what the log calls it, "undo" for an undo.
    """

    revision: int
    tables: frozenset[str]
    action: str = ""


@dataclass(frozen=True)
class Reads:
    """What an answer is made of; `|` puts two together.

    Attributes:
        tables: names of tables.
        roles: roles of layers, in place of their ids; `EVERY` is every layer.
        prefixes: beginnings of the names of settings.
    """

    tables: frozenset[str] = frozenset()
    roles: frozenset[str] = frozenset()
    prefixes: frozenset[str] = frozenset()

    def __or__(self, other: "Reads") -> "Reads":
        return Reads(
            self.tables | other.tables, self.roles | other.roles, self.prefixes | other.prefixes
        )

    def resolved(self, declarations: Mapping[str, LayerDeclaration]) -> "Reads":
        """The same with the ids of the layers in place of their roles."""
        layers = {
            layer_id
            for layer_id, one in declarations.items()
            if one.role in self.roles or EVERY in self.roles
        }
        return Reads(self.tables | layers, frozenset(), self.prefixes)

    def covers(self, table: str) -> bool:
        """Whether a table (as `Changed` names it) is among them; roles must be resolved."""
        if table == EVERY or EVERY in self.tables or table in self.tables:
            return True
        if not table.startswith(_SETTING):
            return False
        name = table.removeprefix(_SETTING)
        # A table may be set whole, under its own name or that of a table around it.
        return any(name.startswith(one) or one.startswith(f"{name}.") for one in self.prefixes)


def tables(*names: str) -> Reads:
    """Reads tables by name."""
    return Reads(tables=frozenset(names))


def roles(*names: str) -> Reads:
    """Reads all layers of these roles, with their editions; `EVERY` is every layer."""
    return Reads(roles=frozenset(names))


def settings(*prefixes: str) -> Reads:
    """Reads the settings whose names begin so."""
    return Reads(prefixes=frozenset(prefixes))


EVERYTHING: Final = tables(EVERY)
ROSTERS: Final = tables("people", "posts", "departments")
READINGS: Final = tables("series", "series_tail", "series_blocks")
JUDGED: Final = READINGS | tables("series_exclusions", "series_notes") | settings("usable_flags")
"""Readings, and what decides which of them count."""

ALERTS: Final = tables("alerts", "alert_steps", "alert_states")


def touched(scopes: Iterable[tuple[str, Mapping[str, Any]]]) -> frozenset[str]:
    """The names of what was written to, out of pairs of table and scope."""
    found = {"log"}
    for table, scope in scopes:
        found.add(table)
        if table == "settings":
            name = scope.get("name")
            found.add(f"{_SETTING}{name}" if isinstance(name, str) else EVERY)
    return frozenset(found)


@dataclass
class _Answer:
    """An answer with the state it was made of; `reads` are resolved."""

    building: Any = field(default_factory=threading.RLock)
    value: Any = None
    revision: int = -1
    reads: Reads = field(default_factory=Reads)


class Derived:
    """Keeps answers of one open project. Any thread; one builds an answer, others wait for it.

    An answer that asks for another reads what that one reads, too.
    """

    def __init__(self, revision: Callable[[], int]) -> None:
        """`revision` reads the present revision from the file."""
        self._revision = revision
        self._lock = threading.Lock()
        self._answers: dict[Any, OrderedDict[Hashable, _Answer]] = defaultdict(OrderedDict)
        self._last: dict[str, int] = {}
        self._known = -1
        self._closed = False
        self._under_way = threading.local()

    def get(
        self, maker: Callable[..., _T], key: Hashable, reads: Reads, make: Callable[[], _T]
    ) -> _T:
        """The answer of `maker` for `key`: the kept one, else that of `make`, then kept.

        Args:
            maker: whose answer; a function of a module, since it is known by its identity.
            key: what else the answer depends on.
            reads: resolved.
            make: makes it; what it raises is raised here, and nothing is kept.
        """
        answer = self._answer(maker, key)
        with answer.building:
            revision = self.look()
            if not self._holds(answer):
                outer = getattr(self._under_way, "reads", None)
                self._under_way.reads = reads
                try:
                    value = make()
                    seen = self._under_way.reads
                finally:
                    self._under_way.reads = outer
                answer.value, answer.reads = value, seen
                answer.revision = -1 if self._closed else revision
            outer = getattr(self._under_way, "reads", None)
            if outer is not None:
                self._under_way.reads = outer | answer.reads
            found: _T = answer.value
            if self._closed:
                answer.value = None
            return found

    def look(self) -> int:
        """The present revision; if somebody else changed the file, nothing kept holds."""
        revision = self._revision()
        with self._lock:
            if revision > self._known >= 0:
                self._last[EVERY] = revision
            self._known = max(self._known, revision)
        return revision

    def outside(self) -> int:
        """The revision of what somebody else last wrote into the file; 0 if nobody did."""
        self.look()
        with self._lock:
            return self._last.get(EVERY, 0)

    def expect(self, revision: int, names: Collection[str]) -> Callable[[], None]:
        """A change is about to be on the disk; the answer takes that back if it fails."""
        with self._lock:
            before, known = dict(self._last), self._known
            self._last.update(dict.fromkeys(names, revision))
            self._known = max(self._known, revision)

        def withdraw() -> None:
            with self._lock:
                self._last, self._known = before, known

        return withdraw

    def touched_since(self, revision: int, reads: Reads) -> bool:
        """Whether anything that `reads` covers (resolved) was written to after a revision."""
        self.look()
        with self._lock:
            return any(at > revision and reads.covers(name) for name, at in self._last.items())

    def close(self) -> None:
        """Forget everything; what is made from now on is not kept."""
        with self._lock:
            self._closed = True
            self._answers.clear()

    def _answer(self, maker: Any, key: Hashable) -> _Answer:
        with self._lock:
            kept = self._answers[maker]
            answer = kept.setdefault(key, _Answer())
            kept.move_to_end(key)
            while len(kept) > _KEPT:
                kept.popitem(last=False)
            return answer

    def _holds(self, answer: _Answer) -> bool:
        if answer.revision < 0:
            return False
        with self._lock:
            last = list(self._last.items())
        return not any(at > answer.revision and answer.reads.covers(name) for name, at in last)
