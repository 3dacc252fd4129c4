"""The studio with the package's own planner and renderer, from a sentence to a file."""

from pathlib import Path

import httpx

from nemo_widgets.local import LocalStudio
from nemo_widgets.media.probe import probe

from .conftest import DIRECT, Caller


def test_a_sentence_becomes_a_finished_video(tmp_path: Path) -> None:
    with LocalStudio() as studio:
        call = Caller(studio.url, studio.token)
        with call.http:
            session = call.open_session()
            seen = call.say(session, "a 1-second vertical clip of a city at night, title 'Late', lo-fi music")
            tools = [event["name"] for event in seen if event["type"] == "tool_call"]
            assert tools[0] == "generate_video"
            assert {"add_music", "add_title"} <= set(tools)
            (raw,) = call.state(session)["generated_media"]
            (tmp_path / "raw.mp4").write_bytes(httpx.get(raw["url"], **DIRECT).content)
            facts = probe(tmp_path / "raw.mp4")
            assert (facts.width, facts.height) == (360, 640) == (raw["width"], raw["height"])
            assert round(facts.duration_s) == 1
            call.submit(session, "render_1")
            record = call.finished("render_1")
            assert record["status"] == "completed", record
            (tmp_path / "out.mp4").write_bytes(httpx.get(record["outputUrl"], **DIRECT).content)
    facts = probe(tmp_path / "out.mp4")
    assert (facts.width, facts.height, facts.video_codec, facts.audio_codec) == (1080, 1920, "h264", "aac")
    assert round(facts.duration_s) == 1
