"""Which encoding a text is in: said by its makers, or scored on the actual bytes.

Chinese files come as UTF-8, UTF-16 with a mark, GB18030 (which holds GBK and GB2312) or, from
over the strait, Big5. GB18030 and Big5 overlap almost wholly as byte ranges, but not as
writing: common characters stand in the first plane of each set (lead bytes B0–D7 and A4–C6),
so the share of pairs in that plane tells them apart.
"""

import codecs
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

Evidence = Literal["bom", "ascii", "cpg", "ldid", "score", "stated"]

# Language driver ids of dBase that name an encoding; 0x00, 0x03, 0x57 are written unthinkingly.
LANGUAGE_DRIVERS: Final = {0x4D: "gb18030", 0x7A: "gb18030", 0x4F: "big5", 0x78: "big5"}
_MARKS: Final = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_GB_COMMON, _BIG5_COMMON = (0xB0, 0xD7), (0xA4, 0xC6)
_CHINESE: Final = re.compile("[\u4e00-\u9fff]")
_SCORED_BYTES: Final = 400_000
CHOICES: Final = ("utf-8", "gb18030", "big5", "utf-16")


@dataclass(frozen=True)
class EncodingGuess:
    """An encoding, how sure (0–1), and by what."""

    encoding: str
    confidence: float
    evidence: Evidence


def ranked(raw: bytes) -> tuple[EncodingGuess, ...]:
    """The encodings in which the bytes can be read, likeliest first; empty if there is none."""
    for mark, name in _MARKS:
        if raw.startswith(mark):
            return (EncodingGuess(name, 1.0, "bom"),) if decodes(raw, name) else ()
    if raw.isascii():
        return (EncodingGuess("utf-8", 1.0, "ascii"),)
    guesses = []
    if decodes(raw, "utf-8"):
        # A text of other encoding is hardly ever valid UTF-8, unless it is very short.
        several = len(raw) - len(raw.decode("utf-8")) > 6  # noqa: PLR2004  bytes beyond the first
        guesses.append(EncodingGuess("utf-8", 0.99 if several else 0.9, "score"))
    ceiling = 0.3 if guesses else 0.98
    for name in ("gb18030", "big5"):
        if decodes(raw, name):
            share = _common_share(raw, _GB_COMMON if name == "gb18030" else _BIG5_COMMON)
            guesses.append(EncodingGuess(name, round(ceiling * share, 2), "score"))
    return tuple(sorted(guesses, key=lambda guess: -guess.confidence))


def decodes(raw: bytes, encoding: str) -> bool:
    """Whether the bytes are text in an encoding."""
    try:
        raw.decode(encoding)
    except (UnicodeError, LookupError):
        return False
    return True


def mixed(raw: bytes) -> tuple[str, list[int]] | None:
    """Bytes whose lines are in several encodings, as text, each line read as it is written.

    Sheets are put together from others by joining files. A line counts as UTF-8 only with a
    Chinese character in it: hardly any other text is one by chance.

    Returns:
        The text, and the numbers (from 1) of the lines in GB18030; None for a file in one
        encoding.
    """
    if raw.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)) or decodes(raw, "utf-8"):
        return None
    lines = raw.removeprefix(codecs.BOM_UTF8).split(b"\n")
    texts: list[str] = []
    others: list[int] = []
    chinese = False
    for number, line in enumerate(lines, start=1):
        try:
            text = line.decode("utf-8")
            chinese = chinese or (not line.isascii() and _CHINESE.search(text) is not None)
        except UnicodeDecodeError:
            if not decodes(line, "gb18030"):
                return None
            text = line.decode("gb18030")
            others.append(number)
        texts.append(text)
    return ("\n".join(texts), others) if chinese else None


def known(name: str) -> str | None:
    """The usual name of an encoding that a person or a .cpg file writes, or None."""
    plain = re.sub(r"[\s_-]", "", name.strip().casefold())
    if plain in {"gbk", "gb2312", "936", "cp936", "ansi936", "gb18030", "54936"}:
        return "gb18030"
    if plain in {"65001", "utf8"}:
        return "utf-8"
    if plain in {"950", "cp950", "big5"}:
        return "big5"
    try:
        return codecs.lookup(name.strip()).name
    except LookupError:
        return None


def of_cpg(path: Path) -> str | None:
    """The encoding that the .cpg beside a file names; None where there is none."""
    found = [path.with_suffix(suffix) for suffix in (".cpg", ".CPG")]
    text = next((p.read_bytes()[:40] for p in found if p.is_file()), b"")
    return known(text.decode("ascii", "replace")) if text.strip() else None


def _common_share(raw: bytes, common: tuple[int, int]) -> float:
    """The share of two-byte characters whose lead byte is in the plane of common ones."""
    data = np.frombuffer(raw[:_SCORED_BYTES], dtype=np.uint8)
    leads = _leads(data)
    if not leads.size:
        return 0.0
    return float(((leads >= common[0]) & (leads <= common[1])).mean())


def _leads(data: npt.NDArray[np.uint8]) -> npt.NDArray[np.uint8]:
    """The first bytes of the two-byte characters: within a run of pairs, every second byte."""
    high = np.flatnonzero(data >= 0x81)  # noqa: PLR2004  the first lead byte of GBK and Big5
    leads, i, positions = [], 0, high.tolist()
    end = -1
    for i in positions:
        if i > end:
            leads.append(i)
            end = i + 1
    return data[leads]
