"""What a draft says about its shots is what is seen: transitions, fades, speed, turns, colours, hostile numbers."""

import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from nemo_widgets.local.picture.compose import Painter
from nemo_widgets.local.picture.scenes.planes import Floats, Planes
from nemo_widgets.local.picture.shots import read_shot
from nemo_widgets.protocol.draft import Draft

SIZE = (192, 108)
TOP = 88
"""Rows above the line in the corner."""


def counting_film(path: Path, seconds: float = 2.0, size: tuple[int, int] = (64, 36), keyframes: int = 250) -> Path:
    """Write a grey clip at 30 frames a second whose luma rises by one a frame, from 40 on."""
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "4"})
        stream.width, stream.height, stream.pix_fmt = *size, "yuv444p"
        stream.codec_context.gop_size = keyframes
        for index in range(round(seconds * 30)):
            frame = av.VideoFrame(*size, "yuv444p")
            for plane, value in zip(frame.planes, (40 + index, 128, 128), strict=True):
                plane.update(bytes([value]) * plane.buffer_size)
            frame.pts = index
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def photo(path: Path, color: tuple[int, int, int], size: tuple[int, int] = (64, 36)) -> Path:
    Image.new("RGB", size, color).save(path)
    return path


class Studio:
    """Uploaded files, and drafts that use them."""

    def __init__(self, folder: Path) -> None:
        self.assets = {
            "film": counting_film(folder / "film.mp4"),
            "white": photo(folder / "white.png", (255, 255, 255)),
            "grey": photo(folder / "grey.png", (110, 110, 110)),
            "red": photo(folder / "red.png", (220, 30, 30)),
        }

    def frame(self, at_s: float, *tracks: list[Mapping[str, Any]], size: tuple[int, int] = SIZE) -> Planes:
        draft = Draft.parse({"t": [{"tt": 0, "sg": track} for track in tracks]})
        planes = Planes.black(*size)
        planes.y[:] = 77
        Painter(draft, size, "draft", self.assets).paint(planes, at_s)
        return planes


def of(url: str, duration_ms: int, start_ms: int | None = None, **meta: Any) -> dict[str, Any]:
    segment: dict[str, Any] = {"d": duration_ms, "m": {"url": url, "name": url, "camera": "still", **meta}}
    return segment if start_ms is None else {**segment, "s": start_ms}


@pytest.fixture(scope="module")
def studio(tmp_path_factory: pytest.TempPathFactory) -> Studio:
    return Studio(tmp_path_factory.mktemp("uploads"))


def level(planes: Planes, left: float = 0.25, right: float = 0.75) -> float:
    """Return the luma of the upper part, between two shares of the width."""
    width = planes.width
    return float(planes.y[4:TOP, round(width * left) : round(width * right)].mean())


def count(planes: Planes) -> int:
    """Return which frame of the counting film is seen."""
    return round(level(planes)) - 40


def coming(kind: str, ms: int = 1000) -> dict[str, Any]:
    return {"kind": kind, "ms": ms}


WHITE, GREY, BLACK = 235, 110 / 255 * 219 + 16, 16


@pytest.mark.parametrize(("at_s", "share"), [(1.0, 0.0), (1.25, 0.15625), (1.5, 0.5), (1.75, 0.84375), (2.0, 1.0)])
def test_a_crossfade_goes_from_one_shot_to_the_next(studio: Studio, at_s: float, share: float) -> None:
    shots = [of("white", 1000), of("grey", 2000, transition=coming("crossfade"))]
    assert level(studio.frame(at_s, shots)) == pytest.approx(WHITE + (GREY - WHITE) * share, abs=1.5)


def test_a_fade_over_black_is_black_in_the_middle(studio: Studio) -> None:
    shots = [of("white", 1000), of("grey", 2000, transition=coming("fade_black"))]
    levels = [level(studio.frame(at_s, shots)) for at_s in (1.0, 1.25, 1.5, 1.75, 2.0)]
    middles = ((WHITE + BLACK) / 2, BLACK, (GREY + BLACK) / 2)
    assert levels == pytest.approx([WHITE, middles[0], middles[1], middles[2], GREY], abs=1.5)


def test_a_wipe_uncovers_the_new_shot_from_the_left(studio: Studio) -> None:
    shots = [of("white", 1000), of("grey", 2000, transition=coming("wipe"))]
    half = studio.frame(1.5, shots)
    assert level(half, 0.0, 0.4) == pytest.approx(GREY, abs=1)
    assert level(half, 0.6, 1.0) == pytest.approx(WHITE, abs=1)
    assert level(studio.frame(1.0, shots), 0, 1) == pytest.approx(WHITE, abs=1)
    assert level(studio.frame(1.999, shots), 0, 1) == pytest.approx(GREY, abs=1)


