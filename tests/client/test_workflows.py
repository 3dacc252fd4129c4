"""What people do from end to end: a quick edit, a batch, and refining a rough cut; with a studio that draws."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from nemo_widgets import kernel
from nemo_widgets.client import Client, Clip, connect
from nemo_widgets.local import Engine, LocalStudio, Options
from nemo_widgets.local.engine import OWN_ENGINE

from ..local.conftest import TinyEngine, draw


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    # It understands people as ever; what it draws is grey.
    engine = Engine(plan=OWN_ENGINE.plan, render=TinyEngine().render, canvas_size=lambda draft, resolution: (64, 36))
    with LocalStudio(engine=engine, options=Options(workers=1)) as running:
        yield running


@pytest.fixture
def client(studio: LocalStudio) -> Iterator[Client]:
    made = connect(studio.url, token=studio.token)
    yield made
    kernel.run(made.close())


def movie(folder: Path, name: str, seconds: int) -> Path:
    path = folder / name
    draw(path, (64, 36), seconds * 10, 10)
    return path


def test_a_quick_edit_is_an_upload_an_instruction_and_a_file(client: Client, tmp_path: Path) -> None:
    async def edit() -> Clip:
        session = client.new_session()
        await session.upload(movie(tmp_path, "beach.mp4", 3))
        await session.send("cut beach.mp4 to 2 seconds", show=False)
        return await session.export(tmp_path / "short.mp4", show=False)

    clip = kernel.run(edit())
    assert (clip.path.name, clip.duration_s, clip.backend) == ("short.mp4", pytest.approx(2, abs=0.1), "local")


def test_a_batch_is_one_session_with_an_instruction_and_a_render_for_each_file(
    client: Client, studio: LocalStudio, tmp_path: Path
) -> None:
    names = ["one.mp4", "two.mp4", "three.mp4"]

    async def batch() -> tuple[str | None, list[tuple[str, list[str]]]]:
        session = client.new_session()
        assets = await session.upload(*(movie(tmp_path, name, seconds) for seconds, name in enumerate(names, 2)))
        assert [asset.filename for asset in assets] == names
        made = []
        for seconds, name in enumerate(names, start=1):
            turn = await session.send(f"make a {seconds}-second clip of {name} alone", show=False)
            clip = await session.export(tmp_path / f"made-{name}", show=False)
            texts = [segment.name for track in turn.draft.tracks for segment in track.segments if track.kind == "video"]
            made.append((clip.path.name, texts))
        return session.id, made

    session_id, made = kernel.run(batch())
    assert made == [(f"made-{name}", [name]) for name in names]
    assert studio.accepted(session_id) == 3


def test_a_rough_cut_is_previewed_and_refined_on_the_same_timeline_and_exports_are_free(
    client: Client, tmp_path: Path
) -> None:
    async def refine() -> None:
        session = client.new_session()
        rough = await session.send("a 3-second clip of a city at night", show=False)
        preview = await session.preview()
        refined = await session.send('add the title "Urban Dreams"', show=False)
        paid = (await client.credits()).total
        first = await session.export(tmp_path / "cut.mp4", show=False)
        second = await session.export(tmp_path / "cut.mp4", resolution="360p", show=False)
        assert (await client.credits()).total == paid
        assert rough.credits_spent == 100
        assert refined.credits_spent == 50
        assert 'Title added: "Urban Dreams", 0–3 s' in refined.changes
        videos = [[track.raw for track in turn.draft.tracks if track.kind == "video"] for turn in (rough, refined)]
        assert videos[0] == videos[1]
        assert preview.path.is_file()
        assert first.path == second.path
        assert first.duration_s == pytest.approx(3, abs=0.1)

    kernel.run(refine())
