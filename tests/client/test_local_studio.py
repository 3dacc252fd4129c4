"""The client and the local studio understand each other, in every form that the studio can be switched to."""

import asyncio
from pathlib import Path
from typing import get_args

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import connect
from nemo_widgets.errors import AuthError, OutOfCreditsError
from nemo_widgets.local import LocalStudio
from nemo_widgets.local.options import Dialect, EnvelopeForm, ErrorForm

from ..local.conftest import TinyEngine

FORMS = [
    *((dialect, "documented") for dialect in get_args(Dialect)),
    *(("typed", form) for form in ("code", "success", "bare")),
]


@pytest.mark.parametrize(("dialect", "envelope"), FORMS)
def test_a_prompt_becomes_a_clip_in_every_form(dialect: Dialect, envelope: EnvelopeForm, tmp_path: Path) -> None:
    async def make(studio: LocalStudio) -> None:
        async with connect(studio.url) as client:
            session = client.new_session()
            turn = await session.send("a red balloon", show=False)
            assert "Your clip is ready: **one scene**, one second." in turn.text
            assert turn.text.count("I added some music.") == 1
            assert "Export" not in turn.text
            assert turn.changes[-2:] == ("Video added: a red balloon, 0–1 s", "Music added: Lo-fi, 0–1 s, 35 %")
            assert turn.credits_spent == 100
            silent = await session.send("silently add a title", show=False)
            assert silent.changes == ('Title added: "silently add a title", 0–0.5 s',)
            assert silent.text
            preview = await session.preview()
            assert preview.duration_s == pytest.approx(1, abs=0.1)
            clip = await session.export(tmp_path / "out.mp4", show=False)
            assert (clip.width, clip.height) == (1920, 1080)
            assert client.backend == clip.backend == preview.backend == "local"
            assert "drawn locally, not by the AI" in repr(clip)
            assert session.id is not None
            assert studio.accepted(session.id) == 2

    engine = TinyEngine().engine()
    with LocalStudio(dialect=dialect, envelope=envelope, engine=engine) as studio:
        kernel.run(make(studio))


@pytest.mark.parametrize("errors", get_args(ErrorForm))
def test_errors_are_understood_in_both_forms(errors: ErrorForm) -> None:
    async def fail(studio: LocalStudio) -> None:
        async with connect(studio.url) as client:
            await client.credits()
            with pytest.raises(OutOfCreditsError, match=r"register\?bind="):
                await client.new_session().send("a red balloon", show=False)
        async with connect(studio.url, token="nmv_usr_wrong") as client:
            with pytest.raises(AuthError):
                await client.credits()

    with LocalStudio(errors=errors, credits=10, engine=TinyEngine().engine()) as studio:
        kernel.run(fail(studio))


def test_twenty_sessions_are_answered_side_by_side() -> None:
    async def answered(studio: LocalStudio) -> list[int]:
        async with connect(studio.url, token=studio.token) as client:
            sessions = [client.new_session() for _ in range(20)]
            await asyncio.gather(*(session.send("hello", show=False) for session in sessions))
            return [studio.accepted(session.id or "") for session in sessions]

    with LocalStudio(engine=TinyEngine().engine()) as studio:
        assert kernel.run(answered(studio)) == [1] * 20
