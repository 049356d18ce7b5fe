"""Every sentence that a person reads, in Simplified Chinese and in English.

The texts stand in `resources/texts/<language>/<room>.toml`; a key is
`<room>.<path inside the file>`, for instance `verdict.status.certain`. A key that
is not there is an error, not an empty label: `tests/test_texts.py` holds every
key used in the code against both languages.
"""

import locale
import os
import tomllib
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Final

from gridmap import shipped

LANGUAGES: Final = ("zh_CN", "en")

_current = "zh_CN"


class UnknownTextError(KeyError):
    """A key that no text file holds."""


class GridMapError(Exception):
    """Something the user should be told: a text key and the facts that belong in it.

    Every room raises this, or a subclass. `str(error)` is the message in the
    current language; `error.key` and `error.facts` stay language-neutral.
    `exit_code` is what the command line ends with.
    """

    exit_code = 1

    def __init__(self, key: str, **facts: object) -> None:
        self.key = key
        self.facts = facts
        super().__init__(key)

    def __str__(self) -> str:
        return t(self.key, **self.facts)


class Text:
    """A text in no language yet, for the facts of an error: `str` says it in the current one."""

    def __init__(self, key: str, **facts: object) -> None:
        self.key, self.facts = key, facts

    def __str__(self) -> str:
        return t(self.key, **self.facts)


def use_language(language: str) -> None:
    """Make `language` ("zh_CN" or "en") the language of all texts from now on.

    Raises:
        ValueError: for a language that has no text files.
    """
    global _current  # noqa: PLW0603  the one language of the process, like the C locale
    if language not in LANGUAGES:
        raise ValueError(f"no texts for language {language!r}; there are {LANGUAGES}")
    _current = language


def current_language() -> str:
    """The language in use: "zh_CN" or "en"."""
    return _current


def language_of_system() -> str:
    """English when the system asks for it, else Chinese: most users are Chinese offices.

    The C locale of a bare machine asks for nothing.
    """
    names = ("GRIDMAP_LANG", "LC_ALL", "LC_MESSAGES", "LANG")
    asked = next((os.environ[name] for name in names if os.environ.get(name)), None)
    if asked is None:  # Windows and macOS
        asked = locale.getlocale()[0] or ""
    return "en" if asked.lower().startswith("en") else "zh_CN"


def t(key: str, /, **facts: object) -> str:
    """The text of `key` in the current language with `{facts}` filled in.

    Raises:
        UnknownTextError: if the key is in no file.
    """
    try:
        template = _room(_current, key.partition(".")[0])[key]
    except KeyError:
        raise UnknownTextError(key) from None
    return template.format(**facts) if facts else template


def pick(titles: Mapping[str, str]) -> str:
    """One of the titles that a layer or a table gives as `{zh = …, en = …}`."""
    return titles["en" if _current == "en" else "zh"]


def has(key: str) -> bool:
    """Whether a text exists, for keys that are built from data."""
    return key in _room(_current, key.partition(".")[0])


def catalogue(language: str) -> dict[str, str]:
    """All texts of one language, key to template."""
    found: dict[str, str] = {}
    for path in sorted(shipped.resource("texts", language).glob("*.toml")):
        found.update(_room(language, path.stem))
    return found


@cache
def _room(language: str, room: str) -> dict[str, str]:
    """The texts of one file; none where there is no such file."""
    try:
        with shipped.resource("texts", language, f"{room}.toml").open("rb") as stream:
            return dict(_flatten(room, tomllib.load(stream)))
    except FileNotFoundError:
        return {}


def _flatten(prefix: str, table: Mapping[str, object]) -> Iterator[tuple[str, str]]:
    for name, value in table.items():
        key = f"{prefix}.{name}"
        if isinstance(value, Mapping):
            yield from _flatten(key, value)
        else:
            yield key, str(value)
