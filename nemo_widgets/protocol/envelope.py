"""Answers out of their envelopes, and the service's errors in the words of a person.

The forms and the codes are in ``protocol/README.md``, *Envelopes* and *Errors*.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

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

TOKEN_CODES: Final = frozenset({401, 1001, 1010, 1011})

_SAID_LIMIT: Final = 200
_SECRET: Final = re.compile(
    r"(?:nmv|clm)_[\w.~+/=-]*"
    r"|(?<![a-z])bearer\s+[^\s\"',;]+"
    r"|eyJ[\w-]{5,}(?:\.[\w-]*)*"
    r"|(?<![a-z])(?:access_?token|refresh_?token|token|api[_-]?key|secret|password|authorization|ct)[\"']?\s*[=:]\s*[\"']?"
    r"(?=[^\s\"'&,;]*\d)[^\s\"'&,;]{8,}",
    re.IGNORECASE,
)
_TYPES: Final = "video (MP4, MOV, AVI, WebM, MKV), pictures (JPG, PNG, GIF, WebP) and sound (MP3, WAV, M4A, AAC)"
_LOCALLY: Final = 'work without the cloud: connect("local")'


@dataclass(frozen=True, slots=True)
class Account:
    """Whose words an error is told in: what a person can do depends on it.

    Attributes
    ----------
    web_url : str
        Origin of the web app, for links.
    user_id : str
        The anonymous user's id, which a registration link binds; empty for a token of one's own.
    token_source : str
        Where the token came from, as a message names it: ``"NEMO_TOKEN"``, ``"token="``, ``"the local studio"``; empty
        when the service gave it to an anonymous user.
    """

    web_url: str = "https://nemovideo.com"
    user_id: str = ""
    token_source: str = ""

    @property
    def register_url(self) -> str:
        """Where an anonymous user keeps the work, and gets credits and exports."""
        return f"{self.web_url}/register?bind={self.user_id}" if self.user_id else f"{self.web_url}/register"

    @property
    def is_local(self) -> bool:
        """Whether it is the local studio's, where registering helps nobody."""
        return self.token_source == "the local studio"


def open_envelope(
    status: int, body: bytes, *, content_type: str, account: Account, retry_after_s: float | None = None
) -> Mapping[str, Any]:
    """Return what an answer carries, out of any of the three envelopes.

    Parameters
    ----------
    status : int
        The HTTP status.
    body : bytes
        The whole body.
    content_type : str
        The answer's ``Content-Type``; it makes the message about a web page clearer, nothing else.
    account : Account
        Whose words an error is told in.
    retry_after_s : float, optional
        After how many seconds the service wants to be asked again, when it said so.

    Raises
    ------
    NemoError
        The error of `errors.py` that the status or the code stands for.
    """
    try:
        decoded = json.loads(body) if body.strip() else {}
    except (ValueError, RecursionError):
        decoded = None
    answer: Mapping[str, Any] = decoded if isinstance(decoded, Mapping) else {}
    code = _code(answer.get("code"))
    if not 200 <= status < 300:
        raise error_for(code or status, _said(answer), account, status=status, retry_after_s=retry_after_s)
    if decoded is None or (decoded and not answer):
        raise ProtocolError(_unreadable(body, content_type), code=status)
    if code or answer.get("success") is False:
        raise error_for(code or status, _said(answer), account, status=status, retry_after_s=retry_after_s)
    data = answer.get("data")
    return data if isinstance(data, Mapping) and ("code" in answer or "success" in answer) else answer


