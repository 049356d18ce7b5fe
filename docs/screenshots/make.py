"""Makes the pictures of the window that the README shows.

    uv run docs/screenshots/make.py [folder]

Drawn offscreen, with the shipped font, on the example's own day and with settings of its
own, so that the pictures are the same on every machine.
"""

import os
import sys
import tempfile
from datetime import date, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

os.environ["QT_QPA_PLATFORM"] = "offscreen"

import pandas as pd
from PySide6.QtCore import QSettings

from gridmap.capabilities.alerts.work.records import alerts
from gridmap.capabilities.locate.work.answering import responsibility_of
from gridmap.core.datum import Datum, from_wgs84
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, translate_qt, wait_until
from gridmap.store.example import own_example
from gridmap.texts import LANGUAGES, use_language

SIZE = (1600, 900)
DAY = date(2026, 11, 22)
PLACE = (120.8689, 30.6730)  # in a border river between two townships
STATION = "WS04"
SPILL = (120.8067, 30.7429)  # the outlet of that event
SPILL_TIME = datetime(2026, 11, 14, 6, tzinfo=ZoneInfo("Asia/Shanghai"))
HOURS_BEFORE_THE_END = 7 * 24  # within the ammonia event of the example


def start(language: str, example: Path, settings: Path, size: tuple[int, int] = SIZE) -> Controller:
    """The window on the example in one language, settled."""
    use_language(language)
    app = application()
    app.setCursorFlashTime(0)  # a blinking cursor would make every picture another one
    translate_qt(app)
    preferences = Preferences(QSettings(str(settings), QSettings.Format.IniFormat))
    controller = Controller(preferences, lambda: DAY, lambda: None, remember=False)
    controller.window.resize(*size)
    controller.show()
    controller.open(example)
    settle(controller)
    return controller


def settle(controller: Controller) -> None:
    """Let the window finish what it does."""
    wait_until(lambda: controller.settled)


def grab(controller: Controller, target: Path) -> None:
    """One picture of the window as it is."""
    settle(controller)
    if not controller.window.grab().save(str(target)):
        sys.exit(f"cannot write {target}")
    print(target)


def show_verdict(controller: Controller) -> None:
    """A verdict in a border river, a station's series."""
    controller.session.show_station(STATION)
    controller.ask(*PLACE)


def show_doctor(controller: Controller, folder: Path) -> None:
    """A list of firms as offices deliver them: GBK, in GCJ-02, with slips."""
    path = folder / "企业名录_2026.csv"
    directory(controller).to_csv(path, index=False, encoding="gb18030")
    controller.window.files_dropped.emit([path])


def directory(controller: Controller) -> pd.DataFrame:
    """The example's firms with the faults that such lists have."""
    project = controller.session.project
    if project is None:
        sys.exit("the example did not open")
    firms, rule = project.layer("enterprises"), responsibility_of(project)
    owners = rule.grid.owners
    towns = [owners.units[owners.owner(p.x, p.y) or 0].name for p in firms.geometry]
    lon, lat = from_wgs84(firms.geometry.x, firms.geometry.y, Datum.GCJ02)
    sheet = pd.DataFrame(
        {
            "企业名称": firms["name"], "统一社会信用代码": firms["code"],
            "许可证": firms["permit"], "污染物": firms["items"], "乡镇": towns,
            "经度": [f"{x:.6f}" for x in lon], "纬度": [f"{y:.6f}" for y in lat],
        },
        dtype=object,
    )  # fmt: skip
    sheet.loc[sheet.index[2], "统一社会信用代码"] = "9.13E+17"
    swapped = sheet.loc[sheet.index[35], ["纬度", "经度"]].to_list()
    sheet.loc[sheet.index[35], ["经度", "纬度"]] = swapped
    sheet.loc[sheet.index[10], ["经度", "纬度"]] = ["120度45分30秒", "30度44分10秒"]
    sheet.loc[sheet.index[75], ["经度", "纬度"]] = ["0", "0"]
    return sheet


