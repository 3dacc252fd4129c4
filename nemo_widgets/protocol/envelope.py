"""Answers out of their envelopes (``protocol/README.md``, *Envelopes*)."""

import json
from collections.abc import Mapping
from typing import Any

from nemo_widgets.protocol.account import Account
from nemo_widgets.protocol.refusals import error_for, unreadable


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
        is_page = "html" in content_type.lower() or body.lstrip()[:1] == b"<"
        raise unreadable(account, is_page=is_page, status=status)
    if code or answer.get("success") is False:
        raise error_for(code or status, _said(answer), account, retry_after_s=retry_after_s)
    data = answer.get("data")
    return data if isinstance(data, Mapping) and ("code" in answer or "success" in answer) else answer


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
