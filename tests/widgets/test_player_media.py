"""What a view asks a player about its clip, and the clip's pictures in Python."""

import gc
import json
import math
import weakref
from pathlib import Path

import numpy as np
import psutil
import pytest
import traitlets
from PIL import Image

from nemo_widgets.errors import ConnectionFailedError, InputError, MediaError, ServiceError, StoppedError
from nemo_widgets.media.limits import LIMITS_S
from nemo_widgets.media.service import MediaService
from nemo_widgets.widgets.base import NemoWidget
from nemo_widgets.widgets.player import VideoPlayer

from .conftest import write_clip


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def test_a_clip_is_described(view_of, clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    facts = view_of(player).ask("open_media", clip=player.clip.id)
    assert facts["type"] == "media_facts"
    assert (facts["kind"], facts["width"], facts["height"], facts["fps"]) == ("video", 320, 180, 30)
    assert (facts["frame_count"], facts["rotation"], facts["has_audio"]) == (30, 0, False)
    assert facts["native"].startswith('video/mp4; codecs="avc1.')
    assert facts["converted"].startswith('video/mp4; codecs="avc1.')
    assert Path(facts["path"]) == clip_path.resolve()


@pytest.mark.parametrize("form", ["native", "converted"])
def test_segments_follow_each_other_to_the_end(view_of, clip_path: Path, form: str) -> None:
    player = VideoPlayer(clip_path)
    view = view_of(player)
    start_s, ends, last = 0.0, [], False
    while not last:
        told, buffers = view.ask_for_bytes(
            "read_segment", clip=player.clip.id, form=form, start_s=start_s, length_s=0.25, init=start_s == 0
        )
        assert told["type"] == "segment", told
        assert told["start_s"] == pytest.approx(start_s, abs=1e-4)
        assert len(buffers) == (2 if start_s == 0 else 1)
        assert buffers[-1][4:8] == b"moof"
        start_s, last = told["end_s"], told["last"]
        ends.append(start_s)
    assert ends[-1] == pytest.approx(1.0, abs=0.01)
    assert len(ends) >= 3


def test_small_pictures_come_in_one(view_of, clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    strip, [jpeg] = view_of(player).ask_for_bytes("get_filmstrip", clip=player.clip.id, count=12, height_px=36)
    assert (strip["count"], strip["tile_width_px"], strip["tile_height_px"]) == (12, 64, 36)
    assert strip["times_s"] == sorted(strip["times_s"])
    (player_folder := Path("strip.jpg")).write_bytes(jpeg)
    with Image.open(player_folder) as sheet:
        assert sheet.size == (640, 72)


def test_a_clip_without_sound_has_no_waveform(view_of, clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    told, buffers = view_of(player).ask_for_bytes("get_waveform", clip=player.clip.id, count=50)
    assert (told["count"], buffers) == (0, [])


def test_a_snapshot_is_written_beside_the_notebook_under_a_free_name(view_of, clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    view = view_of(player)
    first, [png] = view.ask_for_bytes("take_snapshot", clip=player.clip.id, time_s=0.5)
    second = view.ask("take_snapshot", clip=player.clip.id, time_s=0.5)
    assert first["name"] == f"{clip_path.stem}-snapshot-1.png"
    assert second["name"] == f"{clip_path.stem}-snapshot-2.png"
    assert Path(first["name"]).read_bytes() == png
    assert (first["width"], first["height"], first["time_s"]) == (320, 180, pytest.approx(0.5))


@pytest.mark.parametrize(
    ("kind", "asked"),
    [
        ("read_segment", {"form": "native", "start_s": -1.0, "length_s": 1.0, "init": False}),
        ("read_segment", {"form": "native", "start_s": 0.0, "length_s": 1e9, "init": False}),
        ("read_segment", {"form": "other", "start_s": 0.0, "length_s": 1.0, "init": False}),
        ("get_filmstrip", {"count": 10**6, "height_px": 40}),
        ("get_filmstrip", {"count": 10, "height_px": 10**6}),
        ("get_waveform", {"count": 0}),
    ],
)
def test_what_is_out_of_bounds_is_refused(view_of, clip_path: Path, kind: str, asked: dict[str, object]) -> None:
    player = VideoPlayer(clip_path)
    assert view_of(player).ask(kind, clip=player.clip.id, **asked)["type"] == "failed"


def test_a_file_that_was_damaged_meanwhile_is_told_in_words(view_of, clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    clip_path.write_bytes(b"gone wrong" * 1000)
    told = view_of(player).ask("open_media", clip=player.clip.id)
    assert told["type"] == "failed"
    assert "can't be read as video or audio" in told["message"]


def test_pictures_in_python_are_those_of_their_moment(clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    pictures = player.frames(5)
    assert (pictures.shape, pictures.dtype) == ((5, 180, 320, 3), np.uint8)
    levels = pictures.mean(axis=(1, 2, 3))
    assert levels == pytest.approx([63, 69, 75, 81, 87], abs=3)
    player.seek(0.5)
    assert np.asarray(player.snapshot("still.png")).mean() == pytest.approx(75, abs=3)
    with Image.open("still.png") as kept:
        assert kept.size == (320, 180)


def test_frames_that_would_fill_memory_are_refused(clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    with pytest.raises(InputError, match="frames of this clip"):
        player.frames(10**7)
    with pytest.raises(InputError):
        player.frames(0)


def test_traits_keep_their_bounds(clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    assert player.clip is not None
    for name, value in (("rate", 9), ("rate", 0), ("volume", 80), ("volume", -1)):
        with pytest.raises(traitlets.TraitError, match=f"{name} is a number from"):
            setattr(player, name, value)
    assert (player.rate, player.volume) == (1.0, 1.0)
    player.current_time_s = -5
    assert player.current_time_s == 0
    player.seek(1000)
    assert player.current_time_s == player.clip.duration_s
    player.in_s, player.out_s = 0.25, None
    assert (player.in_s, player.out_s) == (0.25, None)
    player.out_s = 1e9
    assert player.out_s == player.clip.duration_s
    for name in ("rate", "current_time_s", "in_s"):
        with pytest.raises(traitlets.TraitError):
            setattr(player, name, math.nan)


def test_there_is_no_picture_outside_a_clip(clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    for time_s in (500, -1):
        with pytest.raises(InputError, match="no picture at"):
            player.snapshot(time_s=time_s)


@pytest.mark.parametrize(
    ("source", "told"), [("", "is empty"), (".", "is a folder"), (b"city.mp4", "nothing that can be played")]
)
def test_what_is_no_clip_is_told_in_words(source: object, told: str) -> None:
    with pytest.raises(InputError, match=told):
        VideoPlayer(source)  # type: ignore[arg-type]


def report(player: VideoPlayer, sought: int, time_s: float) -> None:
    data = {"method": "update", "state": {"_report": [sought, time_s]}}
    player.comm.handle_msg({"content": {"data": data}, "buffers": []})


def test_a_report_from_before_a_seek_does_not_take_the_playhead_back(clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    report(player, 0, 0.2)
    assert (player.current_time_s, player._seek[0]) == (0.2, 0)
    player.current_time_s = 0.8
    report(player, 0, 0.3)
    assert (player.current_time_s, player._seek) == (0.8, (1, 0.8))
    report(player, 1, 0.9)
    assert (player.current_time_s, player._seek) == (0.9, (1, 0.8))


def test_a_report_from_just_behind_the_end_is_no_seek(clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    assert player.clip is not None
    report(player, 0, player.clip.duration_s + 0.02)
    assert (player.current_time_s, player._seek) == (player.clip.duration_s, (0, 0.0))


def test_a_seek_to_the_last_report_is_a_seek(clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    report(player, 0, 0.5)
    player.seek(0.5)
    assert player._seek == (1, 0.5)
    player.seek(0.5)
    assert player._seek == (2, 0.5)


def test_another_widget_of_the_page_moves_the_playhead_too(clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    data = {"method": "update", "state": {"current_time_s": 0.4}}
    player.comm.handle_msg({"content": {"data": data}, "buffers": []})
    assert player._seek == (1, 0.4)


def test_a_private_address_is_not_fetched() -> None:
    with pytest.raises((ServiceError, ConnectionFailedError, InputError)):
        VideoPlayer("http://127.0.0.1:9/clip.mp4")


def test_a_closed_player_gives_nothing_out(view_of, clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    view, clip = view_of(player), player.clip.id
    shelf = player._shelf
    player.close()
    with pytest.raises(InputError):
        shelf.path(clip)
    del view


def test_a_player_that_is_forgotten_lets_go_of_its_file(clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    shelf, clip, gone = player._shelf, player.clip.id, weakref.ref(player)
    player.close()
    del player
    gc.collect()
    assert gone() is None
    with pytest.raises(InputError):
        shelf.path(clip)


def test_ten_clips_leave_a_small_notebook(tmp_path: Path) -> None:
    path = tmp_path / "noise.mp4"
    write_clip(path)
    shown = saved = 0
    for _ in range(10):
        player = VideoPlayer(path)
        shown += len(json.dumps(NemoWidget._repr_mimebundle_(player)[0])) + len(player.fallback())
        saved += len(json.dumps(player.get_state(), default=str))
    assert shown < 200_000
    assert shown + saved < 400_000


def test_a_helper_that_is_lost_is_replaced(clip_path: Path) -> None:
    own = MediaService()
    try:
        assert own.ask("facts", clip_path)[0]["kind"] == "video"
        before = own.process_id
        own._process.kill()
        assert own.ask("facts", clip_path)[0]["kind"] == "video"
        assert own.process_id != before
    finally:
        own.close()


def test_a_request_past_its_limit_is_given_up_and_others_go_on(
    clip_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = MediaService()
    try:
        own.ask("facts", clip_path)
        monkeypatch.setitem(LIMITS_S, "filmstrip", 0.2)
        psutil.Process(own.process_id).suspend()  # as if it hung inside a file
        with pytest.raises(MediaError, match="within 0 s"):
            own.ask("filmstrip", clip_path, count=200, height_px=300)
        assert own.ask("facts", clip_path)[0]["kind"] == "video"
    finally:
        own.close()


def test_what_is_cancelled_stops_in_the_helper(clip_path: Path, tmp_path: Path) -> None:
    long = tmp_path / "long.mp4"
    write_clip(long, 6.0)
    own = MediaService()
    try:
        own.ask("facts", long)
        helper = psutil.Process(own.process_id)
        helper.suspend()
        number, answered = own.submit("pictures", long, times_s=[at / 30 for at in range(180)])
        own.cancel(number)
        helper.resume()
        with pytest.raises(StoppedError):
            answered.result(20)
    finally:
        own.close()