def test_a_slide_pushes_the_old_shot_out(studio: Studio) -> None:
    shots = [of("white", 1000), of("grey", 2000, transition=coming("slide"))]
    half = studio.frame(1.5, shots)
    assert level(half, 0.0, 0.48) == pytest.approx(WHITE, abs=1)
    assert level(half, 0.52, 1.0) == pytest.approx(GREY, abs=1)


def test_the_earlier_shot_goes_on_underneath(studio: Studio) -> None:
    shots = [of("film", 1000), of("grey", 2000, transition=coming("wipe"))]
    under = studio.frame(1.3, shots)
    assert level(under, 0.7, 1.0) - 40 == pytest.approx(39, abs=1)


def test_the_first_shot_comes_in_from_black(studio: Studio) -> None:
    shots = [of("white", 2000, transition=coming("crossfade"))]
    assert level(studio.frame(0.5, shots)) == pytest.approx((WHITE + BLACK) / 2, abs=1.5)


def test_a_shot_fades_in_from_black_and_out_to_it(studio: Studio) -> None:
    shots = [of("red", 3000, fade_in_ms=1000, fade_out_ms=500)]
    levels = [level(studio.frame(at_s, shots)) for at_s in (0.0, 0.5, 1.5, 2.75, 2.999)]
    full = levels[2]
    assert levels == pytest.approx([BLACK, (full + BLACK) / 2, full, (full + BLACK) / 2, BLACK], abs=1.5)
    assert abs(studio.frame(0.0, shots).v[:40].astype(int) - 128).max() == 0


@pytest.mark.parametrize("speed", [0.1, 0.5, 1, 2, 8])
def test_speed_stretches_a_clip_or_presses_it_together(studio: Studio, speed: float) -> None:
    for at_s in (0.0, 0.5, 0.9):
        shown = count(studio.frame(at_s, [of("film", 1000, speed=speed)]))
        assert shown == pytest.approx(min(59, int(at_s * speed * 30 + 1e-6)), abs=0)


@pytest.mark.parametrize("keyframes", [250, 12])
def test_a_clip_runs_backwards_from_its_end(studio: Studio, tmp_path: Path, keyframes: int) -> None:
    studio.assets["again"] = counting_film(tmp_path / "again.mp4", keyframes=keyframes)
    draft = Draft.parse({"t": [{"tt": 0, "sg": [of("again", 1500, reverse=True, in_ms=200)]}]})
    painter, planes = Painter(draft, SIZE, "draft", studio.assets), Planes.black(*SIZE)
    shown = []
    for index in range(45):
        painter.paint(planes, index / 30)
        shown.append(count(planes))
    assert shown == [51 - index for index in range(45)]


def test_a_clip_begins_where_the_draft_says_and_its_last_frame_stays(studio: Studio) -> None:
    assert count(studio.frame(0.2, [of("film", 1000, in_ms=1000)])) == 36
    assert count(studio.frame(4.0, [of("film", 5000)])) == 59
    assert count(studio.frame(0.0, [of("film", 1000, in_ms=60_000)])) == 59


def test_a_picture_in_the_picture_lies_in_its_frame(studio: Studio) -> None:
    small = of("white", 2000, 0, frame=[0.5, 0.25, 0.25, 0.5])
    picture = studio.frame(1.0, [of("grey", 2000)], [small])
    assert picture.y[28:82, 96:144].min() == 235
    outside = picture.y[:TOP].astype(float).sum() - picture.y[28:82, 96:144].astype(float).sum()
    assert outside / (TOP * 192 - 54 * 48) == pytest.approx(GREY, abs=0.5)


def test_a_picture_in_the_picture_fades_over_what_is_below(studio: Studio) -> None:
    small = of("white", 2000, 0, frame=[0, 0, 0.5, 0.5], fade_in_ms=1000)
    assert level(studio.frame(0.5, [of("grey", 2000)], [small]), 0.1, 0.4) > GREY + 20
    assert studio.frame(0.5, [of("grey", 2000)], [small]).y[20, 20] == pytest.approx((WHITE + GREY) / 2, abs=2)


def test_a_later_track_lies_over_an_earlier_one(studio: Studio) -> None:
    tracks = [of("white", 3000)], [of("grey", 1000, 1000, transition=coming("crossfade", 500))]
    levels = [level(studio.frame(at_s, *tracks)) for at_s in (0.5, 1.25, 1.75, 2.5)]
    assert levels == pytest.approx([WHITE, (WHITE + GREY) / 2, GREY, WHITE], abs=1.5)


