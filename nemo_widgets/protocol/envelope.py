"""Answers out of their envelopes, and the service's errors in the words of a person (``protocol.md``, *Envelopes*,
*Errors*).
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

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

_SECRET: Final = re.compile(r"\b(?:nmv|clm)_\w+|(?<=Bearer )[^\s\"',]+")
_SAID_LIMIT: Final = 200


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
        Where the token came from, as a message names it: ``"NEMO_TOKEN"``, or empty.
    """

    web_url: str = "https://nemovideo.com"
    user_id: str = ""
    token_source: str = ""

    @property
    def register_url(self) -> str:
        """Where an anonymous user keeps the work, and gets credits and exports."""
        return f"{self.web_url}/register?bind={self.user_id}" if self.user_id else f"{self.web_url}/register"


def open_envelope(status: int, body: bytes, *, content_type: str, account: Account) -> Mapping[str, Any]:
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
        raise error_for(code or status, _said(answer), account, status=status)
    if decoded is None or (decoded and not answer):
        page = "html" in content_type.lower() or body.lstrip()[:1] == b"<"
        raise ProtocolError(
            "A web page came back instead of an answer: most likely a login page or a proxy between here and the "
            "service. Open the address in a browser and log in, or check NEMO_API_URL and the proxy settings."
            if page
            else "The service's answer is not JSON. Check NEMO_API_URL: is it the API's address?",
            code=status,
        )
    if code or answer.get("success") is False:
        raise error_for(code or status, _said(answer), account, status=status)
    data = answer.get("data")
    return data if isinstance(data, Mapping) and ("code" in answer or "success" in answer) else answer


def error_for(code: int, said: str, account: Account, *, status: int = 200) -> NemoError:
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
    """
    said = f' It said: "{redact(said)[:_SAID_LIMIT]}"' if said else ""
    match code if code >= 1000 or status == 200 else status:
        case 401 | 1001 | 1010 | 1011:
            if account.token_source:
                message = (
                    f"The service does not accept the token of {account.token_source}: it is wrong or has expired. "
                    f"Copy it again from {account.web_url}, or unset {account.token_source} to work without one."
                )
            else:
                message = "The service does not accept the token, also not a new one. Try again in a few minutes."
            return AuthError(message, code=code)
        case 402:
            return SubscriptionError(
                "The free plan does not include this. It is about the subscription, not about credits; "
                f"registering unlocks it: {account.register_url}",
                code=code,
            )
        case 403:
            return ServiceError(
                "The service does not allow this to this account: it may belong to another one, or need a registered "
                f"one. Check whose token you use, or register: {account.register_url}.{said}",
                code=code,
            )
        case 404:
            return ServiceError(
                "The service does not know what was asked for: it is gone, or this is not the API's address. Check "
                f"NEMO_API_URL, or begin anew with client.new_session().{said}",
                code=code,
            )
        case 407:
            return ServiceError(
                "A proxy between here and the service wants a login. Log in to it, or check HTTP_PROXY and NO_PROXY.",
                code=code,
            )
        case 408 | 504:
            return ServiceError(f"The service ran out of time. Try again in a few minutes.{said}", code=code)
        case 413 | 4002:
            return FileTooLargeError(f"The service finds the file too large. Compress or trim it.{said}")
        case 415 | 4001:
            return FileTypeError(f"The service does not take this kind of file. MP4, MOV, PNG and JPG work best.{said}")
        case 429:
            return RateLimitedError(
                "Too many requests in a short time; waiting once did not help. Try again in a few minutes.", code=code
            )
        case 1002:
            return SessionGoneError(
                "The session is not known any more, and its timeline is gone. Your message was not sent again, since "
                "that could charge twice: send it again to go on in a new session.",
                code=code,
            )
        case 2001:
            remedy = (
                f"Register to get more: {account.register_url}"
                if account.user_id
                else f"Top up at {account.web_url}. Exports are free and still work."
            )
            return OutOfCreditsError(f"The credits are used up. {remedy}", code=code)
        case 400 | 422:
            return ServiceError(
                "The service did not understand the request, so nothing was done. Say it in other words; if it happens "
                f"again, this version may be too old for the service: upgrade nemo-widgets.{said}",
                code=code,
            )
        case _ if status >= 500:
            return ServiceError(
                f"The service has a problem of its own (HTTP {status}); your account and timeline are not the cause. "
                f"Try again later.{said}",
                code=status,
            )
        case _ if 300 <= status < 400:
            return ProtocolError(
                "The service sends requests elsewhere, most likely to a login page. Check NEMO_API_URL.", code=code
            )
        case _:
            return ServiceError(
                f"The service reported error {code}, which this version does not know. Try again, or upgrade "
                f"nemo-widgets.{said}",
                code=code,
            )


def redact(text: str) -> str:
    """Blot out everything that looks like a token of the service."""
    return _SECRET.sub("***", text)


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
