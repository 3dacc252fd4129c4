"""Whom `connect` talks to, with which token, and what it keeps to itself."""

import asyncio
import json
import logging
import os
import stat
import subprocess
import sys
import time
import traceback
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

import nemo_widgets
from nemo_widgets import kernel, settings
from nemo_widgets.client import Client, connect
from nemo_widgets.client.auth import LocalStudioToken
from nemo_widgets.errors import AuthError, ConnectionFailedError, InputError, NemoError, RateLimitedError, SetupError
from nemo_widgets.protocol.address import StudioAddress

from .conftest import TOKEN, Answer, FastClock, Service, refusal

ATTRIBUTION = {
    "x-skill-source": "video-generative",
    "x-skill-version": "1.0.0",
    "x-skill-platform": "unknown",
}


def credits_of(*clients: Client) -> list[object]:
    async def ask() -> list[object]:
        try:
            return [await client.credits() for client in clients]
        finally:
            for client in clients:
                await client.close()

    return kernel.run(ask())


@pytest.mark.parametrize(
    ("target", "variables", "backend"),
    [
        (None, {}, "local"),
        ("local", {}, "local"),
        ("local", {"NEMO_TOKEN": "x"}, "local"),
        (None, {"NEMO_TOKEN": "x"}, "cloud"),
        (None, {"NEMO_API_URL": "http://127.0.0.1:1"}, "custom"),
        (None, {"NEMO_API_URL": settings.CLOUD_API_URL}, "cloud"),
        ("cloud", {}, "cloud"),
        ("cloud", {"NEMO_API_URL": "https://other.example"}, "custom"),
        ("http://127.0.0.1:1/", {}, "custom"),
    ],
)
def test_the_target_and_the_variables_choose_the_backend(
    target: str | None, variables: dict[str, str], backend: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert connect(target).backend == backend


def test_where_it_works_is_said_in_one_line_unless_it_was_chosen(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("nemo_widgets.client.client._TOLD", set())
    connect()
    assert capsys.readouterr().out == (
        'Working locally: drawn by a program, not by the AI. For the AI: connect("cloud").\n'
    )
    connect()
    assert capsys.readouterr().out == "", "once in a process"
    monkeypatch.setenv("NEMO_TOKEN", "x")
    for _ in range(2):
        connect()
        assert "generating costs credits" in capsys.readouterr().out, "each time"
    monkeypatch.setenv("NEMO_API_URL", "http://127.0.0.1:9")
    connect()
    assert capsys.readouterr().out.startswith("Working at http://127.0.0.1:9, as NEMO_API_URL says.")
    connect("local")
    connect("cloud")
    assert capsys.readouterr().out == ""


@pytest.mark.parametrize("target", ["ftp://x", "http://user:secret@host", "http://host/path", "https://host?x=1"])
def test_a_target_that_is_none_is_told(target: str) -> None:
    with pytest.raises(SetupError, match="target is not an address") as caught:
        connect(target)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("target", "meant"),
    [("locall", "local"), ("Local", "local"), ("loacl", "local"), ("clound", "cloud"), ("CLOUD ", "cloud")],
)
def test_a_slip_of_the_fingers_is_quoted_and_told_what_was_meant(target: str, meant: str) -> None:
    with pytest.raises(SetupError) as caught:
        connect(target)
    assert str(caught.value).startswith(f'There is no service called "{target}". Did you mean connect("{meant}")?')


@pytest.mark.parametrize("target", ["nonsense", "", "nmv_usr_12345678"])
def test_a_word_that_is_no_service_is_quoted_beside_those_there_are(target: str) -> None:
    with pytest.raises(SetupError) as caught:
        connect(target)
    assert str(caught.value).startswith("There is no service called ")
    assert all(f'connect("{known}")' in str(caught.value) for known in ("local", "cloud", "http://127.0.0.1:8000"))
    assert "12345678" not in str(caught.value)


def test_a_client_shows_where_it_works_and_what_it_may_spend(service: Service) -> None:
    assert repr(connect(service.url, token=TOKEN)) == f"<Client of custom at {service.url}>"
    assert repr(connect("local", budget=250)) == "<Client of local, budget 250 credits>"
    assert repr(connect("local", budget=0.5)) == "<Client of local, budget 0.5 credits>"


def test_the_token_of_the_environment_is_used(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NEMO_TOKEN", TOKEN)
    monkeypatch.setenv("NEMO_API_URL", service.url)
    credits_of(connect())
    (call,) = service.told("credits")
    assert call.headers["authorization"] == f"Bearer {TOKEN}"
    assert call.headers.items() >= ATTRIBUTION.items()
    assert service.told("token") == []


def test_a_wrong_token_of_the_environment_is_told_by_its_name(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_TOKEN", "nmv_usr_wrong")
    with pytest.raises(AuthError, match="NEMO_TOKEN") as caught:
        credits_of(connect(service.url))
    assert service.told("token") == []
    assert "nmv_usr_wrong" not in "".join(traceback.format_exception(caught.value))


def test_an_anonymous_token_is_asked_for_once_and_kept_for_its_owner(service: Service) -> None:
    credits_of(connect(service.url), connect(service.url))
    credits_of(connect(service.url))
    (call,) = service.told("token")
    assert call.headers["x-client-id"] == settings.client_id()
    assert "authorization" not in call.headers
    assert call.headers.items() >= ATTRIBUTION.items()
    file = settings.config_dir() / "tokens.json"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert json.loads(file.read_text())[service.url]["token"] == "nmv_usr_anon1"


def test_clients_that_start_at_once_ask_for_one_token(service: Service) -> None:
    async def all_at_once() -> None:
        clients = [connect(service.url) for _ in range(8)]
        await asyncio.gather(*(client.credits() for client in clients))
        for client in clients:
            await client.close()

    kernel.run(all_at_once())
    assert len(service.told("token")) == 1


def test_a_refused_anonymous_token_is_renewed_once_without_a_word(service: Service) -> None:
    client = connect(service.url)

    async def ask() -> None:
        async with client:
            await client.credits()
            service.tokens.discard("nmv_usr_anon1")
            await client.new_session().send("a city", show=False)

    kernel.run(ask())
    assert len(service.told("token")) == 2
    assert service.accepted == 1


@pytest.mark.parametrize(("left", "asked"), [(None, 1), (3600, 1), (61, 1), (59, 2), (-5, 2)])
def test_a_token_is_replaced_a_minute_before_it_ends(service: Service, left: float | None, asked: int) -> None:
    expires = {} if left is None else {"expires_at": datetime.fromtimestamp(time.time() + left, UTC).isoformat()}
    service.script["token"].append(Answer({"code": 0, "data": {"token": TOKEN, "user_id": "anon_7", **expires}}))
    client = connect(service.url)

    async def ask_twice() -> None:
        async with client:
            await client.credits()
            await client.credits()

    kernel.run(ask_twice())
    assert len(service.told("token")) == asked
    kept = json.loads((settings.config_dir() / "tokens.json").read_text())[service.url]
    if left is None:  # seven days, as documented
        assert timedelta(days=6.99) < datetime.fromisoformat(kept["expires_at"]) - datetime.now(UTC) < timedelta(days=7)


@pytest.mark.parametrize(("code", "status"), [(1001, 200), (1010, 401), (1011, 200), (401, 401)])
def test_every_refusal_of_an_anonymous_token_renews_it_once(service: Service, code: int, status: int) -> None:
    service.script["credits"].append(refusal(code, status))
    assert credits_of(connect(service.url))
    assert len(service.told("token")) == 2
    service.script["credits"].extend([refusal(code, status)] * 2)
    with pytest.raises(AuthError, match="also not a new one"):
        credits_of(connect(service.url))
    assert len(service.told("token")) == 3


def test_a_client_id_that_the_service_does_not_take_is_replaced_once(
    service: Service, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = settings.client_id()
    service.script["token"].append(refusal(400, 400))
    assert credits_of(connect(service.url))
    asked_with = [call.headers["x-client-id"] for call in service.told("token")]
    assert asked_with == [first, settings.client_id()]
    assert first != settings.client_id()
    monkeypatch.setenv("NEMO_CLIENT_ID", first)
    (settings.config_dir() / "tokens.json").unlink()
    service.script["token"].append(refusal(400, 400))
    with pytest.raises(SetupError, match="does not take NEMO_CLIENT_ID"):
        credits_of(connect(service.url))


_KERNEL = """
import sys, time
from nemo_widgets import kernel, settings
from nemo_widgets.client import connect
async def ask():
    async with connect(sys.argv[1]) as client:
        await client.credits()
        return (await client.access()).token
time.sleep(max(0, float(sys.argv[2]) - time.time()))
print(kernel.run(ask()), settings.client_id())
"""


def test_kernels_that_start_at_once_ask_for_one_token_and_agree_on_the_client_id(service: Service) -> None:
    begin_at = str(time.time() + 3)  # all of them have been imported by then
    command = [sys.executable, "-c", _KERNEL, service.url, begin_at]
    env = {**os.environ, "PYTHONPATH": str(Path(nemo_widgets.__file__).parent.parent)}
    kernels = [subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env=env) for _ in range(4)]
    said = {process.communicate(timeout=60)[0] for process in kernels}
    assert len(said) == 1
    assert "nmv_usr_anon1" in said.pop()
    assert len(service.told("token")) == 1
    assert json.loads((settings.config_dir() / "tokens.json").read_text())[service.url]["token"] == "nmv_usr_anon1"
    assert sorted(file.name for file in settings.config_dir().iterdir()) == ["client_id", "tokens.json", "tokens.lock"]


def test_a_message_after_the_renewal_is_accepted_once(service: Service) -> None:
    service.script["chat"].append(refusal(1001, 401))
    client = connect(service.url)

    async def send() -> None:
        async with client:
            await client.new_session().send("a city", show=False)

    kernel.run(send())
    assert service.accepted == 1
    assert [call.headers["authorization"] for call in service.told("chat")] == [
        "Bearer nmv_usr_anon1",
        "Bearer nmv_usr_anon2",
    ]


def test_a_token_that_another_kernel_renewed_is_taken(service: Service) -> None:
    first, second = connect(service.url), connect(service.url)

    async def ask() -> None:
        await first.credits()
        await second.credits()
        service.tokens.discard("nmv_usr_anon1")
        await first.credits()
        await second.credits()
        await first.close()
        await second.close()

    kernel.run(ask())
    assert len(service.told("token")) == 2


def test_a_service_that_gives_no_second_token_is_told(service: Service, clock: FastClock) -> None:
    service.script["token"].extend([refusal(429, 429), refusal(429, 429)])
    with pytest.raises(RateLimitedError, match=r"one free token a week.*NEMO_TOKEN"):
        credits_of(connect(service.url, clock=clock))


@pytest.mark.parametrize(
    "kept",
    [
        "",
        "{",
        "[]",
        '{"%s": 1}',
        '{"%s": {"token": "x"}}',
        '{"%s": {"token": "x", "user_id": "u", "expires_at": "2020-01-01"}}',
    ],
)
def test_a_damaged_or_expired_token_file_is_replaced(service: Service, kept: str) -> None:
    file = settings.config_dir() / "tokens.json"
    settings.write_private(file, kept.replace("%s", service.url))
    credits_of(connect(service.url))
    assert json.loads(file.read_text())[service.url]["token"] == "nmv_usr_anon1"


@pytest.mark.parametrize(
    "answers",
    [
        [Answer(b"", status=503), Answer(b"", status=500)],
        [Answer(reset=True), Answer(reset=True)],
        [Answer(cut_at=3, body=b"{}    ")],
        [refusal(429, 429, Retry_After="1")],
    ],
    ids=["5xx", "reset", "cut", "429"],
)
def test_a_question_that_changes_nothing_is_asked_again(
    client: Client, service: Service, answers: list[Answer]
) -> None:
    service.script["credits"].extend(answers)
    assert kernel.run(client.credits()).available == 90


def test_a_question_is_not_asked_for_ever(client: Client, service: Service) -> None:
    service.script["credits"].extend([Answer(b"", status=503)] * 10)
    with pytest.raises(NemoError, match="HTTP 503"):
        kernel.run(client.credits())
    assert len(service.told("credits")) == 4


@pytest.mark.parametrize(
    ("url", "words"),
    [
        ("http://127.0.0.1:9", "nothing answers there"),
        ("http://no-such-host.invalid", "no server called no-such-host.invalid"),
    ],
)
def test_an_unreachable_service_is_told(
    url: str, words: str, clock: FastClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_API_URL", url)
    for variable in ("http_proxy", "https_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.delenv(variable, raising=False)
    with pytest.raises(ConnectionFailedError, match=words):
        credits_of(connect(clock=clock))


def test_a_service_without_tls_is_told(service: Service, clock: FastClock) -> None:
    with pytest.raises(ConnectionFailedError, match="TLS"):
        credits_of(connect(service.url.replace("http:", "https:"), token=TOKEN, clock=clock))


def test_a_proxy_is_not_asked_for_the_way_to_this_machine(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    assert credits_of(connect(service.url, token=TOKEN))


def test_a_redirect_is_not_followed_with_the_token(client: Client, service: Service) -> None:
    service.script["credits"].append(Answer(b"", status=307, headers={"Location": f"{service.url}/elsewhere"}))
    with pytest.raises(NemoError, match="login page"):
        kernel.run(client.credits())
    assert service.told("unknown") == []


def test_no_token_is_shown_or_logged(
    client: Client, service: Service, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    session = client.new_session()
    with caplog.at_level(logging.DEBUG):
        kernel.run(session.send("a city"))
    access = kernel.run(client.access())
    shown = f"{client!r}{session!r}{access!r}{vars(client)}{caplog.text}{capsys.readouterr()}"
    assert TOKEN not in shown
    assert all(TOKEN not in call.path for _, call in service.calls)


@pytest.mark.parametrize("run", [asyncio.run, kernel.run], ids=["a loop of its own", "the job loop"])
def test_a_client_works_on_any_loop(client: Client, run: Callable[..., object]) -> None:
    async def ask() -> object:
        session = client.new_session()
        await session.send("a city", show=False)
        return (await session.tracks())["name"].tolist()

    assert run(ask()) == ["city"]


def test_the_local_studio_is_found_again_when_it_was_started_anew(service: Service) -> None:
    tokens = iter(["nmv_usr_old", TOKEN])

    def find() -> StudioAddress:
        return StudioAddress(service.url, next(tokens), pid=1, started_at=0.0, version="0")

    client = Client("local", LocalStudioToken(find))
    assert client.url == ""
    assert credits_of(client)
    assert client.backend == "local"


def test_the_local_studio_is_started_again_when_it_ended_meanwhile(service: Service) -> None:
    addresses = iter([("http://127.0.0.1:9", TOKEN), (service.url, TOKEN)])

    def find() -> StudioAddress:
        url, token = next(addresses)
        return StudioAddress(url, token, pid=1, started_at=0.0, version="0")

    client = Client("local", LocalStudioToken(find))

    async def send() -> None:
        async with client:
            await client.new_session().send("a city", show=False)

    kernel.run(send())
    assert client.url == service.url
    assert service.accepted == 1


@pytest.mark.parametrize("budget", [-5, float("nan"), float("inf"), "100"])
def test_a_budget_that_is_no_number_of_credits_is_refused_at_once(budget: Any) -> None:
    with pytest.raises(InputError, match="budget=500"):
        connect("local", budget=budget)


@pytest.mark.parametrize("target", [None, "local"])
def test_a_token_that_nobody_would_take_is_told(target: str | None) -> None:
    with pytest.raises(InputError, match=r'connect\("cloud", token=…\)'):
        connect(target, token="x" * 20)