def error_for(
    code: int, said: str, account: Account, *, status: int = 200, retry_after_s: float | None = None
) -> NemoError:
    """Return the error that a code of the service, or an HTTP status, stands for.

    Parameters
    ----------
    code : int
        The service's code; the HTTP status when there is none.
    said : str
        The service's own words; secrets in them are blotted out.
    account : Account
        Decides what the person is advised to do.
    status : int
        The HTTP status; it decides about a code that is not known.
    retry_after_s : float, optional
        After how many seconds the service wants to be asked again, when it said so.
    """
    said = " ".join(redact(said).split())
    said = f' It said: "{said if len(said) <= _SAID_LIMIT else said[: _SAID_LIMIT - 1] + "…"}"' if said else ""
    match code if code >= 1000 or status == 200 else status:
        case 401 | 1001 | 1010 | 1011:
            return AuthError(_refused_token(account), code=code)
        case 1002:
            return session_gone("look")
        case 402:
            return SubscriptionError(
                "The free plan does not include this. It is about the subscription, not about credits. Registering, or "
                f"a plan that includes it, unlocks it: {account.register_url}",
                code=code,
            )
        case 2001:
            return OutOfCreditsError(f"The credits are used up. {_more_credits(account)}", code=code)
        case 413 | 4002:
            return FileTooLargeError(
                "The service finds the file too large: it takes 200 MB. Compress it, or trim it and upload a part."
                + said
            )
        case 415 | 4001:
            return FileTypeError(
                f"The service does not take this kind of file. It takes {_TYPES}; MP4, MOV, PNG and JPG work best."
                + said
            )
        case 429:
            return RateLimitedError(
                "Too many requests in a short time; waiting once did not help. Nothing is lost. "
                + (
                    f"The service takes the next one in {_duration(retry_after_s)}: try again then."
                    if retry_after_s
                    else "Try again in a few minutes."
                ),
                code=code,
            )
        case 400 | 422:
            return ServiceError(
                "The service did not understand the request, so nothing was done. Say it in other words; if it happens "
                "again, this package may be older than the service: pip install --upgrade nemo-widgets." + said,
                code=code,
            )
        case 403:
            return ServiceError(
                "The service does not allow this to this account: it may belong to another one, or need a registered "
                f"one. Check whose token you use, or register: {account.register_url}{said}",
                code=code,
            )
        case 404:
            return ServiceError(
                "The service does not know what was asked for: it is gone, or this is not the API's address. Begin "
                f"anew with client.new_session(), or check NEMO_API_URL.{said}",
                code=code,
            )
        case 409:
            return ServiceError(
                "Something else is going on there, most likely an export or a message of the same session. Wait until "
                f"it is done, or stop it, then try again.{said}",
                code=code,
            )
        case 407:
            return ServiceError(
                "A proxy between here and the service wants a login. Log in to it, or check HTTP_PROXY and NO_PROXY.",
                code=code,
            )
        case 408 | 504:
            return ServiceError(
                "The service ran out of time. What it did by then is in the session's draft: look at it with draft(). "
                f"Try again in a few minutes.{said}",
                code=code,
            )
        case _ if status >= 500:
            return ServiceError(
                f"The service has a problem of its own (HTTP {status}); your account and timeline are not the cause. "
                f"Try again later, or {_LOCALLY}.{said}",
                code=status,
            )
        case _ if 300 <= status < 400:
            return ProtocolError(
                "The service sends requests elsewhere, most likely to a login page. Check NEMO_API_URL: it is the "
                "API's own address, without a path.",
                code=code,
            )
        case _ if code < 300:
            return ServiceError(
                f"The service reported a failure without saying which. Try again in a few minutes.{said}", code=code
            )
        case _:
            return ServiceError(
                f"The service reported error {code}, which this package does not know. Try again; if it stays, "
                f"pip install --upgrade nemo-widgets.{said}",
                code=code,
            )


Asked = Literal["look", "unsent message", "message", "upload", "export", "link"]
"""What a session was asked for when it turned out to be gone."""


def session_gone(asked: Asked) -> SessionGoneError:
    """Return the error of a session that the service has forgotten, in words that fit what was asked of it."""
    return SessionGoneError(
        "The session is not known any more, and its timeline is gone: sessions end when nobody uses them. "
        + _WITHOUT_SESSION[asked],
        code=1002,
    )


_WITHOUT_SESSION: Final[Mapping[Asked, str]] = {
    "look": "There is nothing left to show: session.send(…) begins a new one.",
    "unsent message": "What you wrote was not sent: send it again to go on in a new session.",
    "message": (
        "Your message was not sent again, since that could charge twice: send it again to go on in a new session."
    ),
    "upload": "Nothing was uploaded: upload it again, and it goes into a new session.",
    "export": (
        "There is nothing left to export: ask for the clip anew with session.send(…). Files that were exported before "
        "are still there."
    ),
    "link": "There is no page left to open: session.send(…) begins a new one.",
}


def redact(text: str) -> str:
    """Blot out everything that looks like a token or another credential."""
    return _SECRET.sub("***", text)


def _refused_token(account: Account) -> str:
    source = account.token_source
    if account.is_local:
        return 'The local studio was started anew and does not know this token. Connect again: connect("local").'
    if not source:
        return (
            "The service does not accept the free token, also not a new one. Try again in a few minutes, set "
            f"NEMO_TOKEN to a token of your own ({account.web_url}), or {_LOCALLY}."
        )
    named, without = (
        (f"of {source}", f"unset {source}") if source.isidentifier() else (f"given as {source}", f"leave {source} out")
    )
    return (
        f"The service does not accept the token {named}: it is wrong or has expired. Copy it again from "
        f"{account.web_url}, or {without} to work without one."
    )


def _more_credits(account: Account) -> str:
    if account.is_local:
        return "They are for practice and cost nothing: a studio that is started anew has new ones."
    if account.token_source:
        return f"Top up at {account.web_url}. Exports are free and still work."
    return f"Exports are free and still work. Register to get more, and to keep your work: {account.register_url}"


def _unreadable(body: bytes, content_type: str) -> str:
    if "html" in content_type.lower() or body.lstrip()[:1] == b"<":
        return (
            "A web page came back instead of an answer: most likely a login page or a proxy between here and the "
            "service. Open the address in a browser and log in, or check NEMO_API_URL and the proxy settings."
        )
    return (
        "The service's answer is not JSON, so it cannot be read. Check NEMO_API_URL: is it the API's address? If it "
        "is, try again in a few minutes."
    )


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def _code(value: object) -> int:
    if isinstance(value, bool):
        return 0
    if isinstance(value, int):
        return value
    return int(value) if isinstance(value, str) and value.isascii() and value.isdigit() and len(value) < 10 else 0


def _said(answer: Mapping[str, Any]) -> str:
    for key in ("message", "msg", "error", "detail"):
        value = answer.get(key)
        if isinstance(value, Mapping):
            value = value.get("message")
        if isinstance(value, str) and value:
            return value
    return ""
