"""The other commands, the way in, and the program as a process."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

import gridmap as package
from gridmap import shipped
from gridmap.cli import commands, parsing, window
from gridmap.store import Project

REPOSITORY = Path(__file__).resolve().parents[2]
EXAMPLE = shipped.example_dir() / "nanhu.gridmap.gpkg"


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ([], ["open"]),
        (["my.gpkg"], ["open", "my.gpkg"]),
        (["open", "my.gpkg"], ["open", "my.gpkg"]),
        (["--lang", "en"], ["open", "--lang", "en"]),
        (["--lang", "en", "my.gpkg"], ["open", "--lang", "en", "my.gpkg"]),
        (["--lang", "en", "info"], ["--lang", "en", "info"]),
        (["--lang=en", "locate", "1,2"], ["--lang=en", "locate", "1,2"]),
        (["my.gpkg", "--screenshot", "a.png"], ["open", "my.gpkg", "--screenshot", "a.png"]),
        (["my.gpkg", "--help"], ["open", "my.gpkg", "--help"]),
        (["--help"], ["--help"]),
        (["--version"], ["--version"]),
    ],
)
def test_a_file_alone_means_open(given: list[str], meant: list[str]) -> None:
    assert parsing.normalise(given) == meant


@pytest.mark.parametrize("language", ["zh_CN", "en"])
def test_help_shows_examples_and_exit_codes(gridmap: Any, language: str) -> None:
    said = gridmap("--lang", language, "--help")
    assert said.code == 0
    assert "gridmap locate 120.85,30.72" in said.out
    assert ("退出码" if language == "zh_CN" else "Exit codes") in said.out
    for command in commands.commands():
        assert command.name in said.out


@pytest.mark.parametrize("name", sorted(command.name for command in commands.commands()))
def test_every_command_has_help(gridmap: Any, name: str) -> None:
    said = gridmap(name, "--help")
    assert said.code == 0
    assert said.out.startswith(f"usage: gridmap {name}")


def test_version(gridmap: Any) -> None:
    said = gridmap("--version")
    assert (said.code, said.out) == (0, f"GridMap {package.__version__}\n")


def test_info_of_the_example(gridmap: Any) -> None:
    said = gridmap("info", EXAMPLE)
    assert said.code == 0
    assert said.out.startswith("南湖区示例（nanhu.gridmap.gpkg）\n示例项目")
    assert "网格单元" in said.out
    assert "示例" in said.out
    assert "文件检查：完好" in said.out
    assert "real" not in said.out


def test_a_new_project_is_empty_and_says_so(gridmap: Any, tmp_path: Path) -> None:
    path = tmp_path / "新.gpkg"
    assert gridmap("new", path, "--title", "试点").code == 0
    with Project.open(path, read_only=True) as made:
        assert (made.title, made.is_example, dict(made.editions())) == ("试点", False, {})
    info = gridmap("info", path)
    assert info.out.startswith("试点（新.gpkg）")
    assert "没有监测序列" in info.out
    verdict = gridmap("locate", "120.85,30.72", "--project", path)
    assert verdict.code == 0
    assert "没有网格单元" in verdict.out
    assert "示例数据" not in verdict.out
    assert verdict.err == ""


def test_a_new_project_never_overwrites(gridmap: Any, tmp_path: Path) -> None:
    path = tmp_path / "新.gpkg"
    path.write_text("信", encoding="utf-8")
    said = gridmap("new", path, "--title", "试点")
    assert said.code == 1
    assert "已存在" in said.err
    assert path.read_text(encoding="utf-8") == "信"
    assert gridmap("new", tmp_path / "no" / "a.gpkg", "--title", "x").code == 1
    assert gridmap("new", tmp_path / "a.gpkg").code == 2


def test_render_a_picture(gridmap: Any, tmp_path: Path) -> None:
    gui = pytest.importorskip("PySide6.QtGui")
    target = tmp_path / "map.png"
    said = gridmap("render", EXAMPLE, "-o", target, "--size", "640x400")
    assert (said.code, said.out) == (0, f"已写入 {target}\n")
    image = gui.QImage(str(target))
    assert (image.width(), image.height()) == (640, 400)
    colours = {image.pixelColor(x, y).name() for x in range(0, 640, 8) for y in range(0, 400, 8)}
    assert len(colours) > 20


def test_an_extent_shows_less(gridmap: Any, tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    whole, part = tmp_path / "whole.png", tmp_path / "part.png"
    gridmap("render", EXAMPLE, "-o", whole, "--size", "320x200")
    extent = ("--extent", "120.84,30.71,120.86,30.73")
    assert gridmap("render", EXAMPLE, "-o", part, "--size", "320x200", *extent).code == 0
    assert whole.read_bytes() != part.read_bytes()


def test_render_a_page(gridmap: Any, tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    target = tmp_path / "map.pdf"
    assert gridmap("render", EXAMPLE, "-o", target, "--page", "A4").code == 0
    assert target.read_bytes().startswith(b"%PDF")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("--size", "big"), "不是图片大小"),
        (("--size", "0x100"), "不是图片大小"),
        (("--size", "99999x99999"), "不是图片大小"),
        (("--size", "²x²"), "不是图片大小"),
        (("--extent", "1,2,3"), "不是范围"),
        (("--extent", "121,30,120,31"), "不是范围"),
        (("--extent", "nan,30,121,31"), "不是范围"),
        (("--extent", "0,-90,10,90"), "不是范围"),
        (("--page", "A0"), "命令写法有误"),
        (("-o", "map.bmp"), "只能输出 .png / .pdf"),
        (("-o", "no/such/folder/map.png"), "文件夹不存在"),
    ],
)
def test_a_wrong_render(gridmap: Any, tmp_path: Path, arguments: Any, says: str) -> None:
    said = gridmap("render", EXAMPLE, "-o", tmp_path / "map.png", *arguments)
    assert said.code == 2
    assert says in said.err
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(not Path("/proc/self").is_dir(), reason="needs a folder nobody may write to")
@pytest.mark.parametrize("name", ["map.png", "map.pdf"])
def test_a_folder_that_cannot_be_written(gridmap: Any, name: str) -> None:
    pytest.importorskip("PySide6")
    said = gridmap("render", EXAMPLE, "-o", f"/proc/{name}", "--size", "64x64")
    assert said.code in {1, 2}
    assert f"/proc/{name}" in said.err
    assert "可写" in said.err


def test_as_a_process(program: Any) -> None:
    said = program("locate", "120.85,30.72", "--on", "2026-11-22", PYTHONIOENCODING="ascii")
    assert said.code == 0
    assert said.out.startswith("● 大桥镇 · 确定\n")


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (("locate", "没有这个地方"), 3),
        (("locate", "1,2", "--on", "x"), 2),
        (("info", "no.gpkg"), 1),
        (("nonsense", "a", "b"), 2),
    ],
)
def test_exit_codes_of_the_process(program: Any, arguments: Any, code: int) -> None:
    said = program(*arguments)
    assert said.code == code
    assert "Traceback" not in said.err
    assert said.err.rstrip().splitlines()[-1].startswith("错误：")


def test_a_reader_that_leaves_early_is_no_error() -> None:
    command = [sys.executable, str(REPOSITORY / "main.py"), "locate", "120.85,30.72", "--json"]
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stderr is not None
    process.stdout.close()
    said = process.stderr.read().decode("utf-8")
    process.stderr.close()
    process.wait()
    assert "Traceback" not in said


def test_without_a_display_there_is_a_picture_and_a_verdict(program: Any, tmp_path: Path) -> None:
    pytest.importorskip("PySide6")
    said = program(QT_QPA_PLATFORM="offscreen", TMPDIR=str(tmp_path), HOME=str(tmp_path))
    assert said.code == 0, said.err
    assert "没有可用的显示器" in said.out
    picture = tmp_path / "gridmap-window.png"
    assert f"窗口画面：{picture}" in said.out
    assert picture.stat().st_size > 50_000
    lon, lat = window.EXAMPLE_PLACE
    assert f"示例判定（{lon},{lat}）：" in said.out
    assert "结果指纹" in said.out


WITHOUT_QT = """
import sys

