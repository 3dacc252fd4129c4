"""Whatever goes wrong on the way is told in words: what happened, what it means, what to do."""

import asyncio
import re
import socket
import ssl
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest
import trustme

from nemo_widgets import kernel, settings
from nemo_widgets.client import Client, connect
from nemo_widgets.client.auth import GivenToken, Secret
from nemo_widgets.client.http import InterruptedRequestError, Patience
from nemo_widgets.client.network import unreachable
from nemo_widgets.errors import (
    AuthError,
    ConnectionFailedError,
    NemoError,
    OutOfCreditsError,
    ProtocolError,
    RateLimitedError,
    ServiceError,
    SetupError,
    SubscriptionError,
)

from ..small_files import make
from .conftest import TOKEN, Answer, FastClock, Service, refusal

PROXIES = ("http_proxy", "https_proxy", "all_proxy", "no_proxy")


@pytest.fixture(autouse=True)
def _no_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    for variable in PROXIES:
        monkeypatch.delenv(variable, raising=False)
        monkeypatch.delenv(variable.upper(), raising=False)


@pytest.fixture
def one_answer() -> Iterator[tuple[str, list[bytes]]]:
    """Give a port that says the same to every connection, or ``TLS`` with a certificate of its own."""
    said: list[bytes] = []
    ended = threading.Event()
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.05)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trustme.CA().issue_cert("127.0.0.1", "localhost").configure_cert(context)

    def serve() -> None:
        while not ended.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            with connection:
                connection.settimeout(5)
                try:
                    if said[0] == b"TLS":
                        context.wrap_socket(connection, server_side=True)
                        continue
                    while b"\r\n\r\n" not in connection.recv(65536):
                        pass
                    connection.sendall(said[0])
                except OSError:
                    continue

    thread = threading.Thread(target=serve)
    thread.start()
    yield f"127.0.0.1:{listener.getsockname()[1]}", said
    ended.set()
    thread.join()
    listener.close()


def failure(client: Client) -> NemoError:
    async def ask() -> None:
        async with client:
            await client.credits()

    with pytest.raises(NemoError) as caught:
        kernel.run(ask())
    assert TOKEN not in str(caught.value)
    return caught.value


def assert_told(error: NemoError, *words: str) -> None:
    """Hold a message to what happened, what it means and what to do, in this order."""
    assert re.search(".*".join(map(re.escape, words)), str(error), re.DOTALL), str(error)


def test_a_certificate_that_nobody_vouches_for(one_answer: tuple[str, list[bytes]], clock: FastClock) -> None:
    host, said = one_answer
    said.append(b"TLS")
    error = failure(connect(f"https://{host}", token=TOKEN, clock=clock))
    assert type(error) is ConnectionFailedError
    assert_told(
        error,
        "could not prove that it is the service",
        "CERTIFICATE_VERIFY_FAILED",
        "nothing was sent",
        "SSL_CERT_FILE",
    )


def test_a_name_that_nobody_knows(clock: FastClock) -> None:
    error = failure(connect("https://no-such-host.invalid", token=TOKEN, clock=clock))
    assert type(error) is ConnectionFailedError
    assert_told(error, "no server called no-such-host.invalid", "network is down", "NEMO_API_URL", 'connect("local")')


@pytest.mark.parametrize("error", [socket.gaierror(), TimeoutError(), ConnectionRefusedError()])
def test_a_cloud_out_of_reach_is_not_blamed_on_an_address_that_nobody_set(error: OSError) -> None:
    timed_out = isinstance(error, TimeoutError)
    words = unreachable(settings.CLOUD_API_URL, error, at_proxy=False, timed_out=timed_out)
    assert words.startswith("The NemoVideo cloud cannot be ")
    assert "network" in words
    assert 'connect("local")' in words
    assert "NEMO_API_URL" not in words


@pytest.mark.parametrize("answer", [refusal(401, 401), refusal(1001), refusal(404, 404), Answer(b"", status=405)])
def test_an_own_server_without_free_tokens_says_which_token_it_wants(
    service: Service, clock: FastClock, answer: Answer
) -> None:
    service.script["token"].append(answer)
    error = failure(connect(service.url, clock=clock))
    assert type(error) is AuthError
    assert_told(error, service.url, "gives no free token", "Set NEMO_TOKEN", "token=", "nemo-widgets serve")
    assert "nemovideo.com" not in str(error)


