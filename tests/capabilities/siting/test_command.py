"""`gridmap site`: proposals of the example, published instances, JSON, and mistakes it tells of."""

import csv
import json

import openpyxl
import pytest

from tests.cli.test_json_page import documented, fits, printed


def test_text_says_what_is_proposed_how_sure_and_why_there(gridmap):
    said = gridmap("site", "--for", "water", "-k", "3", "--curve")
    assert said.code == 0
    assert "布点建议：3 处新断面" in said.out
    assert "加权覆盖由 67.8% 提高到 87.5%；已证明最优" in said.out
    assert "覆盖 18.4 km 河道、8 个排污口、11 家企业、12 处交界，10 km 内无断面可达" in said.out
    assert "示例数据，不作为真实权属与责任依据" in said.out


def test_english_says_the_same(gridmap, monkeypatch):
    monkeypatch.setenv("GRIDMAP_LANG", "en")
    said = gridmap("site", "-k", "1")
    assert "Weighted cover rises from 67.8% to 81.1%; proven optimal" in said.out
    assert "8 outlets" in said.out
    assert "that reach no section within 10 km today" in said.out


@pytest.mark.parametrize(
    "asked",
    [
        ("--for", "water", "-k", "2", "--curve", "--move", "1"),
        ("--for", "air", "-k", "2"),
        ("--for", "water", "--share", "80", "--backup"),
    ],
)
def test_json_is_what_the_page_says(gridmap, asked):
    page = documented("gridmap.siting/1")
    said = gridmap("site", *asked, "--json")
    assert said.code == 0
    # Names of weights and of what is left out are the office's own figures: told as objects.
    flat = {name: value for name, value in said.data.items() if name not in OBJECTS}
    found = list(printed(flat)) + [(name, said.data[name]) for name in OBJECTS]
    assert {key for key, _ in found} <= set(page)
    assert [(key, value) for key, value in found if not fits(value, page[key])] == []
    assert {key for key in page if "." not in key} <= {key for key, _ in found}
    assert said.data["schema"] == "gridmap.siting/1"
    assert said.data["status"] == "optimal"


OBJECTS = ("weights", "left_out")


def test_the_examples_together_print_every_key(gridmap):
    water = gridmap("site", "-k", "1", "--curve", "--json").data
    moved = gridmap("site", "--move", "1", "--json").data
    found = {key for data in (water, moved) for key, _ in printed(data)}
    inner = {key for key in found if key.split(".")[0] in OBJECTS and "." in key}
    assert found - inner == set(documented("gridmap.siting/1"))


def test_sums_and_gains_add_up(gridmap):
    data = gridmap("site", "-k", "3", "--json").data
    assert data["before"] + sum(one["gain"] for one in data["sites"]) == pytest.approx(
        data["covered"], abs=1e-4
    )
    for one in data["sums"]:
        assert 0 <= one["before"] <= one["after"] <= one["total"] + 1e-9
    weighed = sum(one["after"] * data["weights"][one["kind"]] for one in data["sums"])
    assert weighed == pytest.approx(data["covered"], abs=0.01)


def test_weights_radius_and_layers_are_options(gridmap):
    near = gridmap("site", "-k", "2", "--radius", "2000", "--json").data
    assert near["distance_m"] == 2000.0
    assert near["covered"] < gridmap("site", "-k", "2", "--json").data["covered"]
    only = gridmap(
        "site", "-k", "1", "--weight", "river=0", "--weight", "border=0", "--weight", "redline=0",
        "--weight", "enterprise=0", "--json",
    ).data  # fmt: skip
    assert only["demand_total"] == pytest.approx(0.5 * 87)
    barred = gridmap("site", "-k", "1", "--without", "control_zones", "--json").data
    assert barred["left_out"]["excluded"] > 0
    own = gridmap("site", "-k", "1", "--points", "intakes", "--json").data
    assert own["candidates"] == gridmap("site", "-k", "1", "--json").data["candidates"] + 4
    calls = gridmap("site", "-k", "1", "--complaints", "enterprises", "--json").data
    assert "complaint" in {one["kind"] for one in calls["sums"]}


def test_fewest_sites_reach_the_share_and_one_fewer_does_not(gridmap):
    data = gridmap("site", "--share", "85", "--json").data
    count = len(data["sites"])
    assert data["least"] == count
    assert data["status"] == "optimal"
    assert data["covered"] / data["demand_total"] >= 0.85
    fewer = gridmap("site", "-k", str(count - 1), "--json").data
    assert fewer["status"] == "optimal"
    assert fewer["covered"] / fewer["demand_total"] < 0.85


