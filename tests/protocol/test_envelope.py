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
from nemo_widgets.protocol.envelope import Account, open_envelope, redact

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
