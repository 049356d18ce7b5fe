"""The doctor's page and the batch page: drop a file, decide, load; drop a sheet, get owners."""

import pytest

pytest.importorskip("PySide6")  # windows and pictures

import importlib.util
import sys
from datetime import date
from pathlib import Path

import geopandas as gpd
import pandas as pd
from PySide6.QtCore import QSettings, Qt
from PySide6.QtWidgets import QMessageBox

from gridmap.capabilities.batch.presenter.batch import BatchPresenter
from gridmap.capabilities.doctor.presenter import DoctorPresenter
from gridmap.core.datum import Datum, from_wgs84
from gridmap.shell.controller import Controller
from gridmap.shell.preferences import Preferences
from gridmap.shell.start import application, wait_until
from gridmap.store.example import shipped_example
from gridmap.texts import use_language

DAY = date(2026, 11, 22)


@pytest.fixture
def window(tmp_path, monkeypatch):
    """A window on a copy of the example that may be written to."""
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    application()
    use_language("zh_CN")
    path = tmp_path / "mine.gpkg"
    path.write_bytes(shipped_example().read_bytes())
    settings = QSettings(str(tmp_path / "prefs.ini"), QSettings.Format.IniFormat)
    controller = Controller(Preferences(settings), lambda: DAY, lambda: None)
    controller.window.resize(1500, 900)
    controller.show()
    controller.open(path)
    settle(controller)
    yield controller
    controller.window.close()
    controller.close()


def settle(controller):
    wait_until(lambda: controller.settled)


@pytest.fixture
def directory(window, tmp_path):
    """Firms as an office delivers them: GBK, no CRS, in GCJ-02, with a few slips."""
    firms = window._opened.frames["enterprises"].head(40)
    units = window._opened.frames["grid_units"]
    towns = units.loc[units["tier"] == "township", ["name", "geometry"]]
    joined = gpd.sjoin(firms[["geometry"]], towns, how="left").groupby(level=0).first()
    lon, lat = from_wgs84(firms.geometry.x, firms.geometry.y, Datum.GCJ02)
    sheet = pd.DataFrame({
        "企业名称": firms["name"], "统一社会信用代码": firms["code"], "乡镇": joined["name"],
        "经度": [f"{x:.6f}" for x in lon], "纬度": [f"{y:.6f}" for y in lat],
    })  # fmt: skip
    sheet.iloc[4, 1] = "9.13E+17"
    sheet.iloc[10, 3], sheet.iloc[10, 4] = sheet.iloc[10, 4], sheet.iloc[10, 3]
    path = tmp_path / "企业名录.csv"
    sheet.to_csv(path, index=False, encoding="gb18030")
    return path


def findings(controller):
    table = controller.window.pages["import"].findings
    return [table.row(i) for i in range(table.rowCount())]


def test_a_dropped_file_is_examined_decided_loaded_and_taken_back(window, directory):
    before = window._opened.frames["enterprises"]
    window.window.files_dropped.emit([directory])
    settle(window)
    case = window.presenter(DoctorPresenter)._work.case
    assert case.counts.read == 40
    assert case.place.chosen != "GCJ-02"
    assert {row.severity for row in findings(window)} == {"error", "warning", "hint"}
    window.window.pages["import"].accept_all_wanted.emit()
    settle(window)
    case = window.presenter(DoctorPresenter)._work.case
    assert case.place.chosen == "GCJ-02"
    assert (case.counts.loadable, case.counts.to_fill) == (39, 1)
    window.window.pages["import"].undo_wanted.emit()
    settle(window)
    assert window.presenter(DoctorPresenter)._work.case.place.chosen != "GCJ-02"
    window.window.pages["import"].accept_all_wanted.emit()
    settle(window)
    window.window.pages["import"].load_wanted.emit()
    settle(window)
    settle(window)
    after = window._opened.frames["enterprises"].set_index("code")
    same = before.set_index("code").loc[after.index]
    moved = after.to_crs("EPSG:4528").distance(same.to_crs("EPSG:4528")).max()
    assert len(after) == len(before)
    assert moved < 0.5
    assert "39" in window.window.status._message.text()
    window.window.named_actions["undo"].trigger()
    settle(window)
    settle(window)
    assert window.session.project.log()["action"].iloc[-1] == "undo"