def show_batch(controller: Controller, folder: Path) -> None:
    """A sheet of complaints with coordinates and places in words."""
    rows = [
        ("向阳桥东 200 米", "", ""), ("", "120.8123", "30.7042"), ("", "30.6911", "120.8220"),
        ("新丰镇与凤桥镇交界", "", ""), ("余新镇南面小河浜", "", ""), ("", "120.8121", "30.6547"),
        ("", "120°51′02″", "30°43′11″"), ("老王家后面的厂子", "", ""), ("", "120.9325", "30.7425"),
        ("大桥镇政府附近", "", ""), ("", "120.8221", "30.7305"), ("", "120.8689", "30.6730"),
        ("", "0", "0"), ("", "121.20", "30.70"), ("新丰镇中心小学北侧", "", ""),
    ]  # fmt: skip
    sheet = pd.DataFrame(rows, columns=["地点", "经度", "纬度"])
    sheet.insert(0, "工单号", [f"12345-{817 + i:04d}" for i in range(len(sheet))])
    path = folder / "投诉工单_11月.csv"
    sheet.to_csv(path, index=False, encoding="utf-8-sig")
    controller.window.named_actions["batch"].setChecked(True)
    controller.window.pages["batch"].dropped.emit(path)


def show_stations(controller: Controller) -> None:
    """The replay at the ammonia event, its station's series below."""
    actions = controller.window.named_actions
    actions["layers"].setChecked(False)
    actions["replay"].setChecked(True)
    settle(controller)
    strip = controller.window.under_map["replay"].strip
    strip.chosen.emit(strip.count - 1 - HOURS_BEFORE_THE_END)
    controller.session.show_station("WS03")


def show_page(controller: Controller, name: str) -> None:
    """One page of the window, and nothing else beside the map and the dock."""
    actions = controller.window.named_actions
    actions["replay"].setChecked(False)
    actions[name].setChecked(True)
    settle(controller)


def show_alerts(controller: Controller) -> None:
    """The alerts of the example, the gravest chosen."""
    show_page(controller, "alerts")
    page, project = controller.window.pages["alerts"], controller.session.project
    page.evaluate_wanted.emit(False)
    settle(controller)
    if project is None:
        sys.exit("the example did not open")
    gravest = alerts(project, live=True)[0].alert_id
    page.select(gravest)
    page.alert_chosen.emit(gravest)


def show_quality(controller: Controller) -> None:
    """The checks of the example."""
    show_page(controller, "quality")
    controller.window.pages["quality"].run_wanted.emit()


def show_trace(controller: Controller) -> None:
    """The event of the example traced upstream, from its alert as a user would."""
    show_alerts(controller)
    settle(controller)
    controller.window.pages["alerts"].trace_wanted.emit()
    settle(controller)


def show_warning(controller: Controller) -> None:
    """What the spill reaches downstream."""
    controller.session.show_moment(None)
    show_page(controller, "warn")
    controller.warn_from(*SPILL, SPILL_TIME)


def show_siting(controller: Controller) -> None:
    """Three proposed sections with their reasons."""
    show_page(controller, "siting")
    page = controller.window.pages["siting"]
    page.solve.click()
    wait_until(lambda: controller.settled and page.export_button.isEnabled())


def main() -> None:
    """Make all pictures into the folder named, by default beside this script."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).resolve().parent
    with tempfile.TemporaryDirectory() as scratch:
        example = own_example(Path(scratch))
        for language in LANGUAGES:
            controller = start(language, example, Path(scratch) / f"{language}.ini")
            show_verdict(controller)
            grab(controller, folder / f"window-{language}.png")
            show_doctor(controller, Path(scratch))
            grab(controller, folder / f"doctor-{language}.png")
            show_batch(controller, Path(scratch))
            grab(controller, folder / f"batch-{language}.png")
            controller.window.named_actions["batch"].setChecked(False)
            show_stations(controller)
            grab(controller, folder / f"stations-{language}.png")
            show_alerts(controller)
            grab(controller, folder / f"alerts-{language}.png")
            show_quality(controller)
            grab(controller, folder / f"quality-{language}.png")
            show_page(controller, "attainment")
            grab(controller, folder / f"attainment-{language}.png")
            show_trace(controller)
            grab(controller, folder / f"trace-{language}.png")
            show_warning(controller)
            grab(controller, folder / f"warning-{language}.png")
            show_siting(controller)
            grab(controller, folder / f"siting-{language}.png")
            show_page(controller, "river")
            grab(controller, folder / f"river-{language}.png")
            controller.window.close()
            controller.close()


if __name__ == "__main__":
    main()
