"""What answers and refusals look like on the wire (``protocol/README.md``, *Envelopes* and *Errors*)."""

from collections.abc import Mapping
from http import HTTPStatus

from starlette.responses import JSONResponse

from nemo_widgets.local.options import Options

RENDER_CALLS = "/api/render/"


class Refusal(Exception):
    """A request that gets an error for an answer.

    Parameters
    ----------
    message : str
        What a person reads.
    code : int
        The documented code, or the HTTP status where there is none.
    status : int
        The HTTP status in the documented form.
    """

    def __init__(self, message: str, *, code: int, status: int) -> None:
        super().__init__(message)
        self.message = message
        self.code = code
        self.status = status


def bad_token() -> Refusal:
    """Return the refusal of a token that is missing, wrong or expired."""
    return Refusal("The token is missing, wrong or expired.", code=1001, status=HTTPStatus.UNAUTHORIZED)


def unknown_session() -> Refusal:
    """Return the refusal of a session that is not there, or belongs to someone else."""
    return Refusal("Session not found, or it has gone idle.", code=1002, status=HTTPStatus.NOT_FOUND)


def out_of_credits(available: int, needed: int) -> Refusal:
    """Return the refusal of work that costs more than the account has."""
    return Refusal(f"Out of credits: this needs {needed}, {available} are available.", code=2001, status=HTTPStatus.OK)


def file_type(message: str) -> Refusal:
    """Return the refusal of a file that is not one of the accepted types."""
    return Refusal(message, code=4001, status=HTTPStatus.OK)


def file_too_large(message: str) -> Refusal:
    """Return the refusal of a file above the limit."""
    return Refusal(message, code=4002, status=HTTPStatus.OK)


def malformed(message: str) -> Refusal:
    """Return the refusal of a request that cannot be understood."""
    return Refusal(message, code=422, status=HTTPStatus.UNPROCESSABLE_ENTITY)


def not_found(message: str) -> Refusal:
    """Return the refusal of something that does not exist."""
    return Refusal(message, code=404, status=HTTPStatus.NOT_FOUND)


def answer(path: str, data: Mapping[str, object], options: Options) -> JSONResponse:
    """Wrap `data` in the envelope that the call at `path` uses."""
    form = options.envelope
    if form == "documented":
        form = "success" if path.startswith(RENDER_CALLS) else "code"
    if form == "bare":
        return JSONResponse(dict(data))
    if form == "success":
        return JSONResponse({"success": True, "data": data})
    return JSONResponse({"code": 0, "message": "success", "data": data})


def refuse(path: str, refusal: Refusal, options: Options) -> JSONResponse:
    """Return the response that tells `refusal`."""
    body: dict[str, object] = {"code": refusal.code, "message": refusal.message}
    if path.startswith(RENDER_CALLS) and options.envelope in ("documented", "success"):
        body = {"success": False, **body}
    status = refusal.status
    if options.errors == "inside" and refusal.code >= 1000:
        status = HTTPStatus.OK
    return JSONResponse(body, status_code=status)
