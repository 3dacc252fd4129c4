"""The player on the Python side: the facts of a clip, its bytes in ranges, and what stays without a kernel."""

import base64
import re
from pathlib import Path

import pytest

from nemo_widgets.client import Clip
from nemo_widgets.errors import InputError, MediaError
from nemo_widgets.widgets.fallback import conversation_html, fallback_html
from nemo_widgets.widgets.messages import MAX_RANGE_BYTES
from nemo_widgets.widgets.player import VideoPlayer, show_clip
from nemo_widgets.widgets.states import ClipFacts, StudioState, TurnState


def test_the_facts_come_from_the_file(clip_path: Path) -> None:
    facts = VideoPlayer(clip_path).clip
    assert (facts.width, facts.height, facts.fps) == (320, 180, 30)
    assert facts.duration_s == pytest.approx(1, abs=0.05)
    assert facts.size_bytes == clip_path.stat().st_size
    assert facts.mime == "video/mp4"


def test_the_poster_is_a_small_jpeg(clip_path: Path) -> None:
    kind, _, data = VideoPlayer(clip_path).clip.poster.partition(",")
    jpeg = base64.b64decode(data)
    assert kind == "data:image/jpeg;base64"
    assert jpeg.startswith(b"\xff\xd8")
    assert len(jpeg) <= 8192


def test_ranges_put_together_are_the_file(view_of, clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    view = view_of(player)
    size = clip_path.stat().st_size
    pieces = []
    for offset in range(0, size, 1000):
        reply, buffers = view.ask_for_bytes("read_range", clip=player.clip.id, offset=offset, length=1000)
        assert reply["type"] == "range_data"
        assert reply["total_bytes"] == size
        pieces += buffers
    assert b"".join(pieces) == clip_path.read_bytes()


@pytest.mark.parametrize(("offset", "length"), [(-1, 10), (0, 0), (0, -5), (0, MAX_RANGE_BYTES + 1)])
def test_a_range_that_is_none_is_refused(view_of, clip_path: Path, offset: int, length: int) -> None:
    player = VideoPlayer(clip_path)
    reply = view_of(player).ask("read_range", clip=player.clip.id, offset=offset, length=length)
    assert reply["type"] == "failed"


def test_only_clips_on_show_are_given_out(view_of, clip_path: Path) -> None:
    reply = view_of(VideoPlayer(clip_path)).ask("read_range", clip="../../etc/passwd", offset=0, length=10)
    assert (reply["type"], reply["message"]) == ("failed", "This clip is no longer on show: run its cell again.")


def test_a_file_that_is_gone_is_told_in_words(view_of, clip_path: Path) -> None:
    player = VideoPlayer(clip_path)
    clip_path.unlink()
    reply = view_of(player).ask("read_range", clip=player.clip.id, offset=0, length=10)
    assert "can no longer be read" in reply["message"]


def test_a_player_does_nothing_but_play(view_of, clip_path: Path) -> None:
    assert view_of(VideoPlayer(clip_path)).ask("start_export")["type"] == "failed"


def test_a_path_that_is_wrong_says_so(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no file"):
        VideoPlayer(tmp_path / "missing.mp4")


def test_a_file_that_is_no_video_says_so(tmp_path: Path) -> None:
    file = tmp_path / "notes.mp4"
    file.write_text("these are notes")
    with pytest.raises(MediaError):
        VideoPlayer(file)


def test_the_fallback_says_what_the_clip_is_without_script_or_style(clip_path: Path) -> None:
    clip = Clip.of_file(clip_path, backend="local", prompt='<script>alert("1")</script> & a city')
    markup = fallback_html(VideoPlayer(clip).clip)
    assert "&lt;script&gt;" in markup
    assert not re.search(r"<script|<style|style=|onerror|javascript:", markup)
    assert "0:01 · 320×180" in markup
    assert "drawn locally, not by the AI" in markup
    assert "run the notebook again from its first cell" in markup
    assert 'src="data:image/jpeg;base64,' in markup


def test_the_fallback_of_a_clip_without_a_poster_has_no_broken_picture() -> None:
    assert "<img" not in fallback_html(ClipFacts(id="a", name="a.mp4", mime="video/mp4", size_bytes=1))


def test_what_stays_of_a_conversation_is_its_last_words_and_its_newest_clip(clip_path: Path) -> None:
    state = StudioState(
        turns=[TurnState(number=1, prompt="<b>a city</b>", text="Done.\n<script>x</script>")],
        preview=VideoPlayer(clip_path).clip,
    )
    markup = conversation_html("abc", state)
    assert "&lt;b&gt;a city&lt;/b&gt;" in markup
    assert "Done.<br>&lt;script&gt;" in markup
    assert 'class="nemo-fallback nemo-fallback-abc"' in markup
    assert "0:01 · 320×180" in markup
    assert "run the notebook again from its first cell" in markup


def test_outside_a_notebook_a_clip_shows_its_words_and_makes_no_widget(clip_path: Path) -> None:
    clip = Clip.of_file(clip_path, backend="local")
    assert show_clip(clip)._repr_mimebundle_() == {"text/plain": repr(clip)}
