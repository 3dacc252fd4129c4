"""What a live session said is replayed as it was, by somebody else, without a network, and holds nobody's secrets."""

import asyncio
import io
import socket
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

import nemo_widgets as nemo
from nemo_widgets.client import Client, Clip, Session, Turn
from nemo_widgets.client.clock import Clock, FasterClock, SystemClock, until
from nemo_widgets.errors import (
    AuthError,
    CassetteError,
    InputError,
    NemoError,
    NotRecordedError,
    OutOfCreditsError,
    OutputPathError,
    RenderFailedError,
    ServiceError,
    StreamBrokenError,
)
from nemo_widgets.local import LocalStudio, Options

from ..local.conftest import TinyEngine
from ..small_files import make
from .conftest import DRAFT, TITLED, TOKEN, Answer, Service, refusal, stream, text

FAST = 1000


@pytest.fixture(autouse=True)
def _in_a_folder_of_its_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def studio() -> Iterator[LocalStudio]:
    with LocalStudio(engine=TinyEngine().engine(), options=Options(workers=1)) as running:
        yield running


@pytest.fixture
def live(studio: LocalStudio) -> Iterator[Client]:
    client = nemo.connect(studio.url, token=studio.token)
    yield client
    nemo.run(client.close())


def unpacked(path: str) -> bytes:
    with zipfile.ZipFile(path) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


def transcript(turn: Turn) -> dict[str, Any]:
    return {name: getattr(turn, name) for name in Turn.__dataclass_fields__ if name != "elapsed_s"}


async def quickstart(client: Client, out: str) -> tuple[list[object], list[Clip]]:
    """Do what the quickstart notebook does; return what was said, and the clips."""
    session = client.new_session()
    first = await session.send("a city at night")
    table = await session.tracks()
    second = await session.send("Neon Dreams")
    clip = await session.export(out)
    preview = await session.preview()
    balance = await client.credits()
    said = [transcript(first), table.to_dict(), transcript(second), balance]
    return said, [clip, preview]


def test_the_quickstart_is_replayed_word_for_word_and_byte_for_byte(
    live: Client,
    studio: LocalStudio,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    with nemo.record("demo.nemo"):
        said, clips = nemo.run(quickstart(live, "live.mp4"))
    shown = capsys.readouterr().out
    assert "Recorded demo.nemo: 2 messages, 1 export" in shown
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "elsewhere"))  # nothing is left over from the live session
    monkeypatch.setattr(socket.socket, "connect", None)

    replayed = nemo.connect("demo.nemo", speed=FAST)
    said_again, clips_again = nemo.run(quickstart(replayed, "again.mp4"))
    shown_again = capsys.readouterr().out
    assert said_again[0]["text"] == said[0]["text"]
    assert _without_addresses(said_again) == _without_addresses(said)
    assert shown_again.partition("\n")[2] == shown.rpartition("Recorded demo.nemo")[0]
    assert shown_again.startswith("Replaying demo.nemo, recorded on ")
    assert "drawn by a program, not by the AI" in shown_again
    for clip, again in zip(clips, clips_again, strict=True):
        assert again.path != clip.path
        assert again.path.read_bytes() == clip.path.read_bytes()
        assert again.backend == "local"
    assert studio.token.encode() not in unpacked("demo.nemo")
    assert studio.url.encode() not in unpacked("demo.nemo")


def _without_addresses(said: list[Any]) -> list[Any]:
    """Leave out where media are, which is another place on every cassette."""
    return [_without_source(one) if isinstance(one, dict) else one for one in said]


def _without_source(table: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in table.items() if key != "source"}


def story(client: Client) -> Session:
    session = client.new_session()
    nemo.run(session.send("a city", show=False))
    return session


def recorded(client: Client, *prompts: str) -> None:
    """Record a session in which something was said."""
    with nemo.record("demo.nemo"):
        session = client.new_session()
        for prompt in prompts:
            nemo.run(session.send(prompt, show=False))


