"""What each project is asked on the command line. A section is a function that writes answers."""

import contextlib
import csv
import json
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import projects
from door import LANGUAGES, Answers, named, run

Section = Callable[[Answers], None]
ON = ("--on", "2026-11-22")
AT = ("--at", "2026-11-14T06:00")
OUTLET = "120.8067,30.7429"
PROBLEMS = ("water", "air", "noise", "waste", "")
_PACK = 50


@contextlib.contextmanager
def kept_open() -> Iterator[None]:
    """Within, a project is opened once and stays open: thousands of questions in little time."""
    kind = named("AnsweringProject")
    opened: dict[str, Any] = {}
    really, leaving = kind.open.__func__, kind.__exit__

    def opening(cls: Any, path: Any, **named_values: Any) -> Any:
        key = f"{path} {sorted(named_values.items())}"
        if key not in opened:
            opened[key] = really(cls, path, **named_values)
        return opened[key]

    kind.open, kind.__exit__ = classmethod(opening), lambda *_: None
    try:
        yield
    finally:
        kind.open, kind.__exit__ = classmethod(really), leaving
        for project in opened.values():
            project.close()


def ask_places(answers: Answers, name: str, file: str | None, count: int) -> None:
    """Verdicts of seeded places, some of a day, some of a problem; every tenth in words too."""
    own = () if file is None else ("--project", file)
    days = ("2026-11-22", "2026-06-01", "2024-01-01")
    pack: list[str] = []
    with kept_open():
        for number, (lon, lat) in enumerate(projects.places(name, count)):
            asked = ["locate", f"{lon},{lat}", *own, "--on", days[number % 7 % 3]]
            if number % 5 == 4:
                asked += ["--radius", str(number % 400)]
            if PROBLEMS[number % 11 % 5] and name == "example":
                asked += ["--problem", PROBLEMS[number % 11 % 5]]
            said = run(*asked, "--json")
            pack.append(f"# {number} {' '.join(asked)} [{said.code}]\n{said.out}{said.err}")
            if number % 10 == 0:
                language = LANGUAGES[number // 10 % 2]
                words = run("--lang", language, *asked)
                pack.append(f"# {number} {language} [{words.code}]\n{words.out}")
            if number % _PACK == _PACK - 1 or number == count - 1:
                answers.text(f"{name}/verdicts/{number // _PACK:03d}.txt", "\n".join(pack))
                pack = []


def batch_rows(name: str, count: int) -> Path:
    """A sheet of seeded rows with who reported, days, problems, and some faults."""
    path = Path(f"{name}-rows.csv")
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream)
        writer.writerow(["工单号", "经度", "纬度", "受理时间", "问题类型", "投诉人", "联系电话"])
        for number, (lon, lat) in enumerate(projects.places(name, count, seed=5)):
            if number % 97 == 0:
                lon, lat = lat, lon  # noqa: PLW2901  swapped, as people do
            elif number % 101 == 0:
                lat = ""  # noqa: PLW2901  forgotten
            day = f"2026-{number % 11 + 1:02d}-{number % 28 + 1:02d}"
            problem = ("水", "大气", "", "噪声")[number % 4]
            writer.writerow(
                [f"G{number:05d}", lon, lat, day, problem, f"某{number}", "10200001234"]
            )
    return path


def ask_batch(answers: Answers, name: str, file: str | None, count: int) -> None:
    """A sheet answered as CSV and XLSX, with its summary, in both languages."""
    rows = batch_rows(name, count)
    own = () if file is None else ("--project", file)
    asked = ("assign", rows, *own, *ON)
    answers.with_file(f"{name}/batch/plain", "out.csv", *asked, "-o", "out.csv")
    answers.with_file(
        f"{name}/batch/book", "out.xlsx", "--lang", "en", *asked, "-o", "out.xlsx",
        "--summary", "summary.xlsx", "--show-personal",
    )  # fmt: skip
    answers.file(f"{name}/batch/summary", Path("summary.xlsx"))


def ask_info(answers: Answers, name: str, file: str) -> None:
    answers.both(f"{name}/info/text", "info", file)
    answers.said(f"{name}/info/json", "info", file, "--json")


def ask_stats(answers: Answers, name: str, file: str, *part: str) -> None:
    """Every form of `readings stats`."""
    asked = ("readings", "stats", "--project", file, *part)
    answers.both(f"{name}/stats/text", *asked)
    answers.said(f"{name}/stats/json", *asked, "--json")
    for period in ("day", "month"):
        answers.said(f"{name}/stats/{period}-json", *asked, "--period", period, "--json")
    answers.both(f"{name}/stats/month", *asked, "--period", "month")


