"""The sections of a recording, by name: which project is asked what."""

import json
import shutil
from functools import partial
from pathlib import Path
from typing import Final

import projects
from answers import (
    AT,
    ON,
    OUTLET,
    Section,
    alert_steps,
    ask_alerts,
    ask_batch,
    ask_info,
    ask_layers,
    ask_places,
    ask_quality,
    ask_rivers,
    ask_stats,
)
from door import LANGUAGES, Answers, run

LAYERS: Final = (
    "control_zones", "disputes", "enterprises", "grid_units", "intakes", "outlets", "places",
    "reaches", "rivers", "sections", "signboards", "sluices", "stations",
)  # fmt: skip
RIVERS: Final = tuple(f"HL{number:03d}" for number in range(1, 22, 3))
NAMES: Final = (
    "新丰镇", "xfz", "余新", "HL001-05", "平湖塘", "330402", "DM07", "没有这个地方",
    "120°51′ 30°43′", "30.72,120.85", "N30.72 E120.85", "KQ01",
    "91330402EXAM00019H-DW001", "40526000 3400000",
)  # fmt: skip
WATERS: Final = tuple(f"WS{number:02d}" for number in range(1, 8))
_ITEMS: Final = ("nh3n", "codmn", "tp")


def names(answers: Answers) -> None:
    """Places by name, code, initials; the printed sheet."""
    for number, name in enumerate(NAMES):
        answers.both(f"example/names/{number:02d}", "locate", name, *ON)
    for language in LANGUAGES:
        answers.with_file(
            f"example/names/paper.{language}", "v.pdf", "--lang", language,
            "locate", OUTLET, *ON, "--pdf", "v.pdf",
        )  # fmt: skip
    answers.said("example/names/phones", "locate", OUTLET, *ON, "--full-phones")
    answers.said("example/names/datum", "locate", OUTLET, *ON, "--datum", "gcj02", "--json")


def readings(answers: Answers) -> None:
    """Readings written to tables."""
    part = ("--project", projects.example(), "--station", "WS03", "--start", "2026-11-01")
    for form in ("", "--wide", "--revisions"):
        for ending in ("csv", "xlsx"):
            target = f"e.{ending}"
            more = [form] if form else []
            answers.with_file(
                f"example/readings/{form.strip('-') or 'long'}-{ending}", target,
                "readings", "export", *part, "-o", target, *more,
            )  # fmt: skip


def quality_steps(answers: Answers) -> None:
    """Findings stored, one left out, the figures after it, and withdrawn."""
    file = "left-out.gpkg"
    shutil.copyfile(projects.evaluated(), file)
    own = ("--project", file)
    found = run("readings", "check", *own, "--json")
    first = json.loads(found.out)["findings"][0]
    answers.said(
        "example/quality-steps/exclude", "readings", "check", *own,
        "--exclude", first["id"], "--why", "探头维护", "--by", "张三",
    )  # fmt: skip
    answers.said("example/quality-steps/stats", "readings", "stats", *own, "--json")
    answers.said("example/quality-steps/after", "readings", "check", *own, "--json")
    answers.said("example/quality-steps/info", "info", file)


def trace(answers: Answers) -> None:
    """Exceedances traced upstream: words, JSON, table, paper."""
    answers.both("example/trace/text", "trace", "WS03", "nh3n")
    for station in WATERS:
        for item in _ITEMS:
            answers.said(f"example/trace/{station}-{item}", "trace", station, item, "--json")
    answers.said(
        "example/trace/wished", "trace", "WS03", "氨氮", "--km", "5", "--weight", "own=0.5",
        "--limit", "1.2", "--json",
    )  # fmt: skip
    answers.said("example/trace/phones", "trace", "WS03", "nh3n", "--full-phones")
    for language in LANGUAGES:
        for option, target in (("--sheet", "t.xlsx"), ("--sheet", "t.csv"), ("--print", "t.pdf")):
            answers.with_file(
                f"example/trace/{target[2:]}.{language}", target, "--lang", language,
                "trace", "WS03", "nh3n", option, target,
            )  # fmt: skip


