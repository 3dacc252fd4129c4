"""Renders: real files, made whole or not at all."""

from collections.abc import Iterator, Mapping
from concurrent.futures import Executor, ThreadPoolExecutor
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from nemo_widgets.errors import MediaError, NothingToExportError, OutputPathError, StoppedError
from nemo_widgets.local.picture.compose import Painter
from nemo_widgets.local.picture.scenes.planes import Planes
from nemo_widgets.local.rendering.encode import encode_frames
from nemo_widgets.local.rendering.pool import render_pool
from nemo_widgets.local.rendering.render import canvas_size, render, stretches_of
from nemo_widgets.media.probe import probe
from nemo_widgets.protocol.draft import Draft

SMALL = (320, 180)


@pytest.fixture(scope="module")
def pool() -> Iterator[Executor]:
    with ThreadPoolExecutor(2) as executor:
        yield executor


def shot(duration_ms: int, **meta: Any) -> dict[str, Any]:
    return {"d": duration_ms, "m": {"scene": "abstract_light", "seed": 1, **meta}}


def draft_of(*shots: Mapping[str, Any], title: str = "", music: str = "", **meta: Any) -> Draft:
    tracks: list[dict[str, Any]] = [{"tt": 0, "sg": list(shots)}]
    length = sum(piece["d"] for piece in shots)
    if music:
        tracks.append({"tt": 1, "sg": [{"s": 0, "d": length, "m": {"style": music, "seed": 1, "volume": 0.8}}]})
    if title:
        tracks.append({"tt": 7, "sg": [{"s": 0, "d": length, "m": {"text": title}}]})
    return Draft.parse({"t": tracks, "m": {"title": title, **meta}})


def make(draft: Draft, out: Path, pool: Executor, **options: Any) -> Path:
    options = {
        "size": SMALL,
        "quality": "draft",
        "assets": {},
        "on_progress": lambda share: None,
        "cancelled": lambda: False,
        **options,
    }
    render(draft, out, pool=pool, **options)
    return out


def frames(path: Path) -> list[Any]:
    with av.open(path) as container:
        return [frame.to_ndarray(format="rgb24") for frame in container.decode(video=0)]


def test_a_render_is_h264_and_aac_of_the_size_and_length_asked_for(tmp_path: Path, pool: Executor) -> None:
    info = probe(make(draft_of(shot(2370), title="Hi", music="lofi"), tmp_path / "clip.mp4", pool))
    assert (info.width, info.height, info.fps) == (320, 180, 30)
    assert (info.video_codec, info.audio_codec) == ("h264", "aac")
    assert info.duration_s == pytest.approx(2.37, abs=1 / 30)


def test_sound_and_picture_last_equally_long(tmp_path: Path, pool: Executor) -> None:
    with av.open(make(draft_of(shot(2000), music="upbeat"), tmp_path / "clip.mp4", pool)) as container:
        lengths = [float(stream.duration * stream.time_base) for stream in container.streams]
    assert lengths == pytest.approx([2.0, 2.0], abs=1 / 30)


def test_the_index_comes_before_the_pictures(tmp_path: Path, pool: Executor) -> None:
    data = make(draft_of(shot(500)), tmp_path / "clip.mp4", pool).read_bytes()
    assert 0 < data.index(b"moov") < data.index(b"mdat")


def test_every_frame_is_there_once_and_each_second_begins_with_a_keyframe(tmp_path: Path, pool: Executor) -> None:
    with av.open(make(draft_of(shot(3200)), tmp_path / "clip.mp4", pool)) as container:
        decoded = [(round(frame.time * 30), frame.key_frame) for frame in container.decode(video=0)]
    assert [number for number, _ in decoded] == list(range(96))
    keys = [number for number, key in decoded if key]
    assert {0, 30, 60, 90} <= set(keys)
    assert min(after - before for before, after in pairwise([*keys, 96])) >= 6


@given(st.integers(1, 5000), st.integers(1, 120))
def test_stretches_cover_every_frame_once_and_begin_with_each_second(frames: int, fps: int) -> None:
    stretches = stretches_of(frames, fps)
    assert [first + index for first, count in stretches for index in range(count)] == list(range(frames))
    assert set(range(0, frames, fps)) <= {first for first, _ in stretches}


def test_the_file_says_that_it_was_drawn_locally_and_so_does_the_picture(tmp_path: Path, pool: Executor) -> None:
    path = make(draft_of(shot(300), title="Hi"), tmp_path / "clip.mp4", pool)
    with av.open(path) as container:
        assert "Drawn locally" in container.metadata["comment"]
        assert container.metadata["title"] == "Hi"
    marked, plain = Planes.black(*SMALL), Planes.black(*SMALL)
    painter = Painter(draft_of(shot(300)), SMALL, "draft", {})
    painter.paint(marked, 0.0)
    painter._tracks[0][0].picture.draw(plain, 0.0)
    changed = np.argwhere(np.abs(marked.y.astype(int) - plain.y) > 12)
    assert len(changed) > 30
    assert changed.min(axis=0)[0] > 150
    assert changed.min(axis=0)[1] > 130