class Block:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"PySide6", "shiboken6", "pyqtgraph"}:
            raise ImportError(f"{name} is not to be imported")

sys.meta_path.insert(0, Block())
import gridmap

with gridmap.open(sys.argv[1]) as project:
    verdict = project.locate(120.85, 30.72)
    assert verdict.owner.name == "大桥镇", verdict
    units = project.layer("grid_units")
    assert units.crs.to_epsg() == 4490 and len(units) > 100
    keys = project.series.keys()
    first = keys.iloc[0]
    readings = project.series.read(first["station"], first["item"])
    assert str(readings.index.tz) == "Asia/Shanghai" and "value" in readings
    assert project.read_only
from gridmap import cli
sys.exit(cli.run(["locate", "120.85,30.72"]))
"""


def test_python_and_the_command_line_need_no_qt() -> None:
    done = subprocess.run(
        [sys.executable, "-c", WITHOUT_QT, str(EXAMPLE)],
        cwd=REPOSITORY, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    assert "大桥镇" in done.stdout


def test_importing_the_package_is_light() -> None:
    code = "import sys, gridmap; print({'geopandas', 'PySide6', 'numba'} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=REPOSITORY, capture_output=True, text=True, encoding="utf-8", check=True,
    )  # fmt: skip
    assert done.stdout == "set()\n"