def test_sheet_and_json_file_are_written(gridmap, tmp_path):
    book, data = tmp_path / "proposal.xlsx", tmp_path / "proposal.json"
    assert gridmap("site", "-k", "2", "--curve", "--sheet", str(book)).code == 0
    sheets = openpyxl.load_workbook(book)
    assert sheets.sheetnames[0] == "建议点位"
    rows = list(sheets["建议点位"].iter_rows(values_only=True))
    assert [row[0] for row in rows[1:]] == [1, 2]
    assert gridmap("site", "-k", "2", "--sheet", str(data)).code == 0
    assert json.loads(data.read_text("utf-8"))["schema"] == "gridmap.siting/1"


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ((), "要几处？"),
        (("-k", "9999"), "候选点只有 404 个"),
        (("-k", "0"), "-k 的“0”不是个数"),
        (("-k", "2", "--radius", "0"), "--radius 的“0”不行"),
        (("-k", "2", "--share", "50"), "--share 求最少个数"),
        (("--share", "120"), "不是百分比"),
        (("--share", "100%", "--radius", "1", "--for", "air"), None),
        (("--share", "99", "--radius", "100"), "所有候选点加起来只能覆盖"),
        (("--move", "15"), "可迁移的现有点位只有 14 处"),
        (("-k", "1", "--movable", "XX"), "没有这些现有点位：XX"),
        (("-k", "1", "--weight", "fish=1"), "没有“fish”这类需求"),
        (("-k", "1", "--weight", "river=x"), "权重不行"),
        (("-k", "1", "--points", "nix"), "没有图层“nix”"),
        (("-k", "1", "--without", "grid_units"), "没有可选的位置"),
        (("-k", "1", "--for", "air", "--weight", "land=0", "--weight", "enterprise=0",
          "--weight", "redline=0"), "没有要覆盖的东西"),
        (("-k", "1", "--instance", "x.txt"), "还需要 --radius 与 -k"),
        (("--instance", "x.txt", "--radius", "8", "-k", "1", "--backup"), "backup 用于项目"),
        (("--instance", "no.txt", "--radius", "8", "-k", "1"), "no.txt 打不开"),
    ],
)  # fmt: skip
def test_mistakes_say_what_is_missing_and_where_to_get_it(gridmap, asked, told):
    said = gridmap("site", *asked)
    if told is None:
        assert said.code == 0
        return
    assert said.code in {1, 2}
    assert told in said.err


def test_a_project_without_network_or_grid_says_so(gridmap, tmp_path):
    path = tmp_path / "empty.gpkg"
    assert gridmap("new", str(path), "--title", "空").code == 0
    assert "项目里没有河段" in gridmap("site", str(path), "-k", "1").err
    assert "项目里没有网格单元" in gridmap("site", str(path), "-k", "1", "--for", "air").err


# --- published instances ------------------------------------------------------------------


def test_an_instance_gives_cover_status_bound_and_sites(gridmap, tmp_path):
    path = tmp_path / "five.txt"
    path.write_text("5\t9\tp\tS\n0 0 1\n3 4 2\n10 0 4\n10 5 8\n100 100 16\n", "utf-8")
    said = gridmap("site", "--instance", str(path), "--radius", "5", "-k", "2", "--json")
    page = documented("gridmap.site_instance/1")
    found = list(printed(said.data))
    assert {key for key, _ in found} == set(page)
    assert [(key, value) for key, value in found if not fits(value, page[key])] == []
    assert (said.data["covered"], said.data["status"], said.data["bound"]) == (28, "optimal", 28)
    assert [one["point"] for one in said.data["sites"]] == [5, 3]  # a tie: the earlier point
    assert "28 / 31" in gridmap("site", "--instance", str(path), "--radius", "5", "-k", "2").out


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "bad.txt 里没有点"),
        ("2\t9\n0 0 1\n", "首行说有 2 个点，实际 1 个"),
        ("name\n0 0 1\n", "第 1 行“name”读不懂"),
        ("1\t9\n0 0\n", "第 2 行有 2 列"),
        ("2\t9\n0 0 1\n0 x 1\n", "第 3 行 y 列的“x”不行，应为数字"),
        ("1\t9\n0 0 -4\n", "第 2 行 demand 列的“-4”不行，应为不小于 0 的数字"),
        ("1\t9\n0 0 nan\n", "demand 列的“nan”不行"),
        ("0 0 1\n", "候选点只有 1 个"),
    ],
)
def test_a_bad_instance_names_file_row_and_field(gridmap, tmp_path, text, told):
    path = tmp_path / "bad.txt"
    path.write_text(text, "utf-8")
    said = gridmap("site", "--instance", str(path), "--radius", "5", "-k", "2")
    assert said.code == 1
    assert told in said.err
    assert "bad.txt" in said.err or "候选点" in told


@pytest.mark.shared
def test_every_published_optimum_is_reproduced_and_proven(shared, gridmap):
    folder = shared / "vectors" / "siting"
    rows = list(csv.DictReader((folder / "optima.csv").read_text("utf-8").splitlines()))
    assert len(rows) == 19
    for row in rows:
        path = folder / f"{row['instance']}.txt"
        asked = ["site", "--instance", str(path), "--radius", row["radius"], "-k", row["p"]]
        data = gridmap(*asked, "--json").data
        assert data["covered"] == int(row["optimum"]), row
        assert (data["status"], data["bound"], data["gap"]) == ("optimal", int(row["optimum"]), 0)
        assert data["demand_total"] == int(row["demand_total"])
        assert data["points"] == int(row["n"])