def test_no_secret_is_on_a_cassette_wherever_the_service_put_it(client: Client, service: Service) -> None:
    signed = f"{service.url}/files/out.mp4?Signature=s1gnature&Expires=99"
    service.media = [{"type": "video", "url": signed}]
    deltas = [
        text(f"Your token is {TOKEN}. "),
        {"type": "tool_result", "name": "x", "result": {"user_id": "anon_77", "url": signed}},
    ]
    raw = f'data: Bearer {TOKEN}\n\n: for {TOKEN}\n\nevent: anon_77\ndata: {{"type": "heartbeat"}}\n\n'.encode()
    service.script["chat"].append(
        stream(*deltas, raw, draft={**DRAFT, "m": {"by": {"userId": "anon_77"}, "poster": signed}})
    )
    done = {"id": "r", "status": "completed", "outputUrl": signed, "owner": "anon_77"}
    service.script["status"].append(Answer({"success": True, "data": done}))
    with nemo.record("demo.nemo"):
        session = story(client)
        nemo.run(session.export("live.mp4", show=False))
        link = nemo.run(session.web_link())
    held = unpacked("demo.nemo")
    for secret in (TOKEN, "clm_secret", "s1gnature", "Expires", "anon_77", service.url, str(link.url)):
        assert secret.encode() not in held
    again = story(nemo.connect("demo.nemo", speed=FAST))
    clip = nemo.run(again.export("again.mp4", show=False))
    assert clip.path.read_bytes() == service.clip
    assert nemo.run(again.preview()).path.read_bytes() == service.clip
    with pytest.raises(NotRecordedError, match="web app"):
        nemo.run(again.web_link())


class NotingClock(SystemClock):
    """Notes how long was waited."""

    def __init__(self) -> None:
        self.slept_s = 0.0

    async def sleep(self, seconds: float) -> None:
        await super().sleep(seconds)
        self.slept_s += seconds  # what was not slept to its end was a deadline


@pytest.mark.parametrize("speed", [1, 4])
def test_it_takes_the_time_that_it_took_or_a_part_of_it(client: Client, service: Service, speed: float) -> None:
    service.script["chat"].append(
        stream({"type": "heartbeat"}, draft=DRAFT, timed=[(0.4, b'data: {"type": "text", "content": "Done."}\n\n')])
    )
    recorded(client, "a city")
    clock = NotingClock()
    session = nemo.connect("demo.nemo", speed=speed, clock=clock).new_session()
    came_s: list[float] = []

    async def listen() -> None:
        async with session.stream("a city") as events:
            came_s.extend([time.monotonic() async for _ in events])

    nemo.run(listen())
    assert came_s[1] - came_s[0] > 0.8 * 0.4 / speed
    assert clock.slept_s < 4 * 0.4 / speed


def test_what_was_not_recorded_or_comes_at_another_point_is_told_in_words(client: Client) -> None:
    recorded(client, "a city", "a title")
    session = nemo.connect("demo.nemo", speed=FAST).new_session()

    def refused(text: str) -> str:
        with pytest.raises(NotRecordedError) as caught:
            nemo.run(session.send(text, show=False))
        return str(caught.value)

    assert refused("a dog").startswith('demo.nemo has no answer to "a dog": what was not recorded cannot be replayed.')
    assert 'It begins with "a city".' in refused("a dog")
    assert 'demo.nemo has "a title", but not at this point' in refused("a title")
    nemo.run(session.send("  a city\n", show=False))
    assert 'It goes on with "a title". To start over: session = client.new_session()' in refused("a city")
    with pytest.raises(NotRecordedError, match='no export after "a city"'):
        nemo.run(session.export("x.mp4", show=False))
    Path("a.png").write_bytes(make("png"))
    with pytest.raises(NotRecordedError, match=r"no answer to the upload of a\.png"):
        nemo.run(session.upload("a.png"))
    nemo.run(session.send("a title", show=False))
    assert "It ends here" in refused("a title")
    assert not Path("x.mp4").exists()


def test_an_export_in_another_form_is_not_passed_off_as_this_one(client: Client) -> None:
    with nemo.record("demo.nemo"):
        nemo.run(story(client).export("a.mp4", resolution="720p", show=False))
    again = story(nemo.connect("demo.nemo", speed=FAST))
    with pytest.raises(NotRecordedError, match='has this export with resolution="720p", quality="high"'):
        nemo.run(again.export("b.mp4", show=False))
    for name in ("b.mp4", "c.mp4"):  # and again, as often as one likes
        clip = nemo.run(again.export(name, resolution="720p", show=False))
        assert clip.path.read_bytes() == Path("a.mp4").read_bytes()


def test_a_new_session_begins_anew_and_nothing_is_written_down(client: Client) -> None:
    recorded(client, "a city")
    before = len(nemo.history())
    replay = nemo.connect("demo.nemo", speed=FAST)
    for _ in range(3):
        assert nemo.run(replay.new_session().send("a city", show=False)).text == "Done. The city glows."
    assert len(nemo.history()) == before
    assert repr(replay) == "<Client of demo.nemo, a recording of custom>"