def warn(answers: Answers) -> None:
    """Warnings downstream: words, JSON, call list, paper."""
    answers.both("example/warn/text", "warn", OUTLET, *AT)
    answers.said("example/warn/json", "warn", OUTLET, *AT, "--json")
    for number, more in enumerate(
        (
            ("--km", "2"), ("--velocity", "2"), ("--turned", "HL001-03"), ("--full-phones",),
            ("--km", "-1"), ("--velocity", "x"), ("--turned", "XX"),
        )
    ):  # fmt: skip
        answers.said(f"example/warn/option-{number}", "warn", OUTLET, *AT, *more)
    answers.said("example/warn/now", "warn", OUTLET, "--json")
    for place in ("HL001-05", "91330402EXAM00019H-DW001", "120.2,30.2"):
        answers.both(f"example/warn/at-{place}", "warn", place, *AT)
    for number, (lon, lat) in enumerate(projects.outlets(20)):
        answers.said(f"example/warn/place-{number:02d}", "warn", f"{lon},{lat}", *AT, "--json")
    for language in LANGUAGES:
        for option, target in (("--sheet", "w.xlsx"), ("--sheet", "w.csv"), ("--pdf", "w.pdf")):
            answers.with_file(
                f"example/warn/{target[2:]}.{language}", target, "--lang", language,
                "warn", OUTLET, *AT, option, target,
            )  # fmt: skip


def maps(answers: Answers) -> None:
    """The map drawn without a window."""
    for name, more in (
        ("whole", ("--size", "800x600")),
        ("part", ("--size", "800x600", "--extent", "120.78,30.72,120.83,30.76")),
    ):
        run("render", projects.example(), "-o", "m.png", *more)
        answers.file(f"example/maps/{name}", Path("m.png"))
    for language in LANGUAGES:
        answers.with_file(
            f"example/maps/page.{language}", "m.pdf", "--lang", language,
            "render", projects.example(), "-o", "m.pdf", "--page", "A4",
        )  # fmt: skip


def helps(answers: Answers) -> None:
    """The help of the program, of every command and of their parts; the version."""
    answers.both("help/gridmap", "--help")
    answers.said("help/version", "--version")
    for command, parts in {
        "open": (), "locate": (), "assign": (), "info": (), "render": (), "new": (),
        "import": (), "export": (), "alerts": (), "trace": (), "warn": (),
        "river": (
            "show", "list", "signboards", "build", "check", "flip", "join", "split", "sluice",
            "flow",
        ),
        "readings": ("import", "export", "stats", "check"),
    }.items():  # fmt: skip
        answers.both(f"help/{command}", command, "--help")
        for part in parts:
            answers.both(f"help/{command}-{part}", command, part, "--help")


def faults(answers: Answers) -> None:
    """What is said to a command that is wrong."""
    for number, words in enumerate(
        (
            "locate", "locate 120.85,30.72 --on x", "locate 120.85,30.72 --problem fire",
            "locate 120.85,30.72 --radius -1", "locate 120.85,30.72 --pdf a.doc",
            "locate 120.85,30.72 --project none.gpkg", "fly", "assign none.csv -o a.csv",
            "assign none.csv -o a.doc", "export moons -o a.csv", "export grid_units -o a.dwg",
            "import none.gpkg none.csv --layer grid_units", "readings", "river show XX",
            "readings stats --station XX", "readings export -o a.doc", "trace XX nh3n",
            "trace WS03 pm25", "warn 120.8,30.7 --at soon", "alerts show XX", "render -o a.bmp",
            "alerts --evaluate", "info none.gpkg", "new no/such/folder.gpkg --title x",
        )
    ):  # fmt: skip
        answers.both(f"faults/{number:02d}", *words.split())


def imported(answers: Answers, name: str) -> None:
    """What was said while a project was made from files, and what it then holds."""
    file, notes = projects.SHARED[name]()
    for step, text in notes:
        answers.text(f"{name}/made/{step}.txt", text)
    ask_info(answers, name, file)


def of_shared(name: str, verdicts: int, rows: int) -> dict[str, Section]:
    """The sections that all projects of shared data have."""

    def file() -> str:
        return projects.SHARED[name]()[0]

    made = {
        f"{name}-made": partial(imported, name=name),
        f"{name}-verdicts": lambda a: ask_places(a, name, file(), verdicts),
        f"{name}-batch": lambda a: ask_batch(a, name, file(), rows),
        f"{name}-stats": lambda a: ask_stats(a, name, file()),
        f"{name}-quality": lambda a: ask_quality(a, name, file()),
    }
    if not verdicts:
        del made[f"{name}-verdicts"], made[f"{name}-batch"]
    return made