def test_a_title_is_drawn_where_it_is_safe_and_fades(tmp_path: Path) -> None:
    with_title, without = (
        Painter(draft_of(shot(4000), title=title), (640, 360), "draft", {}) for title in ("Dreams", "")
    )
    shown = {}
    for at_s in (0.0, 2.0, 3.99):
        first, second = Planes.black(640, 360), Planes.black(640, 360)
        with_title.paint(first, at_s)
        without.paint(second, at_s)
        shown[at_s] = np.abs(first.y.astype(int) - second.y) > 40
    assert not shown[0.0].any()
    assert not shown[3.99].any()
    rows, columns = np.nonzero(shown[2.0])
    assert len(rows) > 500
    assert columns.min() >= 32
    assert columns.max() < 608
    assert abs((columns.min() + columns.max()) / 2 - 320) < 12


def test_a_long_title_is_set_in_lines_that_fit() -> None:
    text = "The Extraordinarily Long Story of a Small Boat That Wanted to See the Whole Wide World"
    draft = Draft.parse({"t": [{"tt": 7, "sg": [{"s": 0, "d": 4000, "m": {"text": text}}]}]})
    planes = Planes.black(180, 320)
    Painter(draft, (180, 320), "draft", {}).paint(planes, 2.0)
    rows, columns = np.nonzero(planes.y[:280] > 120)
    assert len(rows) > 300
    assert columns.min() >= 9
    assert columns.max() < 171


def test_shots_follow_each_other_with_a_hard_cut(tmp_path: Path, pool: Executor) -> None:
    draft = draft_of(shot(500, scene="forest"), shot(500, scene="city"))
    pictures = frames(make(draft, tmp_path / "clip.mp4", pool))
    steps = [float(np.abs(a.astype(int) - b).mean()) for a, b in pairwise(pictures)]
    assert int(np.argmax(steps)) == 14


def test_time_without_a_shot_is_black(tmp_path: Path, pool: Executor) -> None:
    draft = Draft.parse({"t": [{"tt": 0, "sg": [{"s": 400, **shot(200)}]}]})
    pictures = frames(make(draft, tmp_path / "clip.mp4", pool))
    assert len(pictures) == 18
    assert pictures[0][:150].max() < 12
    assert pictures[-1][:150].max() > 60


@pytest.mark.parametrize(
    ("meta", "resolution", "size"),
    [
        ({}, "1080p", (1920, 1080)),
        ({"width": 1080, "height": 1920}, "1080p", (1080, 1920)),
        ({"width": 1080, "height": 1080}, "1080p", (1080, 1080)),
        ({"width": 1920, "height": 822}, "1080p", (1920, 822)),
        ({"width": 1080, "height": 1350}, "1080p", (1080, 1350)),
        ({"width": 1080, "height": 1920}, "540p", (540, 960)),
        ({"width": 1440, "height": 1080}, "720p", (960, 720)),
    ],
)
def test_the_canvas_has_the_shape_of_the_draft(meta: dict[str, int], resolution: str, size: tuple[int, int]) -> None:
    assert canvas_size(draft_of(shot(500), **meta), resolution) == size


@pytest.mark.parametrize(("asked", "given"), [((181, 321), (180, 320)), ((200, 200), (200, 200)), ((1, 1), (2, 2))])
def test_odd_sizes_are_rounded_down_to_even_ones(
    tmp_path: Path, pool: Executor, asked: tuple[int, int], given: tuple[int, int]
) -> None:
    info = probe(make(draft_of(shot(200)), tmp_path / "clip.mp4", pool, size=asked))
    assert (info.width, info.height) == given


def test_progress_rises_to_one(tmp_path: Path, pool: Executor) -> None:
    told: list[float] = []
    make(draft_of(shot(3000)), tmp_path / "clip.mp4", pool, on_progress=told.append)
    assert told == sorted(told)
    assert told[-1] == 1.0
    assert len(set(told)) > 3


def test_what_is_drawn_pixel_by_pixel_is_seen_in_widths_that_ffmpeg_would_pad(tmp_path: Path) -> None:
    def paint(planes: Planes, index: int) -> None:
        planes.clear()
        planes.y.reshape(-1)[90 * 330 : 92 * 330] = 200

    encode_frames(tmp_path / "clip.mp4", (330, 180), 30, "final", 1, paint)
    assert frames(tmp_path / "clip.mp4")[0][90:92].min() > 150


def test_stopping_keeps_the_file_that_was_there(tmp_path: Path, pool: Executor) -> None:
    out = tmp_path / "clip.mp4"
    out.write_bytes(b"the old one")
    with pytest.raises(StoppedError):
        make(draft_of(shot(2000)), out, pool, cancelled=lambda: True)
    assert out.read_bytes() == b"the old one"