def test_uploads_are_replayed_by_the_names_of_their_files(client: Client) -> None:
    Path("a.mp4").write_bytes(make("mp4", 100))
    sources = ("a.mp4", "https://example.org/b.png?key=k3y")
    with nemo.record("demo.nemo"):
        assets = nemo.run(client.new_session().upload(*sources))
    assert b"k3y" not in unpacked("demo.nemo")
    Path("a.mp4").write_bytes(make("mp4", 200))
    again = nemo.run(nemo.connect("demo.nemo").new_session().upload(*sources))
    assert [asset.filename for asset in again] == [asset.filename for asset in assets]


def test_refusals_and_broken_streams_are_part_of_the_story(client: Client, service: Service) -> None:
    service.script["chat"].append(refusal(2001))
    service.script["chat"].append(stream(text("Half"), text("way"), cut_at=40, draft=None))
    with nemo.record("demo.nemo"):
        session = client.new_session()
        for prompt, error in (("a city", OutOfCreditsError), ("a forest", StreamBrokenError)):
            with pytest.raises(error):
                nemo.run(session.send(prompt, show=False))
        nemo.run(session.send("a beach", show=False))
    session = nemo.connect("demo.nemo", speed=FAST).new_session()
    for prompt, error in (("a city", OutOfCreditsError), ("a forest", StreamBrokenError)):
        with pytest.raises(error):
            nemo.run(session.send(prompt, show=False))
    assert nemo.run(session.send("a beach", show=False)).text == "Done. The city glows."


def test_an_answer_that_was_stopped_ends_where_it_was_stopped(client: Client, service: Service) -> None:
    service.script["chat"].append(stream(text("One moment"), stall=True))
    with nemo.record("demo.nemo"):
        session = client.new_session()

        async def leave() -> None:
            async with session.stream("a city") as events:
                await anext(events)

        nemo.run(leave())
    with pytest.raises(NotRecordedError, match="stopped here when it was recorded"):
        nemo.run(nemo.connect("demo.nemo", speed=FAST).new_session().send("a city", show=False))


def test_who_stops_a_replay_finds_the_timeline_as_it_was_then_and_goes_on(client: Client, service: Service) -> None:
    late = [(0.5, b'data: {"type": "text", "content": " late"}\n\n')]
    service.script["chat"].append(stream({"type": "heartbeat"}, timed=late, draft=DRAFT))
    service.script["chat"].append(stream(text("titled"), draft=TITLED))
    recorded(client, "a city", "a title")
    session = nemo.connect("demo.nemo").new_session()

    async def leave() -> None:
        async with session.stream("a city") as events:
            await anext(events)

    nemo.run(leave())
    assert nemo.run(session.draft()).is_empty
    turn = nemo.run(session.send("a title", show=False))
    assert turn.draft.raw == TITLED


def test_a_render_that_failed_fails_again_and_a_second_try_is_the_second_try(client: Client, service: Service) -> None:
    failed = {"success": True, "data": {"id": "r", "status": "failed", "error": "out of paint"}}
    service.script["status"].extend([Answer(failed), Answer(failed)])
    with nemo.record("demo.nemo"):
        session = story(client)
        with pytest.raises(RenderFailedError):
            nemo.run(session.export("a.mp4", show=False))
        nemo.run(session.export("b.mp4", show=False))
    again = story(nemo.connect("demo.nemo", speed=FAST))
    with pytest.raises(RenderFailedError, match="out of paint"):
        nemo.run(again.export("c.mp4", show=False))
    assert nemo.run(again.export("d.mp4", show=False)).path.read_bytes() == service.clip


def test_the_file_that_came_over_the_api_is_on_the_cassette_too(client: Client, service: Service) -> None:
    service.script["file"].append(Answer({}, status=403))
    with nemo.record("demo.nemo"):
        nemo.run(story(client).export("a.mp4", show=False))
    assert len(service.told("download")) == 1
    clip = nemo.run(story(nemo.connect("demo.nemo", speed=FAST)).export("b.mp4", show=False))
    assert clip.path.read_bytes() == service.clip


def test_sessions_that_ran_side_by_side_are_told_apart_by_what_is_said_first(client: Client, service: Service) -> None:
    for name in ("city", "forest"):
        service.script["chat"].append(stream(text(f"Here is the {name}.")))

    async def both(asked: Client, first: str, second: str) -> list[str]:
        answers = asked.new_session().send(first, show=False), asked.new_session().send(second, show=False)
        return [turn.text for turn in await asyncio.gather(*answers)]

    with nemo.record("demo.nemo"):
        texts = dict(zip(("a", "b"), nemo.run(both(client, "a", "b")), strict=True))
    again = nemo.run(both(nemo.connect("demo.nemo", speed=FAST), "b", "a"))
    assert again == [texts["b"], texts["a"]]