def test_a_token_of_another_server_is_told_without_sending_anyone_to_the_cloud(
    service: Service, clock: FastClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("NEMO_TOKEN", "nmv_usr_of_elsewhere")
    error = failure(connect(service.url, clock=clock))
    assert type(error) is AuthError
    assert_told(error, service.url, "token of NEMO_TOKEN", "another server's", "nemo-widgets serve")
    assert "nemovideo.com" not in str(error)


def test_a_proxy_that_is_not_there(clock: FastClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", "http://me:secret@127.0.0.1:9")
    error = failure(connect("https://api.example", token=TOKEN, clock=clock))
    assert type(error) is ConnectionFailedError
    assert_told(error, "The proxy 127.0.0.1:9 cannot be reached", "neither can https://api.example", "NO_PROXY")
    assert "secret" not in str(error)


def test_a_proxy_that_wants_a_login(
    one_answer: tuple[str, list[bytes]], clock: FastClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    host, said = one_answer
    said.append(b"HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n")
    monkeypatch.setenv("ALL_PROXY", f"http://{host}")
    secure = failure(connect("https://api.example", token=TOKEN, clock=clock))
    assert type(secure) is ConnectionFailedError
    assert_told(secure, f"The proxy {host} did not let the request", "407", "Log in to the proxy")
    assert_told(failure(connect("http://api.example", token=TOKEN, clock=clock)), "proxy", "wants a login", "Log in")


def test_a_proxy_is_passed_by_when_it_was_told_so(service: Service, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("ALL_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("NO_PROXY", "nowhere.invalid")
    error = failure(connect("https://nowhere.invalid", token=TOKEN, clock=FastClock()))
    assert_told(error, "no server called nowhere.invalid")


def test_something_that_does_not_speak_http(one_answer: tuple[str, list[bytes]], clock: FastClock) -> None:
    host, said = one_answer
    said.append(b"SSH-2.0-OpenSSH_9.9\r\n")
    error = failure(connect(f"http://{host}", token=TOKEN, clock=clock))
    assert isinstance(error, InterruptedRequestError)
    assert_told(error, "broke off", "nobody knows how far", "Try again")


LOGIN = Answer(b"<!doctype html><title>Log in</title>", kind="text/html; charset=utf-8")
ANSWERS: dict[str, tuple[Answer, type[NemoError], tuple[str, ...]]] = {
    "login page": (LOGIN, ProtocolError, ("A web page came back", "login page or a proxy", "log in")),
    "redirect to it": (
        Answer(b"", status=302, headers={"Location": "https://login.example/"}),
        ProtocolError,
        ("sends requests elsewhere", "login page", "NEMO_API_URL"),
    ),
    "not JSON": (Answer(b"{", kind="application/json"), ProtocolError, ("is not JSON", "NEMO_API_URL")),
    "text": (Answer(b"hello", kind="text/plain"), ProtocolError, ("is not JSON", "NEMO_API_URL")),
    "a list": (Answer([1]), ProtocolError, ("is not JSON", "NEMO_API_URL")),
    "something else": (Answer({}), ProtocolError, ("did not say how many credits", "NEMO_API_URL")),
    "400": (refusal(400, 400), ServiceError, ("did not take this", "nothing was done", "other words")),
    "401": (
        refusal(401, 401),
        AuthError,
        ("does not accept the token given as token=", "wrong or has expired", "Copy it"),
    ),
    "1001": (
        refusal(1001),
        AuthError,
        ("does not accept the token given as token=", "wrong or has expired", "Copy it"),
    ),
    "402": (refusal(402, 402), SubscriptionError, ("does not include this", "not about credits", "/register")),
    "403": (refusal(403, 403), ServiceError, ("does not allow this", "another one", "Check whose token", "said")),
    "404": (refusal(404, 404), ServiceError, ("does not know what was asked for", "gone", "new_session()", "said")),
    "422": (refusal(422, 422), ServiceError, ("did not take this", "nothing was done", "said", "other words")),
    "2001": (
        refusal(2001),
        OutOfCreditsError,
        ("credits are used up", "Ask whoever runs", "topped up at https://nemovideo.com"),
    ),
    "500": (refusal(500, 500), ServiceError, ("problem of its own (HTTP 500)", "not the cause", "Try again later")),
    "503": (Answer(b"", status=503), ServiceError, ("(HTTP 503)", "not the cause", "Try again later")),
    "504": (Answer(b"", status=504), ServiceError, ("ran out of time", "Try again in a few minutes")),
    "7777": (refusal(7777), ServiceError, ("error 7777", "does not know", "upgrade", "said the service")),
}


@pytest.mark.parametrize(("answer", "kind", "words"), ANSWERS.values(), ids=ANSWERS)
def test_an_answer_that_is_none(
    client: Client, service: Service, answer: Answer, kind: type[NemoError], words: tuple[str, ...]
) -> None:
    service.script["credits"].extend([answer] * 4)
    error = failure(client)
    assert type(error) is kind
    assert_told(error, *words)


@pytest.mark.parametrize("kind", ["application/json", "text/html", "text/plain"])
def test_an_answer_to_a_message_that_is_no_stream(client: Client, service: Service, kind: str) -> None:
    service.script["chat"].append(Answer(b"<html>" if kind == "text/html" else {"code": 0}, kind=kind))
    with pytest.raises(ProtocolError, match=r"login page|stream of events"):
        kernel.run(client.new_session().send("a city", show=False))
    assert len(service.told("chat")) == 1


@pytest.mark.parametrize(
    ("retry_after", "waited_s", "words"), [(None, 30.0, "in a few minutes"), ("7", 7.0, "next one in 7 s: try again")]
)
def test_too_many_requests(
    client: Client, service: Service, clock: FastClock, retry_after: str | None, waited_s: float, words: str
) -> None:
    headers = {} if retry_after is None else {"Retry_After": retry_after}
    service.script["credits"].extend([refusal(429, 429, **headers)] * 2)
    error = failure(client)
    assert type(error) is RateLimitedError
    assert_told(error, "Too many requests", "waiting once did not help", words)
    assert error.retry_after_s == (None if retry_after is None else waited_s)
    assert clock.slept == [waited_s]


@pytest.mark.parametrize("name", ["token", "session", "upload", "credits", "state", "submit", "status", "download"])
def test_whichever_call_waits_says_so(
    service: Service, clock: FastClock, name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    async def use() -> None:
        async with connect(service.url, clock=clock) as client:
            session = client.new_session()
            await session.send("a city", show=False)
            await session.upload(make("png"))
            await session.export(tmp_path / "x.mp4", show=False)

    service.script["file"].append(Answer(b"", status=410))
    service.script[name].append(refusal(429, 429, Retry_After="7"))
    kernel.run(use())
    assert capsys.readouterr().err == "Too many requests: waiting 7 s, then trying once more\n"


def test_a_rate_limit_that_lasts_is_told_at_once(client: Client, service: Service, clock: FastClock) -> None:
    service.script["credits"].append(refusal(429, 429, Retry_After="3600"))
    error = failure(client)
    assert isinstance(error, RateLimitedError)
    assert_told(error, "Too many requests", "60 minutes", "Try again then")
    assert error.retry_after_s == 3600
    assert clock.slept == []


def test_a_service_that_falls_silent_is_given_up(service: Service, clock: FastClock) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        origin = f"http://127.0.0.1:{silent.getsockname()[1]}"
        source = GivenToken(origin, Secret("token=", TOKEN), web_url="https://nemovideo.com")
        error = failure(Client("custom", source, clock=clock, patience=Patience(answer_s=0.1)))
    assert isinstance(error, InterruptedRequestError)
    assert_told(error, origin, "stopped answering", "nobody knows how far", "Try again")


def test_a_stream_may_be_quiet_for_as_long_as_its_own_deadlines_allow() -> None:
    patience = Patience()
    assert patience.timeout(stream=True, upload=False).read is None
    assert patience.timeout(stream=False, upload=False).read == 60


@pytest.mark.parametrize("token", ["two words", "line\nbreak", "nmv_usr_ünïcode"])
def test_a_token_that_is_none_is_told_before_anything_is_sent(
    service: Service, token: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(SetupError, match=r"token of token= holds blanks.*copy it again") as caught:
        connect(service.url, token=token)
    assert token not in str(caught.value)
    monkeypatch.setenv("NEMO_TOKEN", token)
    with pytest.raises(SetupError, match="NEMO_TOKEN"):
        connect(service.url)


def test_every_failure_of_a_message_is_told_through_the_session_too(client: Client, service: Service) -> None:
    async def send(name: str) -> object:
        service.script[name].append(LOGIN)
        try:
            return await client.new_session().send("a city", show=False)
        except NemoError as error:
            return error

    for name in ("session", "state", "chat"):
        error = kernel.run(send(name))
        assert isinstance(error, ProtocolError)
        assert_told(error, "A web page came back", "log in")
    assert asyncio.run(client.credits())
