"""What a person reads of every error is reviewed, says what to do, and holds no credential."""

import json
from pathlib import Path
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from nemo_widgets.errors import NemoError
from nemo_widgets.protocol.account import Account
from nemo_widgets.protocol.envelope import open_envelope
from nemo_widgets.protocol.redact import redact
from nemo_widgets.protocol.refusals import Asked, error_for, session_gone

ANONYMOUS = Account(user_id="anon_7")
OWN = Account(token_source="NEMO_TOKEN")
WORDS = Path(__file__).with_name("errors.txt")
ACCOUNTS = {
    "anonymous": ANONYMOUS,
    "NEMO_TOKEN": OWN,
    "token=": Account(token_source="token="),
    "local studio": Account(token_source="the local studio"),
    "own server": Account(user_id="anon_7", server="http://127.0.0.1:8000"),
    "own server, NEMO_TOKEN": Account(token_source="NEMO_TOKEN", server="http://127.0.0.1:8000"),
}
CODES = (1001, 1002, 1010, 1011, 2001, 4001, 4002, 9999)
STATUSES = (302, 400, 401, 402, 403, 404, 407, 408, 409, 413, 415, 418, 422, 429, 500, 502, 503, 504)


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
    for name in ("anonymous", "local studio", "own server"):
        note(f"a login page, {name}", ACCOUNTS[name], 200, b"<!doctype html><title>Log in</title>", "text/html", None)
        note(f"malformed JSON, {name}", ACCOUNTS[name], 200, b'{"code": 0', "application/json", None)
    note("a login page without its type", ANONYMOUS, 200, b"  <html>", "", None)
    note("plain text", ANONYMOUS, 200, b"OK", "text/plain", None)
    for asked in get_args(Asked):
        found.setdefault(f"SessionGoneError: {session_gone(asked)}", []).append(f"session gone, {asked}")
    return "".join(f"{', '.join(cases)}\n    {text}\n\n" for text, cases in found.items())


ADVICE = (
    "again",
    "log in",
    "ask",
    "set nemo_token",
    "words",
    "check",
    "copy",
    "new_session",
    "compress",
    "takes",
    "regist",
    "top up",
    "anew",
    "begins",
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
