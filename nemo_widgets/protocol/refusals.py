"""The service's errors in the words of a person (``protocol/README.md``, *Errors*)."""

from collections.abc import Mapping
from typing import Final, Literal

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
from nemo_widgets.protocol.account import (
    Account,
    better_plan,
    check_address,
    more_credits,
    other_account,
    refused_token,
    try_elsewhere,
)
from nemo_widgets.protocol.redact import redact

TOKEN_CODES: Final = frozenset({401, 1001, 1010, 1011})

_SAID_LIMIT: Final = 200
_TYPES: Final = "video (MP4, MOV, AVI, WebM, MKV), pictures (JPG, PNG, GIF, WebP) and sound (MP3, WAV, M4A, AAC)"


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
            return AuthError(refused_token(account), code=code)
        case 1002:
            return session_gone("look")
        case 402:
            return SubscriptionError(
                "The free plan does not include this. It is about the subscription, not about credits. "
                + better_plan(account),
                code=code,
            )
        case 2001:
            return OutOfCreditsError(f"The credits are used up. {more_credits(account)}", code=code)
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
                retry_after_s=retry_after_s,
            )
        case 400 | 422:
            return ServiceError(
                f"The service did not take this request, so nothing was done.{said} Ask in other words, or with "
                "another file; if it happens again, this package may be older than the service: pip install --upgrade "
                "nemo-widgets.",
                code=code,
            )
        case 403:
            return ServiceError(
                "The service does not allow this to this account: it may belong to another one, or need a registered "
                f"one. {other_account(account)}{said}",
                code=code,
            )
        case 404:
            return ServiceError(
                "The service does not know what was asked for: it is gone, or this is not the service. Begin anew with "
                f"client.new_session(). {check_address(account)}{said}",
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
                "The service ran out of time. What it did by then is on the timeline: look with "
                f"await session.tracks(). Try again in a few minutes.{said}",
                code=code,
            )
        case _ if status >= 500:
            return ServiceError(
                f"The service has a problem of its own (HTTP {status}); your account and timeline are not the cause. "
                f"{try_elsewhere(account)}{said}",
                code=status,
            )
        case _ if 300 <= status < 400:
            return ProtocolError(
                "The service sends requests elsewhere, most likely to a login page of it or of your network. Log in "
                f"there. {check_address(account)}",
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
        "The session is not known: it has ended, with its timeline, because nobody used it, or its id has a slip in "
        "it (nemo.history() lists yours). " + _WITHOUT_SESSION[asked],
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


def unreadable(account: Account, *, is_page: bool, status: int = 200) -> ProtocolError:
    """Return the error of an answer that cannot be read.

    Parameters
    ----------
    account : Account
        Decides what the person is advised to do.
    is_page : bool
        Whether it is a web page.
    status : int
        The HTTP status.
    """
    if is_page:
        return ProtocolError(
            "A web page came back instead of an answer: most likely a login page or a proxy between here and the "
            "service. Open any web page in a browser and log in where it asks; check HTTPS_PROXY and NO_PROXY. "
            + check_address(account),
            code=status,
        )
    return ProtocolError(
        f"The service's answer is not JSON, so it cannot be read. Try again in a few minutes. {check_address(account)}",
        code=status,
    )


def _duration(seconds: float) -> str:
    return f"{seconds:.0f} s" if seconds < 120 else f"{seconds / 60:.0f} minutes"
