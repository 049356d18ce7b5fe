"""Files appear whole or not at all, and what fails is told with file and reason."""

import errno
import os
from pathlib import Path

import pytest

from gridmap.report.writing import (
    Part,
    WriteError,
    put_file,
    put_text,
    replacing,
    replacing_together,
)


def refuse(*_arguments: object) -> None:
    raise OSError(errno.ENOSPC, "No space left on device")


def half(path: Path, error: BaseException) -> None:
    path.write_bytes(b"half")
    raise error


def test_a_file_is_replaced_as_a_whole(tmp_path: Path) -> None:
    target = tmp_path / "表.csv"
    target.write_bytes(b"old and longer than the new one")
    put_file(target, b"new")
    assert target.read_bytes() == b"new"
    put_text(target, "新\n")
    assert target.read_bytes() == "新\n".encode()
    assert list(tmp_path.iterdir()) == [target]


def test_files_have_the_rights_of_any_other(tmp_path: Path) -> None:
    target, other = tmp_path / "a", tmp_path / "b"
    put_file(target, b"x")
    other.write_bytes(b"x")
    assert target.stat().st_mode == other.stat().st_mode


def test_the_longest_name_that_a_disk_takes(tmp_path: Path) -> None:
    target = tmp_path / ("河" * 83 + ".csv")
    put_file(target, b"x")
    assert target.read_bytes() == b"x"


def test_a_folder_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"x\.csv") as caught:
        put_file(tmp_path / "no" / "x.csv", b"x")
    assert set(caught.value.facts) == {"file", "reason"}
    assert "No such file" in str(caught.value)


def test_a_folder_in_place_of_the_file(tmp_path: Path) -> None:
    target = tmp_path / "x.pdf"
    target.mkdir()
    with pytest.raises(WriteError, match="Is a directory"):
        put_file(target, b"x")
    with pytest.raises(WriteError, match="Is a directory"), replacing_together(target):
        pass
    assert list(tmp_path.iterdir()) == [target]


def test_a_full_disk_keeps_the_old_file(tmp_path: Path, monkeypatch) -> None:
    target = tmp_path / "x.csv"
    target.write_bytes(b"old")
    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(WriteError, match="No space left"):
        put_file(target, b"new")
    with pytest.raises(WriteError, match="No space left"), replacing_together(target) as work:
        work.path.write_bytes(b"new")
    assert target.read_bytes() == b"old"
    assert list(tmp_path.iterdir()) == [target]


def test_a_disk_that_is_full_while_writing(tmp_path: Path) -> None:
    target = tmp_path / "x.csv"
    with pytest.raises(WriteError, match="No space left"), replacing(target) as path:
        half(path, OSError(errno.ENOSPC, "No space left on device"))
    assert list(tmp_path.iterdir()) == []


def test_nothing_written_is_not_written(tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    with pytest.raises(WriteError), replacing(target):
        pass
    assert list(tmp_path.iterdir()) == []


def test_what_stops_on_the_way_leaves_nothing(tmp_path: Path) -> None:
    target = tmp_path / "x.png"
    with pytest.raises(KeyboardInterrupt), replacing(target) as path:
        half(path, KeyboardInterrupt())
    part = Part(target)
    part.path.write_bytes(b"half")
    part.discard()
    assert list(tmp_path.iterdir()) == []


def test_files_that_belong_together(tmp_path: Path) -> None:
    target = tmp_path / "new" / "x.shp"
    with replacing_together(target) as work:
        work.path.write_bytes(b"1")
        work.path.with_suffix(".dbf").write_bytes(b"2")
        assert not target.exists()
    assert work.files == [target, target.with_suffix(".dbf")]
    assert sorted(target.parent.iterdir()) == sorted(work.files)