def ask_quality(answers: Answers, name: str, file: str, *part: str) -> None:
    """Findings of quality in words, as JSON and as sheets."""
    asked = ("readings", "check", "--project", file, *part)
    answers.both(f"{name}/quality/text", *asked)
    answers.said(f"{name}/quality/json", *asked, "--all", "--json")
    for ending in ("xlsx", "csv"):
        answers.with_file(f"{name}/quality/{ending}", f"q.{ending}", *asked, "-o", f"q.{ending}")


def ask_layers(answers: Answers, name: str, file: str, layers: tuple[str, ...]) -> None:
    """Layers written to files of each kind."""
    for layer in layers:
        for ending in ("csv", "xlsx", "geojson", "gpkg"):
            target = f"layer.{ending}"
            answers.with_file(
                f"{name}/export/{layer}-{ending}", target,
                "export", layer, "--project", file, "-o", target,
            )  # fmt: skip


def ask_alerts(answers: Answers, name: str, file: str) -> None:
    """Alerts already evaluated: lists, each one, sheets."""
    asked = ("alerts", "--project", file)
    answers.both(f"{name}/alerts/list", *asked)
    answers.both(f"{name}/alerts/list-all", *asked, "--all", "--parts")
    every = answers.said(f"{name}/alerts/json", *asked, "--all", "--parts", "--json")
    for grade in ("red", "3"):
        answers.said(f"{name}/alerts/grade-{grade}", *asked, "--grade", grade)
    answers.said(f"{name}/alerts/since", *asked, "--all", "--since", "2026-11-01")
    for language in LANGUAGES:
        for ending in ("xlsx", "csv"):
            answers.with_file(
                f"{name}/alerts/sheet-{ending}.{language}", f"a.{ending}",
                "--lang", language, *asked, "--all", "-o", f"a.{ending}",
            )  # fmt: skip
    for number, one in enumerate(_alert_ids(every.out)[:8]):
        answers.both(f"{name}/alerts/show-{number}", *asked[:1], "show", one, *asked[1:])
        answers.said(
            f"{name}/alerts/show-{number}-json", "alerts", "show", one, *asked[1:], "--json"
        )
    answers.both(f"{name}/alerts/rules", "alerts", "rules", "list", *asked[1:])
    answers.with_file(
        f"{name}/alerts/rules-file", "r.toml", "alerts", "rules", "export", *asked[1:],
        "-o", "r.toml",
    )  # fmt: skip


def _alert_ids(text: str) -> list[str]:
    return [one["id"] for one in json.loads(text)["alerts"]]


def alert_steps(answers: Answers) -> None:
    """What is done about alerts, on a copy."""
    file = "steps.gpkg"
    shutil.copyfile(projects.evaluated(), file)
    said = run("alerts", "--project", file, "--json").out
    first, second = _alert_ids(said)[:2]
    own, by = ("--project", file), ("--by", "张三")
    for number, step in enumerate(
        (
            ("--acknowledge", first, *by), ("--assign", first, *by),
            ("--close", first, *by), ("--close", first, *by, "--note", "查实：雨水管混接"),
            ("--reopen", first, *by), ("--assign", second, *by, "--to", "李四"),
            ("--evaluate", "--until", "2026-11-20T00:00"), ("--evaluate", "--full"),
        )
    ):  # fmt: skip
        answers.both(f"example/alert-steps/{number}", "alerts", *own, *step)
    answers.both("example/alert-steps/show", "alerts", "show", first, *own)
    answers.said("example/alert-steps/json", "alerts", *own, "--all", "--parts", "--json")
    answers.said("example/alert-steps/info", "info", file)


def ask_rivers(answers: Answers, name: str, file: str, rivers: tuple[str, ...]) -> None:
    """Rivers, their files, sheets and paper; signboards; findings of the network."""
    own = ("--project", file)
    answers.both(f"{name}/rivers/list", "river", "list", *own)
    answers.said(f"{name}/rivers/list-json", "river", "list", *own, "--json")
    for river in rivers:
        answers.said(f"{name}/rivers/{river}-json", "river", "show", river, *ON, *own, "--json")
    for river in rivers[:4]:
        answers.both(f"{name}/rivers/{river}", "river", "show", river, *ON, *own)
    for language in LANGUAGES:
        for ending in ("xlsx", "csv"):
            answers.with_file(
                f"{name}/rivers/sheet-{ending}.{language}", f"r.{ending}", "--lang", language,
                "river", "show", rivers[0], *ON, *own, "--sheet", f"r.{ending}",
            )  # fmt: skip
        answers.with_file(
            f"{name}/rivers/paper.{language}", "r.pdf", "--lang", language,
            "river", "show", rivers[0], *ON, *own, "--pdf", "r.pdf",
        )  # fmt: skip
    answers.both(f"{name}/rivers/boards", "river", "signboards", *ON, *own)
    answers.said(f"{name}/rivers/boards-json", "river", "signboards", *ON, *own, "--json")
    answers.both(f"{name}/rivers/check", "river", "check", file, *ON)
    answers.said(f"{name}/rivers/check-json", "river", "check", file, *ON, "--json")