def chaobai_more(answers: Answers) -> None:
    file = projects.chaobai()[0]
    copy = "chaobai-alerts.gpkg"
    shutil.copyfile(file, copy)
    answers.said("chaobai/evaluate/said", "alerts", "--project", copy, "--evaluate")
    ask_alerts(answers, "chaobai", copy)
    ask_layers(answers, "chaobai", file, ("grid_units", "stations"))


def tuanhe_more(answers: Answers) -> None:
    file = projects.tuanhe()[0]
    rivers = ("76344941", "159628509", "76245166", "963832750")
    ask_rivers(answers, "tuanhe", file, tuple(f"osm-way-{number}" for number in rivers))
    ask_layers(answers, "tuanhe", file, ("reaches",))
    copy = "tuanhe-edited.gpkg"
    shutil.copyfile(file, copy)
    for number, words in enumerate(
        (
            ("flip", copy, "湍河-09"), ("flow", copy, "湍河-08", "dominant"),
            ("join", copy, "湍河-09", "没有"), ("join", copy, "刁河-27", "刁河-28"),
            ("sluice", copy, "S1", "closed"), ("split", copy, "湍河-12", "111.84,33.05"),
            ("split", copy, "唐白河-01", "112.33,32.2"), ("check", copy, *ON),
        )
    ):  # fmt: skip
        answers.said(f"tuanhe/edits/{number}", "river", *words)
    answers.said("tuanhe/edits/info", "info", copy)


def _evaluation(answers: Answers) -> None:
    copy = "evaluating.gpkg"
    for language in LANGUAGES:
        shutil.copyfile(projects.example(), copy)
        answers.said(
            f"example/evaluate/said.{language}", "--lang", language,
            "alerts", "--project", copy, "--evaluate",
        )  # fmt: skip
    ask_alerts(answers, "example", projects.evaluated())


SECTIONS: Final[dict[str, Section]] = {
    "help": helps,
    "faults": faults,
    "example-info": lambda a: ask_info(a, "example", projects.example()),
    "example-verdicts": lambda a: ask_places(a, "example", None, 1200),
    "example-names": names,
    "example-batch": lambda a: ask_batch(a, "example", None, 3600),
    "example-stats": lambda a: ask_stats(a, "example", projects.example()),
    "example-readings": readings,
    "example-alerts": _evaluation,
    "example-alert-steps": alert_steps,
    "example-quality": lambda a: ask_quality(a, "example", projects.example()),
    "example-quality-steps": quality_steps,
    "example-rivers": lambda a: ask_rivers(a, "example", projects.evaluated(), RIVERS),
    "example-trace": trace,
    "example-warn": warn,
    "example-export": lambda a: ask_layers(a, "example", projects.example(), LAYERS),
    "example-maps": maps,
    **of_shared("chaobai", 400, 700),
    "chaobai-more": chaobai_more,
    **of_shared("tuanhe", 400, 700),
    "tuanhe-more": tuanhe_more,
    **of_shared("dirty", 0, 0),
}


def quick(answers: Answers) -> None:
    """A little of everything from the example, in a few seconds: what the digests stand for."""
    ask_places(answers, "example", None, 200)
    evaluated = ("alerts", "--project", projects.evaluated())
    answers.said("example/alerts/list", *evaluated, "--all", "--parts")
    answers.said("example/alerts/json", *evaluated, "--all", "--parts", "--json")
    stats = ("readings", "stats", "--station", "WS03")
    answers.both("example/stats/text", *stats)
    answers.said("example/stats/month-json", *stats, "--period", "month", "--json")
    for name, words in {
        "trace": ("trace", "WS03", "nh3n"), "warn": ("warn", OUTLET, *AT),
        "river": ("river", "show", "HL001", *ON), "info": ("info", projects.example()),
        "names": ("locate", "新丰镇", *ON),
    }.items():  # fmt: skip
        answers.both(f"example/{name}/text", *words)
        answers.said(f"example/{name}/json", *words, "--json")