def test_a_replay_offers_what_it_can_answer_next(client: Client, live: Client) -> None:
    recorded(client, "a city", "Neon Dreams")
    replayed = nemo.connect("demo.nemo", speed=FAST)
    session = replayed.new_session()
    assert replayed.prompts(session.id) == ["a city"]
    with pytest.raises(NotRecordedError):
        nemo.run(session.send("a dog", show=False))
    assert replayed.prompts(session.id) == ["a city"], "what was refused is not gone through"
    nemo.run(session.send("a city", show=False))
    assert replayed.prompts(session.id) == ["Neon Dreams"]
    assert replayed.prompts(None) == ["a city"], "another session begins anew"
    nemo.run(session.send("Neon Dreams", show=False))
    assert replayed.prompts(session.id) == []
    assert live.prompts(None) == [], "a live service takes anything"


def test_sessions_that_ran_side_by_side_are_offered_once_each(client: Client) -> None:
    with nemo.record("demo.nemo"):
        for prompt in ("a", "b", "a"):
            nemo.run(client.new_session().send(prompt, show=False))
    replayed = nemo.connect("demo.nemo", speed=FAST)
    assert replayed.prompts(None) == ["a", "b"]
    nemo.run(replayed.new_session().send("a", show=False))
    assert replayed.prompts(None) == ["b", "a"], "the other two"


def test_a_comparison_is_replayed(client: Client) -> None:
    prompts = ["a city", "a forest"]
    with nemo.record("demo.nemo"):
        live = nemo.run(_made(nemo.compare(prompts, client=client, folder="live")))
    again = nemo.run(_made(nemo.compare(prompts, client=nemo.connect("demo.nemo", speed=FAST), folder="again")))
    assert [clip.path.read_bytes() for clip in again.clips] == [clip.path.read_bytes() for clip in live.clips]
    assert list(again.table["phase"]) == ["done", "done"]


async def _made(sweep: Any) -> Any:
    return await sweep


def test_recording_by_begin_and_stop(client: Client, capsys: pytest.CaptureFixture[str]) -> None:
    tape = nemo.record("demo")
    assert nemo.record() is tape
    with pytest.raises(CassetteError, match=r"demo\.nemo is being recorded already"):
        nemo.record("other.nemo")
    story(client)
    assert repr(tape) == "<Recording demo.nemo, under way: 1 message, 0 exports, 0.0 MB of media>"
    assert tape.stop() == Path("demo.nemo").absolute()
    assert "Recorded demo.nemo: 1 message" in capsys.readouterr().out
    tape.stop()
    assert "Recorded" not in capsys.readouterr().out
    with pytest.raises(CassetteError, match="Nothing is being recorded"):
        nemo.record()
    held = Path("demo.nemo").read_bytes()
    with pytest.raises(OutputPathError, match="is there already"):
        nemo.record("demo.nemo")
    assert Path("demo.nemo").read_bytes() == held
    with nemo.record("demo.nemo", overwrite=True):
        story(client)
    assert story(nemo.connect(Path("demo.nemo"), speed=FAST)).id == "session-1"


