"""Findings and checks in words."""

from collections.abc import Mapping

from gridmap.capabilities.quality.rules.findings import Finding
from gridmap.capabilities.quality.work.figures import FigureTable
from gridmap.core.moments import moment_of
from gridmap.report import titles
from gridmap.report.titles import decimals_of, shown_unit
from gridmap.standards.item_files import items
from gridmap.texts import t

_SHARES = frozenset(
    {"share", "share_down", "alone", "by_chance", "good", "poor", "least_share", "shared"}
)
_NO_PERCENT = frozenset({("saturation", "share")})
_DECIMALS = 3


def check_title(check: str) -> str:
    """The name of a check."""
    return t(f"quality.check.{check}.title")


def severity_title(severity: str) -> str:
    """The name of a severity."""
    return t(f"quality.severity.{severity}")


def item_title(item: str) -> str:
    """The name of an item; "" is all items of a station."""
    return titles.item_title(item) if item else t("quality.sheet.all_items")


def figure_title(figure: str) -> str:
    """The name of a figure of a check."""
    return t(f"quality.figure.{figure}")


def span(finding: Finding) -> str:
    """When: 2026-11-09 16:00, or with its end, which says only what differs."""
    start, end = moment_of(finding.start), moment_of(finding.end)
    if start == end:
        return f"{start:%Y-%m-%d %H:%M}"
    form = "%H:%M" if start.date() == end.date() else "%m-%d %H:%M"
    if start.year != end.year:
        form = "%Y-%m-%d %H:%M"
    return f"{start:%Y-%m-%d %H:%M} – {end:{form}}"


def sentence(finding: Finding) -> str:
    """What was found, in one or a few sentences."""
    facts = {name: _fact(finding, name) for name in finding.facts}
    parts = [t(f"quality.check.{finding.check}.found", readings=f"{finding.readings:,}", **facts)]
    if finding.facts.get("items"):
        parts.append(t("quality.found.whole_station", items=finding.facts["items"]))
    if finding.facts.get("open"):
        parts.append(t("quality.found.open"))
    if _number(finding.facts.get("serviced")) >= 0.5:  # noqa: PLR2004  most of it
        parts.append(t("quality.found.serviced"))
    if finding.facts.get("shared"):
        parts.append(t("quality.found.shared", station=finding.facts["shared"]))
    if finding.facts.get("alone"):
        parts.append(t("quality.check.jump.alone"))
    return _joined(parts)


def explained(check: str, item: str, figures: FigureTable) -> str:
    """How a check works, with the figures that hold for the item."""
    facts = {name: figure_text(check, name, number, item)
             for name, number in figures.of(check, item).items()}  # fmt: skip
    if facts.get("ratio") == "1":
        facts["least"] = facts["least_share"]
    return t(f"quality.check.{check}.explained", **facts)


def figure_text(check: str, figure: str, number: float, item: str = "") -> str:
    """A figure as people read it: shares in percent, limits with the unit of the item."""
    if figure in _SHARES and (check, figure) not in _NO_PERCENT:
        return f"{number * 100:.6g} %"
    if figure in {"least", "limit", "lowest", "highest"} and item:
        return _with_unit(f"{number:.10g}", item)
    return f"{number:.10g}"


def _fact(finding: Finding, name: str) -> str:
    fact = finding.facts[name]
    if not isinstance(fact, int | float):
        return str(fact)
    if name in {"value", "level", "beyond", "other_value", "lowest", "highest"}:
        return _value(fact, finding.item)
    if name == "by":
        if finding.facts.get("ratio"):
            return f"{fact * 100:+.0f} %"
        return _value(fact, finding.item, sign="+")
    if name == "share":
        return f"{fact * 100:.0f} %"
    return f"{fact:.10g}" if isinstance(fact, int) else f"{round(fact, 1):.10g}"


def _value(number: float, item: str, sign: str = "") -> str:
    decimals = decimals_of(item, _DECIMALS)
    return _with_unit(f"{number:{sign},.{decimals}f}", item)


def _with_unit(text: str, item: str) -> str:
    unit = shown_unit(items()[item].unit) if item in items() else ""
    return f"{text} {unit}" if unit else text


def _number(fact: object) -> float:
    return float(fact) if isinstance(fact, int | float) else 0.0


def _joined(parts: list[str]) -> str:
    """Sentences in a row; Chinese ones follow each other without a space."""
    whole = parts[0]
    for part in parts[1:]:
        whole += f" {part}" if whole[-1].isascii() else part
    return whole


def named_station(stations: Mapping[str, str], code: str) -> str:
    """A station as people read it: its name with its code, or the code alone."""
    name = stations.get(code, code)
    return code if name == code else f"{name} {code}"
