"""All three envelopes open, and every error code becomes an error with words that help."""

import json

import pytest

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
from nemo_widgets.protocol.account import Account
from nemo_widgets.protocol.envelope import open_envelope
from nemo_widgets.protocol.redact import redact
from nemo_widgets.protocol.refusals import error_for, unreadable

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
        ({"code": True, "data": {"x": 1}}, {"x": 1}),
        ({"code": "1234567890", "data": {"x": 1}}, {"x": 1}),
        ({"code": "٣", "data": {"x": 1}}, {"x": 1}),
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
        (1002, SessionGoneError, "it has ended, with its timeline"),
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
        (400, ServiceError, "did not take this request"),
        (401, AuthError, "token"),
        (402, SubscriptionError, "not about credits"),
        (403, ServiceError, "does not allow this"),
        (404, ServiceError, "does not know"),
        (407, ServiceError, "proxy"),
        (408, ServiceError, "ran out of time"),
        (409, ServiceError, "going on"),
        (413, FileTooLargeError, "Compress"),
        (418, ServiceError, "418"),
        (422, ServiceError, "did not take this request"),
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


@pytest.mark.parametrize(
    ("answer", "status", "code", "words"),
    [
        ({"code": "1002"}, 200, 1002, "session is not known"),
        ({"code": "123456789"}, 200, 123456789, "error 123456789"),
        ({"code": 2001}, 200, 2001, "credits"),
        ({"code": 404}, 200, 404, "does not know what"),
        ({"code": 400}, 500, 500, "problem of its own"),
        ({"code": 1000}, 404, 1000, "error 1000"),
        ({"code": 300}, 200, 300, "error 300"),
        ({"success": False}, 200, 200, "without saying which"),
        ({}, 300, 300, "elsewhere"),
        (b"{", 203, 203, "not JSON"),
    ],
)
def test_a_code_counts_before_the_status_and_stays_on_the_error(
    answer: object, status: int, code: int, words: str
) -> None:
    with pytest.raises(ServiceError, match=words) as caught:
        opened(answer, status)
    assert caught.value.code == code


def test_a_status_below_300_is_none_to_tell() -> None:
    assert opened({"x": 1}, 299) == {"x": 1}


def test_an_error_without_a_status_is_told_by_its_code() -> None:
    assert isinstance(error_for(402, "", ANONYMOUS), SubscriptionError)


@pytest.mark.parametrize(
    ("seconds", "told"), [(119.4, "in 119 s"), (120.0, "in 2 minutes"), (3600.0, "in 60 minutes"), (0.0, "few minutes")]
)
def test_a_rate_limit_says_when_it_ends(seconds: float, told: str) -> None:
    for status in (200, 429):
        with pytest.raises(RateLimitedError, match=told):
            open_envelope(status, b'{"code": 429}', content_type="", account=OWN, retry_after_s=seconds)


@pytest.mark.parametrize(
    "answer",
    [
        {"message": "queue full", "msg": "no"},
        {"msg": "queue full"},
        {"error": "queue full"},
        {"detail": "queue full"},
        {"message": ["no"], "detail": "queue full"},
        {"message": "", "error": {"message": "queue\n  full"}},
    ],
)
def test_what_the_service_said_is_found(answer: dict[str, object]) -> None:
    with pytest.raises(ServiceError, match=r'It said: "queue full"$'):
        opened({**answer, "code": 9999})


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
    with pytest.raises(ProtocolError, match="web page"):
        open_envelope(200, b"Log in", content_type="Text/HTML; charset=utf-8", account=OWN)


@pytest.mark.parametrize("body", [b"{", b"null-ish", b"[1]", b'"text"', b"\xff\xfe", b"[" * 100_000])
def test_an_answer_that_is_not_an_object_is_told(body: bytes) -> None:
    with pytest.raises(ProtocolError, match="not JSON"):
        opened(body)


@pytest.mark.parametrize("status", [200, 201, 204, 299])
@pytest.mark.parametrize(
    ("code", "error"), [(402, SubscriptionError), (429, RateLimitedError), (2001, OutOfCreditsError)]
)
def test_a_code_inside_any_success_is_an_error(status: int, code: int, error: type[NemoError]) -> None:
    with pytest.raises(error):
        open_envelope(status, b'{"code": %d}' % code, content_type="application/json", account=Account())


def test_errors_keep_their_code_and_when_to_come_again() -> None:
    limited = error_for(429, "", Account(), retry_after_s=7.0)
    assert isinstance(limited, RateLimitedError)
    assert (limited.code, limited.retry_after_s) == (429, 7.0)
    unknown = error_for(7777, "", Account(), status=400)
    assert (type(unknown), unknown.code) == (ServiceError, 7777)  # type: ignore[attr-defined]
    assert unreadable(Account(), is_page=False).code == 200
    assert unreadable(Account(), is_page=False, status=203).code == 203
    assert unreadable(Account(), is_page=True, status=203).code == 203


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
    assert str(error_for(9999, "x" * 200, OWN)).endswith(f'"{"x" * 200}"')
    assert str(error_for(9999, "x" * 201, OWN)).endswith(f'"{"x" * 199}…"')
