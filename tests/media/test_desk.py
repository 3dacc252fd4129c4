"""The media helper's answers about turned films, pictures, sound, and films that were trimmed without encoding."""

import asyncio
import io
import struct
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from nemo_widgets.media.poster import poster_jpeg
from nemo_widgets.media.service import MediaService

Films = Callable[..., Path]


@pytest.fixture(scope="module")
def service() -> Iterator[MediaService]:
    own = MediaService()
    yield own
    own.close()


def turned(film: bytes, rows: tuple[int, int, int, int]) -> bytes:
    """Give a film's first track a display matrix (ISO/IEC 14496-12 section 8.3.2)."""
    a, b, c, d = (value * 0x10000 for value in rows)
    at = film.index(b"tkhd") + 4 + 40
    matrix = struct.pack(">9i", a, b, 0, c, d, 0, 0, 0, 0x40000000)
    return film[:at] + matrix + film[at + len(matrix) :]


def half_white(path: Path) -> Path:
    """Write a film whose upper half is white."""
    with av.open(path, "w") as container:
        stream = container.add_stream("libx264", rate=25)
        stream.width, stream.height, stream.pix_fmt = 160, 90, "yuv420p"
        pixels = np.zeros((90, 160, 3), np.uint8)
        pixels[:45] = 255
        for _ in range(25):
            container.mux(stream.encode(av.VideoFrame.from_ndarray(pixels, format="rgb24")))
        container.mux(stream.encode(None))
    return path


@pytest.mark.parametrize(
    ("rows", "white"),
    [((0, 1, -1, 0), "right"), ((-1, 0, 0, -1), "lower"), ((0, -1, 1, 0), "left")],
    ids=["clockwise", "half", "counter-clockwise"],
)
def test_a_turned_film_is_shown_upright_everywhere(
    service: MediaService, tmp_path: Path, rows: tuple[int, int, int, int], white: str
) -> None:
    path = tmp_path / "turned.mp4"
    path.write_bytes(turned(half_white(tmp_path / "film.mp4").read_bytes(), rows))
    facts, _ = service.ask("facts", path)
    size = (160, 90) if white == "lower" else (90, 160)
    assert (facts["width"], facts["height"]) == size
    assert facts["rotation"] in {90, 180, 270}
    _, [png] = service.ask("snapshot", path, time_s=0.5)
    _, [init, data] = service.ask("segment", path, form="converted", start_s=0.0, length_s=0.2, init=True)
    with av.open(io.BytesIO(init + data)) as container:
        converted = next(container.decode(video=0))
    assert converted.rotation == 0
    for picture in (Image.open(io.BytesIO(png)), converted.to_image(), Image.open(io.BytesIO(poster_jpeg(path)))):
        assert picture.size == size
        grey = np.asarray(picture.convert("L")).astype(int)
        middle_y, middle_x = grey.shape[0] // 2, grey.shape[1] // 2
        bright = {
            "right": grey[:, middle_x + 4 :],
            "left": grey[:, : middle_x - 4],
            "lower": grey[middle_y + 4 :],
            "upper": grey[: middle_y - 4],
        }
        assert max(bright, key=lambda side: bright[side].mean()) == white


def test_a_turned_film_that_is_copied_is_left_to_the_player(service: MediaService, tmp_path: Path) -> None:
    path = tmp_path / "turned.mp4"
    path.write_bytes(turned(half_white(tmp_path / "film.mp4").read_bytes(), (0, 1, -1, 0)))
    _, [init, data] = service.ask("segment", path, form="native", start_s=0.0, length_s=0.2, init=True)
    with av.open(io.BytesIO(init + data)) as container:
        assert next(container.decode(video=0)).rotation == 0, "else a browser would turn it once more"


@pytest.mark.parametrize("gop", [1000, 5], ids=["one keyframe", "a keyframe a tile"])
def test_a_filmstrip_shows_what_is_there_at_each_moment(service: MediaService, films: Films, gop: int) -> None:
    film = films("strip.mp4", gop=gop, options={"sc_threshold": "0"}, audio="")
    told, (jpeg,) = service.ask("filmstrip", film, count=10, height_px=36)
    assert told["count"] == 10
    sheet = np.asarray(Image.open(io.BytesIO(jpeg)))
    width = told["tile_width_px"]
    for number, at_s in enumerate(told["times_s"]):
        assert abs(at_s - (number + 0.5) * 0.2) <= 0.1 + 1e-6  # half of what a tile stands for
        red = sheet[4:32, number * width + 4 : (number + 1) * width - 4, 0].mean()
        shown = int(at_s * 25 + 1e-3)
        assert abs(red - shown * 7 % 200) < 12, (number, at_s)


@pytest.mark.parametrize("kind", ["png", "jpg", "gif", "webp"])
def test_a_picture_is_a_picture(service: MediaService, tmp_path: Path, kind: str) -> None:
    path = tmp_path / f"still.{kind}"
    frames = [Image.new("RGB", (64, 48), colour) for colour in ("red", "blue")]
    moving = {"save_all": True, "append_images": frames[1:]} if kind in {"gif", "webp"} else {}
    frames[0].save(path, **moving)
    facts, _ = service.ask("facts", path)
    assert (facts["kind"], facts["width"], facts["height"], facts["native"]) == ("picture", 64, 48, "")
    told, [png] = service.ask("snapshot", path, time_s=0.0)
    red, _, blue = Image.open(io.BytesIO(png)).getpixel((10, 10))  # type: ignore[misc]
    assert red > 200 > blue
    assert told["time_s"] == 0
    assert service.ask("waveform", path, count=10) == ({"count": 0}, [])


def test_peaks_are_as_loud_as_the_sound(service: MediaService, films: Films) -> None:
    path = films("short-sound.mp4", sound_s=0.8)
    told, [peaks] = service.ask("waveform", path, count=20)
    assert told["count"] == 20
    assert list(peaks[:7]) == pytest.approx([102] * 7, abs=8)
    assert list(peaks[10:]) == [0] * 10


def test_a_script_that_asks_is_run_once(tmp_path: Path, films: Films) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "print('begun')\n"
        "from pathlib import Path\n"
        "from nemo_widgets.media.service import service\n"
        f"print(service.ask('facts', Path({str(films('plain.mp4'))!r}))[0]['kind'])\n"
    )
    (tmp_path / "av.py").write_text("raise SystemExit('a file of the person was run')\n")
    ran = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=60, check=False)
    assert (ran.stdout.split(), ran.stderr) == (["begun", "video"], "")


def test_a_request_is_answered_after_others_were_given_up(service: MediaService, films: Films) -> None:
    path = films("plain.mp4")

    async def give_up() -> None:
        for _ in range(8):
            _, answered = service.submit("facts", path)
            asyncio.wrap_future(answered).cancel()
        await asyncio.sleep(0)

    asyncio.run(give_up())
    _, answered = service.submit("facts", path)
    assert answered.result(timeout=20)[0]["kind"] == "video"