def test_where_nothing_was_answered_no_file_is_left(
    client: Client, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.tokens.clear()
    tape = nemo.record("demo.nemo")
    with pytest.raises(AuthError), tape:
        story(client)
    assert list(Path().glob("*.nemo")) == []
    assert "nothing that can be replayed, so demo.nemo was not written" in capsys.readouterr().out
    assert repr(tape).startswith("<Recording demo.nemo, nothing to write")
    service.tokens.add(TOKEN)
    recorded(client, "a city")
    held = Path("demo.nemo").read_bytes()
    with nemo.record("demo.nemo", overwrite=True):
        pass
    assert Path("demo.nemo").read_bytes() == held


def test_a_recording_of_failures_alone_says_so(
    client: Client, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.script["chat"].append(refusal(2001))
    with pytest.raises(OutOfCreditsError):
        recorded(client, "a city")
    assert "1 message, 0 exports, 0.0 MB of media. Nothing in it went well" in capsys.readouterr().out
    with pytest.raises(OutOfCreditsError):
        story(nemo.connect("demo.nemo", speed=FAST))
    Path("demo.nemo").unlink()
    with nemo.record("demo.nemo"):
        story(client)
        service.script["chat"].append(refusal(2001))
        with pytest.raises(OutOfCreditsError):
            story(client)
    assert "Nothing in it went well" not in capsys.readouterr().out


def test_recording_in_a_coroutine(client: Client) -> None:
    async def talk() -> None:
        async with nemo.record("demo.nemo"):
            await client.new_session().send("a city", show=False)

    nemo.run(talk())
    story(nemo.connect("demo.nemo", speed=FAST))


def test_what_cannot_be_written_is_told_before_anything_is_paid_and_nothing_is_lost_later(client: Client) -> None:
    with pytest.raises(OutputPathError, match="no folder"):
        nemo.record("nowhere/demo.nemo")
    Path("there").mkdir()
    tape = nemo.record("there/demo.nemo")
    story(client)
    Path("there").rmdir()
    with pytest.raises(OutputPathError):
        tape.stop()
    assert tape.stop("here.nemo") == Path("here.nemo").absolute()
    story(nemo.connect("here.nemo", speed=FAST))


def test_only_the_first_service_that_speaks_is_recorded_and_that_is_told(
    client: Client, live: Client, studio: LocalStudio, capsys: pytest.CaptureFixture[str]
) -> None:
    with nemo.record("demo.nemo"):
        story(client)
        story(live)
    assert f"{studio.url} is not recorded" in capsys.readouterr().err
    assert b"one scene" not in unpacked("demo.nemo")


def test_a_local_studio_that_came_back_at_another_address_is_still_recorded(live: Client, studio: LocalStudio) -> None:
    engine = TinyEngine().engine()
    with nemo.record("demo.nemo"), LocalStudio(engine=engine, options=Options(workers=1)) as other:
        elsewhere = nemo.connect(other.url, token=other.token)
        secrets = (studio.token, other.token, studio.url, other.url)
        story(live)
        story(elsewhere)
        nemo.run(elsewhere.close())
    with zipfile.ZipFile("demo.nemo") as archive:
        assert sum(name.startswith("streams/") for name in archive.namelist()) == 2
    held = unpacked("demo.nemo")
    assert not any(secret.encode() in held for secret in secrets)


def test_a_computer_that_pauses_in_a_fast_replay_does_not_pass_for_an_agent_that_is_stuck() -> None:
    async def pausing(clock: Clock) -> str:
        async def work() -> str:
            await asyncio.sleep(0)
            time.sleep(0.05)  # noqa: ASYNC251  the whole computer: fifty seconds of the tape
            await asyncio.sleep(0.05)
            return "done"

        began_s = clock.now()
        return await until(clock, work(), lambda: began_s + 0.04)

    assert asyncio.run(pausing(FasterClock(SystemClock(), FAST))) == "done"
    with pytest.raises(TimeoutError):
        asyncio.run(pausing(SystemClock()))


def test_an_error_inside_the_block_leaves_what_was_recorded(client: Client) -> None:
    def fail() -> None:
        with nemo.record("demo.nemo"):
            story(client)
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    story(nemo.connect("demo.nemo", speed=FAST))


def test_a_full_disk_costs_the_recording_of_a_clip_and_not_the_clip(
    client: Client, service: Service, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    class Full(io.RawIOBase):
        def write(self, piece: Any) -> int:
            raise OSError(28, "No space left on device")

    from nemo_widgets.client.cassette import recorder

    with nemo.record("demo.nemo"):
        session = story(client)
        monkeypatch.setattr(recorder.os, "fdopen", lambda *_: Full())
        clip = nemo.run(session.export("a.mp4", show=False))
        monkeypatch.undo()
    assert clip.path.read_bytes() == service.clip
    assert "A clip is missing in demo.nemo" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("target", "rest", "error", "words"),
    [
        ("gone.nemo", {}, CassetteError, "There is no recording"),
        ("demo.nemo", {"speed": 0}, InputError, "speed=0 is none"),
        ("local", {"speed": 2}, InputError, "Only a replay has another speed"),
    ],
)
def test_connecting_to_no_cassette_says_so(target: str, rest: Any, error: type[NemoError], words: str) -> None:
    with pytest.raises(error, match=words):
        nemo.connect(target, **rest)


def test_a_raw_clip_that_could_not_be_fetched_is_missing_and_told(
    client: Client, service: Service, capsys: pytest.CaptureFixture[str]
) -> None:
    service.media = [{"type": "video", "url": "http://10.0.0.1/secret.mp4"}]
    recorded(client, "a city")
    assert "A raw clip is missing in demo.nemo" in capsys.readouterr().err
    with pytest.raises(ServiceError, match=r"not fetched while demo\.nemo was recorded"):
        nemo.run(story(nemo.connect("demo.nemo", speed=FAST)).preview())
