"""A file that breaks off says so, whatever players make of it."""

from pathlib import Path

import pytest

from nemo_widgets.errors import MediaError
from nemo_widgets.media.desk import Desk

from ..small_files import TYPES, make


@pytest.mark.parametrize("file_type", TYPES)
def test_a_whole_file_is_taken_and_one_that_breaks_off_is_not(file_type: str, tmp_path: Path) -> None:
    whole, path, desk = make(file_type), tmp_path / f"a.{file_type}", Desk()
    path.write_bytes(whole)
    desk.check(path, lambda: False)
    pieces = [1] if file_type == "aac" else [1, len(whole) // 10, len(whole) // 2, len(whole) * 4 // 5]  # ADTS: frames
    for missing in pieces:
        path.write_bytes(whole[:-missing])
        with pytest.raises(MediaError):
            desk.check(path, lambda: False)


def test_what_is_padded_or_was_written_without_lengths_is_whole(tmp_path: Path) -> None:
    desk = Desk()
    for name, content in {
        "padded.mp4": make("mp4") + bytes(64),
        "tail.gif": make("gif") + b"more",
        "pipe.wav": make("wav")[:4] + b"\xff\xff\xff\xff" + make("wav")[8:],
    }.items():
        (tmp_path / name).write_bytes(content)
        desk.check(tmp_path / name, lambda: False)


def test_pictures_come_with_a_small_one(tmp_path: Path) -> None:
    for file_type in ("png", "mp4"):
        path = tmp_path / f"a.{file_type}"
        path.write_bytes(make(file_type))
        told, (poster,) = Desk().check(path, lambda: False)
        assert poster.startswith(b"\xff\xd8")
        assert len(poster) < 8192
        assert told["width"] > 0
