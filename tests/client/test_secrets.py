"""Tokens appear in no message, repr, log line, traceback or URL."""

import io
import itertools
import logging
import os
import random
import traceback
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

import pytest

from nemo_widgets import kernel, settings
from nemo_widgets.client import Client, Session, connect
from nemo_widgets.client.history import history
from nemo_widgets.client.resume import resume
from nemo_widgets.errors import NemoError

from ..small_files import make
from .conftest import DRAFT, TOKEN, Answer, FastClock, Service, refusal, stream, text

ANONYMOUS = "nmv_usr_anon"
SECRETS = (TOKEN, ANONYMOUS, "clm_secret")
ECHO = f"Bearer {TOKEN} {ANONYMOUS}1 clm_secret"


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that any library logs, with what it was caused by."""
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(logging.Formatter("%(name)s %(levelname)s %(message)s %(args)s"))
    root = logging.getLogger()
    level = root.level
    root.addHandler(handler)
    root.setLevel(1)
    for name in ("httpx", "httpcore", "asyncio", "filelock"):
        logging.getLogger(name).setLevel(1)
    yield written
    root.removeHandler(handler)
    root.setLevel(level)
    for name in ("httpx", "httpcore", "asyncio", "filelock"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def assert_kept_secret(*shown: object) -> None:
    for one in shown:
        assert not any(secret in str(one) for secret in SECRETS), one


def everything_of(error: BaseException) -> str:
    """Return what the most curious report would show: each chained error, with the variables of all frames but ours."""
    shown, left = [repr(error)], [error]
    seen: list[BaseException] = []
    while left:
        link = left.pop()
        seen.append(link)
        report = traceback.TracebackException.from_exception(link, capture_locals=True, compact=True)
        frames = [frame for frame in report.stack if frame.filename != __file__]
        shown += [f"{link!s} {vars(link)}", *(f"{frame.filename}:{frame.lineno} {frame.locals}" for frame in frames)]
        left += [cause for cause in (link.__cause__, link.__context__) if cause is not None and cause not in seen]
    return "\n".join(shown)


async def use(client: Client) -> tuple[object, ...]:
    session = client.new_session()
    turn = await session.send("a city")
    assets = await session.upload(make("png"))
    link = await session.web_link()
    access = await client.access()
    state = await session.state()
    parts = (
        client,
        session,
        turn,
        assets,
        link,
        access,
        state,
        vars(client),
        vars(client.api),
        vars(session),
        [link.url],
    )
    return tuple(map(repr, parts))


@pytest.mark.parametrize("token", [TOKEN, None], ids=["given", "anonymous"])
def test_a_conversation_shows_and_logs_no_token(
    service: Service, clock: FastClock, log: io.StringIO, token: str | None, capsys: pytest.CaptureFixture[str]
) -> None:
    async def converse() -> tuple[object, ...]:
        async with connect(service.url, token=token, clock=clock) as client:
            return await use(client)

    shown = kernel.run(converse())
    written = log.getvalue()
    assert "httpcore" in written
    assert "receive_response_headers" in written
    assert_kept_secret(*shown, written, capsys.readouterr(), *(call.path for _, call in service.calls))
    assert not any(call.body.count(b"nmv_") for _, call in service.calls)


FAILURES: dict[str, tuple[str, list[Answer]]] = {
    "the service repeats it": ("credits", [Answer({"code": 403, "message": ECHO}, status=403)]),
    "as a detail": ("credits", [Answer({"detail": ECHO}, status=422)]),
    "it is not JSON": ("credits", [Answer(ECHO.encode(), status=200)]),
    "reset": ("credits", [Answer(reset=True)] * 4),
    "cut": ("credits", [Answer({"code": 0, "data": ECHO}, cut_at=9)] * 4),
    "a refused token": ("credits", [refusal(1001, 401)] * 2),
    "a broken stream": ("chat", [stream(text(ECHO), cut_at=30, draft=None)]),
    "an agent's error": ("chat", [stream({"type": "error", "message": ECHO}, draft=None)]),
    "an unclear message": ("chat", [Answer(reset=True)]),
    "no session": ("session", [Answer({"code": 0, "data": {"session_id": None, "hint": ECHO}})]),
    "a link without a token": ("claim", [Answer({"code": 0, "message": ECHO, "data": {}})]),
    "no renewal": ("token", [refusal(429, 429), refusal(429, 429)]),
    "a broken renewal": ("token", [Answer(reset=True)]),
}


@pytest.mark.parametrize(
    ("call", "answers", "token"),
    [
        pytest.param(call, answers, token, id=f"{name}, {'anonymous' if token is None else 'given'}")
        for (name, (call, answers)), token in itertools.product(FAILURES.items(), [TOKEN, None])
        if call != "token" or token is None  # a given token is not renewed
    ],
)
def test_no_report_of_a_failure_holds_a_token(
    service: Service, clock: FastClock, log: io.StringIO, call: str, answers: list[Answer], token: str | None
) -> None:
    async def fail() -> None:
        async with connect(service.url, token=token, clock=clock) as client:
            await client.credits()
            if call == "token":
                service.tokens.clear()
            service.script[call].extend(answers)
            if call in ("credits", "token"):
                await client.credits()
            session = client.new_session()
            await session.send("a city", show=False)
            await session.web_link()

    try:
        kernel.run(fail())
    except NemoError as error:
        assert_kept_secret(everything_of(error), log.getvalue())
    else:
        assert (call, token) in (("credits", None), ("token", None)), (
            "only an anonymous token is renewed without a word"
        )


SAID: dict[str, Answer] = {
    "refused": Answer({"code": 403, "message": ECHO}, status=403),
    "inside a success": Answer({"code": 5003, "message": ECHO, "data": {"error": ECHO}}),
    "failed": Answer({"success": False, "error": {"message": ECHO}}, status=500),
    "failed in its own words": Answer({"id": "r", "status": "failed", "error": ECHO, "outputUrl": None}),
    "no JSON": Answer(f"<html>{ECHO}".encode(), kind="text/html"),
    "something else": Answer({"detail": ECHO, "token": ECHO, "outputUrl": "nmv_usr_right"}),
    "elsewhere": Answer(ECHO.encode(), status=307, headers={"Location": "http://10.0.0.1/login"}),
    "too often": Answer({"code": 429, "message": ECHO}, status=429, headers={"Retry-After": "soon"}),
    "reset": Answer(reset=True),
    "cut": Answer({"code": 0, "message": ECHO}, cut_at=40),
}
NAMES = ["token", "session", "chat", "upload", "credits", "state", "submit", "status", "download", "claim", "file"]


EVERYTHING = list(itertools.product(NAMES, SAID))


@pytest.mark.parametrize(
    "failures",
    [
        random.Random(7).sample(EVERYTHING, 9),
        pytest.param(EVERYTHING, marks=[pytest.mark.slow, pytest.mark.timeout(900)]),
    ],
    ids=["some", "all"],
)
def test_whatever_any_call_says_no_way_of_looking_at_it_shows_a_token(
    service: Service,
    clock: FastClock,
    log: io.StringIO,
    failures: list[tuple[str, str]],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    shown: list[str] = []

    async def look(asked: Awaitable[object]) -> None:
        try:
            found = await asked
        except NemoError as error:
            shown.append(everything_of(error))
        else:
            shown.append(f"{found!r} {found}")

    async def use(name: str, answer: Answer) -> None:
        service.draft, service.media = DRAFT, [f"{service.url}/files/raw.mp4"]
        service.script.clear()
        service.script[name].extend([answer] * 5)
        if name == "download":
            service.script["file"].extend([Answer(b"", status=410)] * 5)
        async with connect(service.url, clock=clock) as client:
            session = client.open_session("s1") if name != "session" else client.new_session()
            await look(session.send("a city"))
            await look(session.upload(make("png", 1), "https://example.com/a.png"))
            await look(session.preview())
            for sentence in ("show tracks", "credits", "export"):
                await look(session.ask(sentence))
            await look(session.web_link())
            await look(resume(client=client))
            shown.append(repr([client, session, vars(client), vars(session), client.api]))

    for name, said in failures:
        (settings.config_dir() / "tokens.json").unlink(missing_ok=True)
        told = len(service.told(name))
        kernel.run(use(name, SAID[said]))
        assert len(service.told(name)) > told
    shown.append(history().to_string())
    assert len(shown) == 9 * len(failures) + 1
    assert_kept_secret(*shown, log.getvalue(), *capsys.readouterr())
    assert not any("nmv_" in call.path for _, call in service.calls)


@pytest.mark.parametrize("target", ["nonsense", "ftp://x"])
def test_no_report_of_a_wrong_target_holds_the_token(target: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def connected(**rest: str) -> None:
        connect(target, **rest)

    monkeypatch.setenv("NEMO_TOKEN", TOKEN)
    with pytest.raises(NemoError) as caught:
        connected()
    assert_kept_secret(everything_of(caught.value))


@pytest.mark.skipif(os.name == "nt" or os.geteuid() == 0, reason="needs a folder that cannot be written to")
def test_no_report_of_a_folder_that_cannot_be_written_holds_the_kept_tokens(service: Service) -> None:
    _expect_unwritable(service, lambda: settings.config_dir().chmod(0o500))


def test_a_token_that_could_not_be_kept_is_not_asked_for(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(self: Path, target: Path) -> None:
        raise OSError(28, "No space left on device")

    _expect_unwritable(service, lambda: monkeypatch.setattr(Path, "replace", full))
    assert len(service.told("token")) == 1


def _expect_unwritable(service: Service, make: Callable[[], object]) -> None:
    async def ask() -> None:
        async with connect(service.url) as client:
            await client.credits()
            service.tokens.clear()
            make()
            await client.credits()

    with pytest.raises(NemoError, match="cannot be written") as caught:
        kernel.run(ask())
    assert_kept_secret(everything_of(caught.value))


def test_no_report_of_a_stopped_request_holds_the_token(service: Service) -> None:
    service.script["chat"].append(stream(text("Working. "), stall=True))

    async def stop() -> None:
        async with connect(service.url, token=TOKEN) as client:
            session: Session = client.new_session()
            async with session.stream("a city") as events:
                async for _ in events:
                    await session.cancel()

    run: Callable[[Awaitable[None]], None] = kernel.run
    with pytest.raises(NemoError) as caught:
        run(stop())
    assert_kept_secret(everything_of(caught.value))
