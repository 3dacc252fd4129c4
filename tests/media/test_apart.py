"""What the program asks about a file without opening it, and how long the answer may take."""

import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from nemo_widgets.errors import MediaError
from nemo_widgets.media import service as service_module
from nemo_widgets.media.apart import look, probe
from nemo_widgets.media.limits import LIMITS_S, ProcessorTime
from nemo_widgets.media.probe import probe as probe_here
from nemo_widgets.media.service import MediaService

Films = Callable[..., Path]

CLIP = """
import sys
from pathlib import Path
from nemo_widgets.client import Clip
clip = Clip.of_file(Path(sys.argv[1]), backend="local")
print(clip.width, clip.height, clip.fps, "av" in sys.modules)
"""


@pytest.fixture
def own() -> Iterator[MediaService]:
    service = MediaService()
    yield service
    service.close()


def test_the_facts_are_the_same_as_here(films: Films) -> None:
    path = films("plain.mp4")
    assert probe(path) == probe_here(path)
    info, poster = look(path)
    assert info == probe_here(path)
    assert poster is not None
    assert poster.startswith(b"\xff\xd8")


def test_a_clip_is_read_without_opening_its_file_in_this_process(films: Films) -> None:
    done = subprocess.run([sys.executable, "-c", CLIP, films("plain.mp4")], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["160", "90", "25.0", "False"]


def test_sound_alone_has_no_poster(films: Films) -> None:
    info, poster = look(films("sound.mp3", video="", audio="libmp3lame"))
    assert (info.width, poster) == (0, None)


def test_a_file_that_is_no_film_is_refused_in_words(tmp_path: Path) -> None:
    path = tmp_path / "notes.mp4"
    path.write_text("ffconcat version 1.0\nfile /etc/passwd\n")
    for ask in (probe, look):
        with pytest.raises(MediaError, match=r"notes\.mp4"):
            ask(path)
    with pytest.raises(MediaError, match="Check the path"):
        probe(tmp_path / "missing.mp4")


SPINNING = """
import sys
sys.path += {path!r}
from nemo_widgets.media import desk, helper, limits
limits.LIMITS_S["probe"] = 0.5
def spin(path):
    while True:
        pass
desk.probe = spin
helper.main()
"""


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not bound processor time")
def test_a_file_that_keeps_the_processor_busy_ends_the_helper(
    own: MediaService, films: Films, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service_module, "_PROGRAM", SPINNING)
    monkeypatch.setitem(LIMITS_S, "probe", 600.0)  # of the clock, which a loaded machine takes more of
    with pytest.raises(MediaError, match="broke off"):
        own.ask("probe", films("plain.mp4"))
    monkeypatch.undo()
    assert own.ask("probe", films("plain.mp4"))[0]["width"] == 160


@pytest.mark.skipif(sys.platform == "win32", reason="Windows does not bound processor time")
def test_processor_time_is_bounded_only_while_there_is_work() -> None:
    import resource

    before, most = resource.getrlimit(resource.RLIMIT_CPU)
    processors = ProcessorTime()
    try:
        with processors.granted(1000):
            alone = resource.getrlimit(resource.RLIMIT_CPU)[0]
            with processors.granted(500):
                assert alone + 500 <= resource.getrlimit(resource.RLIMIT_CPU)[0] <= alone + 1500
            assert resource.getrlimit(resource.RLIMIT_CPU)[0] < alone + 500
        assert resource.getrlimit(resource.RLIMIT_CPU) == (most, most)
    finally:
        resource.setrlimit(resource.RLIMIT_CPU, (before, most))


def read_bytes(process_id: int) -> int:
    """Return how much a process has read in its life (Linux)."""
    counts = dict(line.split(": ") for line in Path(f"/proc/{process_id}/io").read_text().splitlines())
    return int(counts["rchar"])


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much a process has read")
def test_a_long_clip_is_not_read_through_before_it_is_shown(own: MediaService, films: Films) -> None:
    long = films("long.mkv", video="rawvideo", audio="", seconds=8.0, size=(640, 360))
    size_bytes = long.stat().st_size
    assert size_bytes > 60e6
    own.ask("clip", films("plain.mp4"))
    before = read_bytes(own.process_id or 0)
    told, posters = own.ask("clip", long)
    assert (told["width"], told["fps"], len(posters)) == (640, 25.0, 1)
    assert told["duration_s"] == pytest.approx(8.0, abs=0.05)
    assert read_bytes(own.process_id or 0) - before < size_bytes / 2  # each opening takes 5 MB to tell the codecs


def test_a_clip_is_told_as_it_is_shown(own: MediaService, films: Films, tmp_path: Path) -> None:
    told, posters = own.ask("clip", films("plain.mp4"))
    assert (told["width"], told["height"], told["fps"]) == (160, 90, 25.0)
    assert told["duration_s"] == own.ask("facts", films("plain.mp4"))[0]["duration_s"]
    assert len(posters) == 1
    (tmp_path / "empty.mp4").touch()
    with pytest.raises(MediaError, match="is empty"):
        own.ask("clip", tmp_path / "empty.mp4")