def test_a_single_proposal_is_answered_by_its_tick(window, directory):
    window.presenter(DoctorPresenter).open([directory])
    settle(window)
    table = window.window.pages["import"].findings
    rows = [i for i, row in enumerate(findings(window)) if row.proposes]
    swapped = next(i for i in rows if "颠倒" in table.row(i).meaning)
    index = table.index(swapped, 0)
    table.setData(index, Qt.CheckState.Checked.value, Qt.ItemDataRole.CheckStateRole)
    settle(window)
    assert [row.accepted for row in findings(window) if "颠倒" in row.meaning] == [True]
    assert window.presenter(DoctorPresenter)._work.case.counts.to_confirm == 0


def test_findings_go_to_a_sheet(window, directory, tmp_path):
    window.presenter(DoctorPresenter).open([directory])
    settle(window)
    window.presenter(DoctorPresenter).export(tmp_path / "问题.xlsx")
    settle(window)
    sheet = pd.read_excel(tmp_path / "问题.xlsx", dtype=str, engine="calamine")
    assert len(sheet) == len(window.presenter(DoctorPresenter)._work.case.findings)
    assert "9.13E+17" in set(sheet["value"])


def test_a_file_that_cannot_be_read_is_told(window, tmp_path):
    broken = tmp_path / "破损.xlsx"
    broken.write_bytes(b"PK\x03\x04 not a workbook")
    window.presenter(DoctorPresenter).open([broken])
    settle(window)
    box = window.window.findChild(QMessageBox, "errorBox")
    assert "破损.xlsx" in box.text()
    box.close()


@pytest.fixture(scope="module")
def complaints():
    """The generator of complaints, shared with the tests of the engine."""
    path = Path(__file__).parents[2] / "complaints.py"
    spec = importlib.util.spec_from_file_location("complaints_for_window", path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def sheet(window, complaints, tmp_path):
    names = complaints.names_of(window.session.project)
    rows = complaints.frame_of(complaints.complaints(names, 5000))
    path = tmp_path / "投诉工单.csv"
    rows.to_csv(path, index=False, encoding="utf-8-sig")
    return path


def test_5000_complaints_get_owners_and_the_counts_reconcile(window, sheet, tmp_path):
    window.presenter(BatchPresenter).open(sheet)
    settle(window)
    page, assigned = window.window.pages["batch"], window.presenter(BatchPresenter).assigned
    counts = assigned.result.counts
    assert sum(counts.values()) == len(assigned.rows) == 5000
    assert counts["certain"] > 2000
    assert counts["not_found"] > 100
    assert page._sum.text().startswith("5,000 = ")
    page._by_hand.click()
    assert page.table.rowCount() == 5000 - counts["certain"]
    window.presenter(BatchPresenter).export(tmp_path / "结果.xlsx")
    settle(window)
    book = pd.read_excel(tmp_path / "结果.xlsx", None, dtype=str, engine="calamine")
    answers = next(iter(book.values()))
    assert len(book) == 4
    assert len(answers) == 5000
    assert answers["投诉人"].str.contains(r"\*").mean() > 0.9
    assert answers["联系电话"].str.contains(r"\*\*\*\*").all()


def test_table_and_map_are_linked_and_a_row_is_corrected_by_hand(window, sheet):
    window.presenter(BatchPresenter).open(sheet)
    settle(window)
    page, assigned = window.window.pages["batch"], window.presenter(BatchPresenter).assigned
    placed = next(row for row in assigned.rows if row.status == "certain")
    page.row_chosen.emit(placed.number)
    settle(window)
    assert window.session.place.lon == pytest.approx(placed.lon)
    lost = next(row for row in assigned.rows if row.status == "not_found")
    page.correct_wanted.emit(lost.number)
    window._map._on_clicked(120.90, 30.70)
    settle(window)
    fresh = window.presenter(BatchPresenter).assigned.rows[
        window.presenter(BatchPresenter)._row_of(lost.number)
    ]
    assert fresh.status in {"certain", "borderline", "shared"}
    assert (
        window.presenter(BatchPresenter).assigned.result.counts["not_found"]
        == assigned.result.counts["not_found"] - 1
    )
    assert window.session.project.log()["action"].iloc[-1] == "correct_place"
    assert window.session.verdict is not None


def test_a_sheet_without_any_place_says_what_it_has(window, tmp_path):
    path = tmp_path / "空.csv"
    path.write_text("工单,内容\n1,黑水\n", encoding="utf-8")
    window.presenter(BatchPresenter).open(path)
    settle(window)
    box = window.window.findChild(QMessageBox, "errorBox")
    assert "工单" in box.text()
    box.close()