def test_nothing_but_the_file_stays_in_the_folder(tmp_path: Path, pool: Executor) -> None:
    make(draft_of(shot(400)), tmp_path / "clip.mp4", pool)
    make(draft_of(shot(400)), tmp_path / "clip.mp4", pool)
    assert [path.name for path in tmp_path.iterdir()] == ["clip.mp4"]


def test_an_empty_draft_and_an_unwritable_place_are_told_apart(tmp_path: Path, pool: Executor) -> None:
    with pytest.raises(NothingToExportError):
        make(Draft.parse({}), tmp_path / "clip.mp4", pool)
    with pytest.raises(OutputPathError):
        make(draft_of(shot(200)), tmp_path / "missing" / "clip.mp4", pool)


def film(path: Path, seconds: float = 2.0, size: tuple[int, int] = (160, 90)) -> Path:
    """Write a clip that is red in its first second and blue after it."""
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = *size, "yuv420p"
        for index in range(round(seconds * 30)):
            color = (220, 20, 20) if index < 30 else (20, 20, 220)
            picture = np.full((size[1], size[0], 3), color, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    return path


def uploaded(url: str, duration_ms: int, **meta: Any) -> dict[str, Any]:
    return {"d": duration_ms, "m": {"name": "upload", "url": url, **meta}}


def middle(picture: Any) -> list[int]:
    height, width = picture.shape[:2]
    patch = picture[height // 2 - 8 : height // 2 + 8, width // 2 - 8 : width // 2 + 8]
    return [int(channel) for channel in patch.reshape(-1, 3).mean(axis=0)]


def test_an_uploaded_clip_is_shown_from_where_the_draft_says(tmp_path: Path, pool: Executor) -> None:
    assets = {"studio://1": film(tmp_path / "a.mp4", 3.0)}
    draft = draft_of(uploaded("studio://1", 1500, in_ms=500))
    pictures = frames(make(draft, tmp_path / "clip.mp4", pool, assets=assets))
    assert len(pictures) == 45
    assert middle(pictures[5])[0] > 150
    assert middle(pictures[14])[0] > 150
    assert middle(pictures[16])[2] > 150
    assert middle(pictures[40])[2] > 150


def test_a_clip_of_another_shape_gets_black_bars(tmp_path: Path, pool: Executor) -> None:
    assets = {"studio://1": film(tmp_path / "a.mp4", size=(90, 160))}
    picture = frames(make(draft_of(uploaded("studio://1", 300)), tmp_path / "clip.mp4", pool, assets=assets))[0]
    assert picture[90, :100].max() < 16
    assert middle(picture)[0] > 150


def test_a_clip_that_ends_early_holds_its_last_frame(tmp_path: Path, pool: Executor) -> None:
    assets = {"studio://1": film(tmp_path / "a.mp4", 1.5)}
    pictures = frames(make(draft_of(uploaded("studio://1", 2500)), tmp_path / "clip.mp4", pool, assets=assets))
    assert middle(pictures[-1])[2] > 150


def test_a_photo_fills_the_canvas_and_moves(tmp_path: Path, pool: Executor) -> None:
    gradient = np.linspace(0, 255, 400, dtype=np.uint8)
    Image.fromarray(np.stack([np.tile(gradient, (300, 1))] * 3, axis=-1)).save(tmp_path / "a.png")
    assets = {"studio://1": tmp_path / "a.png"}
    pictures = frames(make(draft_of(uploaded("studio://1", 2000)), tmp_path / "clip.mp4", pool, assets=assets))
    assert pictures[0][90, 300].mean() > 200
    assert np.abs(pictures[0].astype(int) - pictures[-1]).max() > 1


def test_an_upload_that_is_gone_or_broken_is_named(tmp_path: Path, pool: Executor) -> None:
    with pytest.raises(MediaError, match="upload is not there"):
        make(draft_of(uploaded("studio://9", 300)), tmp_path / "clip.mp4", pool)
    (tmp_path / "bad.mp4").write_bytes(b"no film at all")
    with pytest.raises(MediaError, match=r"bad\.mp4"):
        make(draft_of(uploaded("u", 300)), tmp_path / "clip.mp4", pool, assets={"u": tmp_path / "bad.mp4"})
    assert sorted(path.name for path in tmp_path.iterdir()) == ["bad.mp4"]


@pytest.mark.slow
@pytest.mark.parametrize("shape", [(1920, 1080), (1080, 1920), (1080, 1080)])
def test_full_size_final_renders(tmp_path: Path, shape: tuple[int, int]) -> None:
    draft = draft_of(shot(3000, scene="city"), title="Urban Dreams", music="lofi", width=shape[0], height=shape[1])
    with render_pool(2) as executor:
        size = canvas_size(draft, "1080p")
        info = probe(make(draft, tmp_path / "clip.mp4", executor, size=size, quality="final"))
    assert (info.width, info.height) == shape
    assert (info.video_codec, info.audio_codec) == ("h264", "aac")
    assert info.duration_s == pytest.approx(3.0, abs=1 / 30)