def corners(planes: Planes) -> list[int]:
    """Return the luma at the upper left, upper right, lower left and lower right."""
    rows, columns = (planes.height // 4, planes.height * 5 // 8), (planes.width // 4, planes.width * 3 // 4)
    return [round(float(planes.y[y - 4 : y + 4, x - 4 : x + 4].mean())) for y in rows for x in columns]


@pytest.mark.parametrize(
    ("meta", "expected"),
    [
        ({}, "abcd"),
        ({"rotate": 90}, "cadb"),
        ({"rotate": 180}, "dcba"),
        ({"rotate": 270}, "bdac"),
        ({"flip": "h"}, "badc"),
        ({"flip": "v"}, "cdab"),
        ({"rotate": 90, "flip": "h"}, "acbd"),
    ],
)
def test_shots_are_turned_to_the_right_and_then_mirrored(
    studio: Studio, tmp_path: Path, meta: dict[str, Any], expected: str
) -> None:
    picture = np.zeros((100, 100, 3), np.uint8)
    tones = dict(zip("abcd", (40, 100, 160, 220), strict=True))
    for index, tone in enumerate(tones.values()):
        picture[index // 2 * 50 :][:50, index % 2 * 50 :][:, :50] = tone
    Image.fromarray(picture).save(tmp_path / "quarters.png")
    studio.assets["quarters"] = tmp_path / "quarters.png"
    seen = corners(studio.frame(0.5, [of("quarters", 1000, **meta)], size=(160, 160)))
    assert seen == pytest.approx([tones[letter] / 255 * 219 + 16 for letter in expected], abs=3)


def test_a_drawn_scene_is_turned_too(studio: Studio) -> None:
    plain, turned = (
        studio.frame(0.5, [{"d": 1000, "m": {"scene": "sea", "seed": 2, "camera": "still", **meta}}], size=size)
        for meta, size in (({}, (108, 192)), ({"rotate": 90}, (192, 108)))
    )
    assert np.array_equal(np.rot90(plain.y, -1)[4:80, 30:100], turned.y[4:80, 30:100])


@pytest.mark.parametrize("turn", [0, 90, 180, 270])
def test_a_clip_that_was_filmed_on_its_side_is_put_upright(studio: Studio, tmp_path: Path, turn: int) -> None:
    """Phones write how they were held into the track header's matrix (ISO/IEC 14496-12, section 8.3.2)."""
    path = tmp_path / "phone.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=30, options={"crf": "4"})
        stream.width, stream.height, stream.pix_fmt = 96, 96, "yuv420p"
        picture = np.full((96, 96, 3), 40, np.uint8)
        picture[:48, :48] = 220
        for _ in range(5):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    cosine, sine = {0: (1, 0), 90: (0, 1), 180: (-1, 0), 270: (0, -1)}[turn]
    data = bytearray(path.read_bytes())
    at = data.index(b"tkhd") + 4 + 40
    data[at : at + 36] = struct.pack(
        ">9i", cosine << 16, sine << 16, 0, -sine << 16, cosine << 16, 0, 0, 0, 1 << 30
    )  # fmt: skip
    path.write_bytes(data)
    studio.assets["phone"] = path
    bright = corners(studio.frame(0.1, [of("phone", 1000)], size=(160, 160)))
    # The matrix turns to the right: what was at the upper left moves to the upper right first.
    assert int(np.argmax(bright)) == {0: 0, 90: 1, 180: 3, 270: 2}[turn]


def test_a_clip_with_pixels_that_are_not_square_keeps_its_shape(studio: Studio, tmp_path: Path) -> None:
    path = tmp_path / "dv.mp4"
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=30)
        stream.width, stream.height, stream.pix_fmt = 72, 90, "yuv420p"
        stream.codec_context.sample_aspect_ratio = 2
        for _ in range(5):
            picture = np.full((90, 72, 3), 200, np.uint8)
            container.mux(stream.encode(av.VideoFrame.from_ndarray(picture, format="rgb24")))
        container.mux(stream.encode(None))
    studio.assets["dv"] = path
    lit = studio.frame(0.1, [of("dv", 1000)]).y[40] > 100
    assert int(lit.sum()) == pytest.approx(108 * 144 / 90, abs=4)


@pytest.mark.parametrize("size", [(65, 37), (37, 65), (500, 9), (9, 500), (3, 3)], ids=str)
@pytest.mark.parametrize("canvas", [SIZE, (108, 192), (2, 2)], ids=str)
def test_photos_of_any_shape_fit(
    studio: Studio, tmp_path: Path, size: tuple[int, int], canvas: tuple[int, int]
) -> None:
    studio.assets["odd"] = photo(tmp_path / "odd.png", (250, 250, 250), size)
    for camera in ("", "still", "handheld"):
        planes = studio.frame(0.5, [of("odd", 1000, camera=camera)], size=canvas)
        assert planes.y.max() > 90


def test_a_tall_photo_is_seen_whole_on_a_wide_canvas(studio: Studio, tmp_path: Path) -> None:
    picture = np.full((180, 60, 3), 120, np.uint8)
    picture[:18], picture[-18:] = 255, 255
    Image.fromarray(picture).save(tmp_path / "tall.png")
    studio.assets["tall"] = tmp_path / "tall.png"
    # The line in the corner of so large a canvas ends to the right of the middle.
    planes = studio.frame(0.5, [of("tall", 1000)], size=(960, 540))
    assert planes.y[10, 440:520].min() > 220
    assert planes.y[530, 440:520].min() > 220
    assert planes.y[250, 50] < 100


@pytest.mark.parametrize(
    ("grade", "higher", "lower"),
    [
        ({"warmth": 0.8}, "red", "blue"),
        ({"warmth": -0.8}, "blue", "red"),
        ({"brightness": 0.5}, "light", ""),
        ({"brightness": -0.5}, "", "light"),
        ({"contrast": 0.8}, "spread", ""),
        ({"contrast": -0.8}, "", "spread"),
        ({"saturation": 0.8}, "colour", ""),
        ({"saturation": -1.0}, "", "colour"),
    ],
)
def test_grades_do_what_they_are_called(studio: Studio, grade: dict[str, float], higher: str, lower: str) -> None:
    plain, graded = (
        measure(studio.frame(1.0, [{"d": 2000, "m": {"scene": "forest", "seed": 2, "palette": "green", **meta}}]))
        for meta in ({}, {"grade": grade})
    )
    if higher:
        assert graded[higher] > plain[higher] * 1.05
    if lower:
        assert graded[lower] < plain[lower] * 0.95


def measure(planes: Planes) -> dict[str, float]:
    upper = Planes(planes.y[:TOP], planes.u[: TOP // 2], planes.v[: TOP // 2])
    u, v = (plane.astype(float) - 128 for plane in (upper.u, upper.v))
    light: Floats = upper.y.astype(np.float32)
    return {
        "red": 128 + float(v.mean()),
        "blue": 128 + float(u.mean()),
        "light": float(light.mean()),
        "spread": float(light.std()),
        "colour": float(np.hypot(u, v).mean()),
    }


WORDS = st.sampled_from(["", "crossfade", "slide", "rain", "noir", "handheld", "pull", "sea", "h", "\0", "💥"])
JUNK: st.SearchStrategy[Any] = st.one_of(
    st.none(), st.booleans(), st.integers(), st.floats(), WORDS, st.lists(st.floats(), max_size=5),
    st.dictionaries(st.sampled_from(["kind", "ms", "warmth", "contrast"]), st.one_of(st.floats(), WORDS)),
)  # fmt: skip
KEYS = ["in_ms", "speed", "reverse", "transition", "fade_in_ms", "fade_out_ms", "grade", "frame", "rotate", "flip",
        "seed", "camera", "weather", "style", "palette", "scene", "url", "volume"]  # fmt: skip


@settings(max_examples=60)
@given(st.dictionaries(st.sampled_from([key for key in KEYS if key != "url"]), JUNK), st.integers(0, 4000))
def test_whatever_a_draft_says_a_frame_is_painted(meta: dict[str, Any], duration_ms: int) -> None:
    draft = Draft.parse(
        {"t": [{"tt": 0, "sg": [{"d": 1000, "m": {"scene": "abstract_light"}}, {"d": duration_ms, "m": meta}]}]}
    )
    for track in draft.tracks:
        for segment in track.segments:
            read_shot(segment)
    planes = Planes.black(64, 36)
    painter = Painter(draft, (64, 36), "draft", {})
    for at_s in (0.5, 1.0, 1.2, 1.0 + duration_ms / 1000):
        painter.paint(planes, at_s)


def test_values_this_version_does_not_know_change_nothing(studio: Studio) -> None:
    unknown = {"style": "sepia", "weather": "locusts", "camera": "crane", "flip": "x", "transition": coming("melt")}
    plain, odd = (studio.frame(0.5, [{"d": 1000, "m": {"scene": "city", "seed": 3, **meta}}]) for meta in ({}, unknown))
    assert np.array_equal(plain.y, odd.y)
