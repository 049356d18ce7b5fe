"""What makes a whole file impossible to import; single rows become findings instead.

What a library says of a file it cannot open is in its own English and for programmers: it is
kept as the cause of the error, and a person is told in his language what is likely wrong.
"""

import zlib
from pathlib import Path
from typing import Final

from gridmap.texts import GridMapError, Text

# Words of libraries, in lower case, and what they mean for a person (`intake.reason.*`).
_WORDS: Final = (
    ("password", ("password", "encrypt")),
    ("shx", (".shx", "restore_shx")),
    ("not_workbook", ("invalid ole", "not an office document", "not ole")),
    ("not_database", ("not a database", "unsupported file format")),
    ("damaged", (
        "eocd", "eof", "end of file", "end-of-stream", "truncat", "unexpected end", "premature",
        "corrupt", "malformed", "not a zip file", "crc", "incorrect header", "invalid block",
        "failed to fill whole buffer", "not gzipped", "bad magic", "no element found",
        "not well-formed", "unclosed", "compression method",
    )),
    ("json", ("expecting", "extra data", "delimiter", "json")),
    ("locked", ("being used by another process", "locked", "busy")),
    ("space", ("no space left", "disk full")),
)  # fmt: skip


class IntakeError(GridMapError):
    """A file cannot be read or does not have what its layer needs; facts name the file."""


def unreadable(file: Path, error: BaseException) -> IntakeError:
    """The error that a file cannot be read, with the likely reason in words.

    Args:
        file: the path to tell.
        error: of the library that gave up; give it as the cause of what is raised.
    """
    return IntakeError("intake.error.unreadable", file=file, reason=Text(_reason(error)))


def _reason(error: BaseException) -> str:
    if isinstance(error, PermissionError):
        return "intake.reason.permission"
    if isinstance(error, UnicodeError):
        return "intake.reason.characters"
    if isinstance(error, MemoryError):
        return "intake.reason.memory"
    if isinstance(error, (EOFError, zlib.error)):
        return "intake.reason.damaged"
    said = str(error).casefold()
    found = next((key for key, words in _WORDS if any(word in said for word in words)), "other")
    return f"intake.reason.{found}"
