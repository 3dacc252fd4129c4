"""All thirteen types go up, into a timeline by a sentence, and are seen or heard in what is rendered."""

from collections.abc import Iterator
from pathlib import Path

import av
import numpy as np
import pytest

from nemo_widgets.client import Session, connect
from nemo_widgets.kernel import run
from nemo_widgets.local import LocalStudio

from ..small_files import make

FILMS = ("mp4", "mov", "avi", "webm", "mkv")
PHOTOS = ("jpg", "png", "gif", "webp")
SOUNDS = ("mp3", "wav", "m4a", "aac")


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    with LocalStudio() as running:
        yield running


@pytest.fixture
def session(studio: LocalStudio) -> Iterator[Session]:
    client = connect(studio.url, token=studio.token)
    yield client.new_session()
    run(client.close())


def written(folder: Path, kinds: tuple[str, ...], **how: float) -> list[Path]:
    """Write a file of each type, each of another grey and tone."""
    paths = []
    for number, kind in enumerate(kinds):
        path = folder / f"my {kind}.{kind}"
        path.write_bytes(make(kind, 30 + 22 * number, tone_hz=300 + 100 * number, **how))
        paths.append(path)
    return paths


@pytest.mark.slow  # it draws nine seconds
def test_five_films_and_four_photos_are_each_seen_in_the_render(session: Session, tmp_path: Path) -> None:
    films, photos = written(tmp_path, FILMS, seconds=1.0), written(tmp_path, PHOTOS)
    run(session.upload(*films, *photos))
    names = ", ".join(film.name for film in films)
    run(session.send(f"use {names} one after the other", show=False))
    for photo in photos:
        turn = run(session.send(f"add {photo.name} at the end for 1 second with a slow zoom", show=False))
    (track,) = turn.draft.tracks
    assert [segment.name for segment in track.segments] == [path.name for path in (*films, *photos)]
    assert track.segments[-1].end_ms == 9000
    clip = run(session.export(tmp_path / "out.mp4", resolution="360p", quality="draft", show=False))
    with av.open(str(clip.path)) as file:
        shown = {round(frame.time, 2): frame.to_ndarray(format="gray") for frame in file.decode(video=0)}
    greys = [float(shown[second + 0.5][120:240, 240:400].mean()) for second in range(9)]
    wanted = [(30 + 22 * number - 16) * 255 / 219 for number in range(5)] + [30 + 22 * number for number in range(4)]
    assert greys == pytest.approx(wanted, abs=6)


def test_four_kinds_of_sound_are_each_heard_in_the_render(session: Session, tmp_path: Path) -> None:
    sounds = written(tmp_path, SOUNDS, seconds=1.0)
    (photo,) = written(tmp_path, ("png",))
    run(session.upload(photo, *sounds))
    run(session.send(f"use {photo.name} for 1 second", show=False))
    for number, sound in enumerate(sounds):
        run(session.send(f"use {sound.name} as the music", show=False))
        clip = run(session.export(tmp_path / f"{number}.mp4", resolution="360p", quality="draft", show=False))
        with av.open(str(clip.path)) as file:
            heard = np.concatenate([frame.to_ndarray().mean(axis=0) for frame in file.decode(audio=0)])
            rate = file.streams.audio[0].rate
        loudest_hz = np.argmax(np.abs(np.fft.rfft(heard))) * rate / len(heard)
        assert loudest_hz == pytest.approx(300 + 100 * number, abs=5)


def test_the_sentence_of_the_readme_is_understood(session: Session, tmp_path: Path) -> None:
    (clip,), (photo,) = written(tmp_path, ("mov",), seconds=2.0), written(tmp_path, ("jpg",))
    run(session.upload(photo, clip))
    turn = run(session.send("use my clip first, then the photo for 3 seconds with a slow zoom", show=False))
    (track,) = turn.draft.tracks
    assert [(segment.name, segment.start_ms, segment.end_ms) for segment in track.segments] == [
        (clip.name, 0, 2000),
        (photo.name, 2000, 5000),
    ]
    turn = run(session.send(f"make @{photo.name} 2 seconds long", show=False))
    assert turn.draft.tracks[0].segments[1].duration_ms == 2000
