"""All three envelopes open, and every error code becomes an error with words that help."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.errors import (
    AuthError,
    FileTooLargeError,
    FileTypeError,
    NemoError,
    OutOfCreditsError,
    ProtocolError,
    RateLimitedError,
    ServiceError,
    SessionGoneError,
    SubscriptionError,
)
from nemo_widgets.protocol.envelope import Account, error_for, open_envelope, redact

ANONYMOUS = Account(user_id="anon_7")
OWN = Account(token_source="NEMO_TOKEN")


def opened(answer: object, status: int = 200, account: Account = ANONYMOUS) -> object:
    body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    kind = "text/html" if body.startswith(b"<") else "application/json"
    return open_envelope(status, body, content_type=kind, account=account)


@pytest.mark.parametrize(
    ("answer", "data"),
    [
        ({"code": 0, "data": {"total": 1}}, {"total": 1}),
        ({"code": "0", "message": "ok", "data": {"total": 1}}, {"total": 1}),
        ({"success": True, "data": {"id": "r"}}, {"id": "r"}),
        ({"total": 1}, {"total": 1}),
        ({"taskId": "r", "status": "failed", "error": "no"}, {"taskId": "r", "status": "failed", "error": "no"}),
        ({"code": 0, "total": 1}, {"code": 0, "total": 1}),
        ({"data": {"x": 1}}, {"data": {"x": 1}}),
        ({"code": 0, "data": None}, {"code": 0, "data": None}),
        (b"", {}),
    ],
)
def test_an_envelope_opens(answer: object, data: object) -> None:
    assert opened(answer) == data


@pytest.mark.parametrize("envelope", [{"code": None}, {"success": False, "code": None}])
@pytest.mark.parametrize("status", [200, 400, 500])
@pytest.mark.parametrize(
    ("code", "error", "words"),
    [
        (1001, AuthError, "token"),
        (1010, AuthError, "token"),
        (1011, AuthError, "token"),
        (1002, SessionGoneError, "not sent again"),
        (2001, OutOfCreditsError, "register?bind=anon_7"),
        (4001, FileTypeError, "MP4"),
        (4002, FileTooLargeError, "trim"),
    ],
)
def test_a_code_is_the_same_error_under_any_status(
    envelope: dict[str, object], status: int, code: int, error: type[NemoError], words: str
) -> None:
    with pytest.raises(error, match=words.replace("?", r"\?")):
        opened({**envelope, "code": code, "message": "said"}, status)


@pytest.mark.parametrize("body", [b"", b"{}", b"<html>Bad gateway</html>", b'{"detail": "why"}', b"[]"])
@pytest.mark.parametrize(
    ("status", "error", "words"),
    [
        (302, ProtocolError, "login page"),
        (400, ServiceError, "did not understand"),
        (401, AuthError, "token"),
        (402, SubscriptionError, "not about credits"),
        (403, ServiceError, "does not allow this"),
        (404, ServiceError, "does not know"),
        (408, ServiceError, "ran out of time"),
        (409, ServiceError, "going on"),
        (413, FileTooLargeError, "Compress"),
        (418, ServiceError, "418"),
        (422, ServiceError, "did not understand"),
        (429, RateLimitedError, "Too many requests"),
        (500, ServiceError, "problem of its own"),
        (503, ServiceError, "HTTP 503"),
        (504, ServiceError, "ran out of time"),
    ],
)
def test_a_status_is_an_error_whatever_the_body(body: bytes, status: int, error: type[NemoError], words: str) -> None:
    with pytest.raises(error, match=words) as caught:
        opened(body, status)
    if isinstance(caught.value, ServiceError):
        assert caught.value.code == status


def test_a_wrong_token_of_ones_own_names_the_variable() -> None:
    with pytest.raises(AuthError, match="NEMO_TOKEN"):
        opened({"code": 1001}, account=OWN)


def test_a_registered_user_without_credits_is_told_to_top_up() -> None:
    with pytest.raises(OutOfCreditsError, match="Top up"):
        opened({"code": 2001}, account=OWN)


@pytest.mark.parametrize("body", [b"<!doctype html><title>Log in</title>", b"  <html>"])
def test_a_login_page_is_told_apart(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="web page"):
        opened(body)


@pytest.mark.parametrize("body", [b"{", b"null-ish", b"[1]", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_an_answer_that_is_not_an_object_is_told(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="not JSON"):
        opened(body)


@pytest.mark.parametrize(("status", "words", "code"), [(200, "error 9999", 9999), (500, "HTTP 500", 500)])
def test_an_unknown_code_is_told_or_the_status_is(status: int, words: str, code: int) -> None:
    with pytest.raises(ServiceError, match=words) as caught:
        opened({"code": 9999}, status)
    assert caught.value.code == code


def test_a_failure_without_a_code_tells_what_the_service_said() -> None:
    with pytest.raises(ServiceError, match='It said: "queue full"'):
        opened({"success": False, "error": {"message": "queue full"}})


def test_no_token_passes_into_a_message() -> None:
    with pytest.raises(ServiceError) as caught:
        opened({"code": 403, "message": "Bearer abc.def and nmv_usr_12345 are bad, clm_99 too"}, 403)
    assert not any(secret in str(caught.value) for secret in ("abc.def", "12345", "clm_99"))
    assert redact("nmv_usr_1 stays out") == "*** stays out"


def test_what_the_service_says_is_cut_short() -> None:
    with pytest.raises(ServiceError) as caught:
        opened({"message": "x" * 5000}, 500)
    assert len(str(caught.value)) < 400


WORDS = Path(__file__).with_name("errors.txt")
ACCOUNTS = {
    "anonymous": ANONYMOUS,
    "NEMO_TOKEN": OWN,
    "token=": Account(token_source="token="),
    "local studio": Account(token_source="the local studio"),
}
CODES = (1001, 1002, 1010, 1011, 2001, 4001, 4002, 9999)
STATUSES = (302, 400, 401, 402, 403, 404, 408, 409, 413, 415, 418, 422, 429, 500, 502, 503, 504)


def told() -> str:
    """Return what a person reads for every code and status, each text once with all that it is told for."""
    found: dict[str, list[str]] = {}

    def note(case: str, account: Account, status: int, body: bytes, kind: str, retry_after_s: float | None) -> None:
        with pytest.raises(NemoError) as caught:
            open_envelope(status, body, content_type=kind, account=account, retry_after_s=retry_after_s)
        found.setdefault(f"{type(caught.value).__name__}: {caught.value}", []).append(case)

    for name, account in ACCOUNTS.items():
        for code in CODES:
            note(f"{code} {name}", account, 200, json.dumps({"code": code}).encode(), "application/json", None)
        for status in STATUSES:
            note(f"HTTP {status} {name}", account, status, b"", "application/json", None)
    for seconds in (0.0, 45.0, 600.0):
        note(f"HTTP 429, Retry-After {seconds:.0f}", ANONYMOUS, 429, b"", "application/json", seconds)
    note("HTTP 500 with words", ANONYMOUS, 500, b'{"message": "no GPU\\n left"}', "application/json", None)
    note("success: false", ANONYMOUS, 200, b'{"success": false, "error": "queue full"}', "application/json", None)
    note("a login page", ANONYMOUS, 200, b"<!doctype html><title>Log in</title>", "text/html", None)
    note("a login page without its type", ANONYMOUS, 200, b"  <html>", "", None)
    note("malformed JSON", ANONYMOUS, 200, b'{"code": 0', "application/json", None)
    note("plain text", ANONYMOUS, 200, b"OK", "text/plain", None)
    return "".join(f"{', '.join(cases)}\n    {text}\n\n" for text, cases in found.items())


ADVICE = (
    "again",
    "other words",
    "check",
    "copy",
    "new_session",
    "compress",
    "it takes",
    "regist",
    "top up",
    "is started",
)


def test_every_error_reads_as_it_was_reviewed() -> None:
    """To see a change, write ``told()`` to the file and read the difference."""
    assert told() == WORDS.read_text("utf-8")


@pytest.mark.parametrize("account", ACCOUNTS.values(), ids=ACCOUNTS)
@pytest.mark.parametrize("code", [*CODES, *STATUSES])
def test_every_error_says_what_to_do_and_never_shows_json(code: int, account: Account) -> None:
    text = str(error_for(code, "", account, status=code if code < 1000 else 200))
    assert text.count(". ") >= 1 or ": " in text
    assert text[0].isupper()
    assert not any(mark in text for mark in "{}\n")
    assert any(word in text.lower() for word in ADVICE)


SECRETS = st.one_of(
    st.from_regex(r"nmv_(usr|anon|tmp)_[A-Za-z0-9_-]{6,40}", fullmatch=True),
    st.from_regex(r"clm_[A-Za-z0-9]{6,30}", fullmatch=True),
    st.from_regex(r"eyJ[A-Za-z0-9_-]{10,20}\.[A-Za-z0-9_-]{10,20}\.[A-Za-z0-9_-]{10,20}", fullmatch=True),
)
AROUND = st.sampled_from(
    ["{}", "token={}", "'{}'", '"token": "{}"', "Bearer {}", "x_{}", "https://a.b/?ct={}&x=1", "({})", "令牌{}。"]
)


@given(SECRETS, AROUND, st.text(max_size=20), st.sampled_from([*CODES, *STATUSES]))
def test_no_token_passes_from_the_service_to_a_person(secret: str, around: str, before: str, code: int) -> None:
    said = before + around.format(secret)
    for account in ACCOUNTS.values():
        error = error_for(code, said, account, status=code if code < 1000 else 500)
        assert secret not in f"{error} {error!r} {error.args}"


@given(
    st.from_regex(r"[A-Za-z0-9]{7,30}[0-9]", fullmatch=True),
    st.sampled_from(["Bearer {}", "Authorization: Bearer {}", "access_token={}", '{{"token":"{}"}}', "api_key: {}"]),
)
def test_no_credential_of_another_kind_passes_either(secret: str, around: str) -> None:
    assert secret not in redact(around.format(secret))


@pytest.mark.parametrize(
    "text", ["The token is wrong", "token: expired", "Bearers of news", "a secret garden", "basic mistake"]
)
def test_ordinary_words_are_left_alone(text: str) -> None:
    assert redact(text) == text
