"""What a person reads after real sentences to the local studio: what was done, and no talk of a mouse."""

import dataclasses
import re
from pathlib import Path

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Turn, connect
from nemo_widgets.local import LocalStudio, Options
from nemo_widgets.local.engine import OWN_ENGINE

from ..local.conftest import TinyEngine

_MOUSE = re.compile(r"\b(?:drag|drop|click|button|panel)|拖|点击|按钮|面板", re.IGNORECASE)
_ENGLISH = (
    "a 2-second clip of the sea at dusk",
    "add the title 'Still Here'",
    "make the music quieter",
    "make it black and white",
    "cut it to one second",
    "remove the title",
)
_CHINESE = ("两秒钟的海边日落", "加上标题“你好”", "音乐小声一点", "改成黑白", "去掉标题")


@pytest.mark.parametrize("said", [_ENGLISH, _CHINESE], ids=["en", "zh"])
def test_an_edit_is_told_without_hints_that_lead_nowhere(
    said: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def talk(studio: LocalStudio) -> tuple[list[Turn], str]:
        async with connect(studio.url, token=studio.token) as client:
            session = client.new_session()
            return [await session.send(sentence) for sentence in said], repr(await session.state())

    engine = dataclasses.replace(OWN_ENGINE, render=TinyEngine().render)
    with LocalStudio(engine=engine, options=Options(silent_edits=0, workers=1)) as studio:
        (clip, *edits), state = kernel.run(talk(studio))
    assert [found.action for found in clip.suggestions] == ["export"]
    assert not any(turn.suggestions for turn in edits)
    assert all(turn.text and turn.changes for turn in edits)
    shown = capsys.readouterr()
    assert clip.text in shown.out
    assert not _MOUSE.search(shown.out + shown.err)
    assert "0 uploaded videos" in state
    # The first edit of a session pays for all that follow.
    assert [turn.credits_spent for turn in (clip, *edits)] == [100, 50, *([0] * (len(said) - 2))]
