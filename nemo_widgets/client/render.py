"""A draft becomes a file (``protocol/README.md``, *Renders*): submitted under an id of ours, asked for, fetched."""

import asyncio
import secrets
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import IO, Any, Final

from nemo_widgets.client.api import Api, is_outage
from nemo_widgets.client.clock import Clock, until
from nemo_widgets.client.http import InterruptedRequestError, LinksLike
from nemo_widgets.client.running import tell_stop
from nemo_widgets.client.turn import Pace
from nemo_widgets.errors import (
    ConnectionFailedError,
    DeadlineError,
    InputError,
    NemoError,
    RenderFailedError,
    ServiceError,
    StoppedError,
)
from nemo_widgets.protocol.draft import Draft
from nemo_widgets.protocol.redact import redact

RENDER_DEADLINE_S: Final = 900.0

_CALL: Final = "/api/render/proxy/lambda"
_CANCEL_S: Final = 5.0
_RESOLUTIONS: Final = ("360p", "480p", "540p", "720p", "1080p")
_QUALITIES: Final = ("high", "normal", "draft")
_MOST_FPS: Final = 60


@dataclass(frozen=True, slots=True)
class ExportProgress:
    """How far an export is.

    Attributes
    ----------
    status : str
        ``"pending"``, ``"processing"``, ``"downloading"`` or ``"completed"``.
    fraction : float or None
        0 to 1; None while nobody knows.
    elapsed_s : float
        Since it was asked for, in seconds.
    """

    status: str
    fraction: float | None
    elapsed_s: float


@dataclass(frozen=True, slots=True)
class RenderStatus:
    """A render job, read from either of the two forms that the service answers in."""

    status: str
    fraction: float | None
    url: str
    error: str

    @classmethod
    def parse(cls, answer: Mapping[str, Any]) -> "RenderStatus":
        """Read an answer."""
        output = answer.get("output")
        inner = output.get("url") if isinstance(output, Mapping) else None
        status = str(answer.get("status") or "pending").lower()
        problem = answer.get("error")
        message = problem.get("message") if isinstance(problem, Mapping) else problem
        status = {"canceled": "cancelled", "success": "completed", "done": "completed"}.get(status, status)
        if status == "failed" and str(message).lower() in ("cancelled", "canceled"):
            status = "cancelled"  # the documented states know no other word for it
        return cls(
            status=status,
            fraction=1.0 if status == "completed" else _fraction(answer.get("progress")),
            url=str(answer.get("outputUrl") or inner or ""),
            error=redact(str(message or ""))[:200],
        )


def _fraction(value: object) -> float | None:
    """Read a progress, which is a fraction or a percentage."""
    try:
        number = float(str(value).rstrip("%"))
    except ValueError:
        return None
    return min(1.0, max(0.0, number / 100 if number > 1 else number)) if number == number else None


def checked_output(format: str, resolution: str, fps: int | None, quality: str) -> dict[str, str | int]:
    """Return the ``output`` of call 7.

    Raises
    ------
    InputError
        The service does not render that.
    """
    if format.lower().removeprefix(".") != "mp4":
        raise InputError(
            f"An export is an MP4, not {format.upper()}. Export it, then convert the file where you need it."
        )
    if resolution not in _RESOLUTIONS:
        raise InputError(
            f"There is no export in {resolution!r}, it goes up to 1080p: choose one of {', '.join(_RESOLUTIONS)}."
        )
    if fps is not None and not 1 <= fps <= _MOST_FPS:
        raise InputError(f"There is no export at {fps} frames a second: choose 1 to {_MOST_FPS}.")
    if quality not in _QUALITIES:
        raise InputError(
            f'There is no export in quality {quality!r}: choose "high", "normal", or "draft" for a quick look.'
        )
    # What is the default anyway is left out: these are not documented fields of the service.
    asked: dict[str, str | int] = {} if resolution == "1080p" else {"resolution": resolution}
    return {"format": "mp4", "quality": quality, **asked, **({} if fps is None else {"fps": fps})}


class Render:
    """One export of a draft.

    Parameters
    ----------
    session_id : str
        Whose draft it is.
    ask_draft : callable
        Gives the draft, which is not empty; asked for when there is something to submit.
    output : Mapping
        What `checked_output` returned.
    on_progress : callable
        Told how far it is.
    submitting : callable
        Told the id and the draft before each submission.
    id : str
        Under which it was submitted earlier: it is asked for first, and submitted only if nobody knows it.
    """

    def __init__(
        self,
        api: Api,
        links: LinksLike,
        session_id: str,
        ask_draft: Callable[[], Awaitable[Draft]],
        output: Mapping[str, Any],
        *,
        on_progress: Callable[[ExportProgress], None],
        submitting: Callable[[str, Draft], Awaitable[None]],
        clock: Clock,
        pace: Pace,
        id: str = "",
    ) -> None:
        self._api = api
        self._links = links
        self._session_id = session_id
        self._ask_draft = ask_draft
        self._output = output
        self._submitting = submitting
        self._on_progress = on_progress
        self._clock = clock
        self._pace = pace
        self._began_s = clock.now()
        self._id = id

    async def rendered(self) -> RenderStatus:
        """Render, and return the finished job.

        Raises
        ------
        RenderFailedError
            It came back as failed, twice.
        StoppedError
            Someone else cancelled it.
        DeadlineError
            It took longer than 15 minutes.
        """
        try:
            return await until(self._clock, self._completed(), lambda: self._began_s + RENDER_DEADLINE_S)
        except TimeoutError:
            await self._cancel_job()
            raise DeadlineError(
                f"The export was given up after {RENDER_DEADLINE_S / 60:.0f} minutes. The draft is still there: call "
                "export() again."
            ) from None
        except asyncio.CancelledError as error:
            tell_stop(error, await self._cancel_job())
            raise

    async def write(self, done: RenderStatus, out: IO[bytes]) -> None:
        """Write the file of a finished job."""
        self._tell("downloading", 1.0)
        await self._fetch(done, out)
        self._tell("completed", 1.0)

    async def _completed(self) -> RenderStatus:
        known = await self._known()
        if known is not None and known.status == "cancelled":
            # Jupyter interrupts a kernel before it restarts it, which cancels what is taken up now: it costs nothing.
            known = None
        status = await self._finished(known or await self._submitted())
        if status.status == "failed":
            status = await self._finished(await self._submitted())
        if status.status != "completed":
            reason = f': "{status.error}"' if status.error else ""
            raise RenderFailedError(
                f"The render failed twice{reason}. The draft is still there: change it, or export again later."
            )
        return status

    async def _submitted(self) -> RenderStatus:
        """Submit; after an unclear submission ask for it, and submit once more only when nobody knows it."""
        try:
            return await self._submit_once()
        except InterruptedRequestError:
            pass
        except ServiceError as error:
            if not is_outage(error):
                raise
        return await self._known() or await self._submit_once()

    async def _known(self) -> RenderStatus | None:
        """Ask for it under the id that it may have been submitted under; None when nobody knows that."""
        try:
            return (await self._ask())[0] if self._id else None
        except ServiceError as error:
            if error.code != 404:
                raise
        return None

    async def _submit_once(self) -> RenderStatus:
        draft = await self._ask_draft()
        self._id = f"render_{secrets.token_hex(12)}"
        self._tell("pending", None)
        await self._submitting(self._id, draft)
        job = {"id": self._id, "sessionId": self._session_id, "draft": draft.dump(), "output": self._output}
        return RenderStatus.parse(await self._api.post(_CALL, job))

    async def _ask(self) -> tuple[RenderStatus, float | None]:
        answer, wait_s = await self._api.poll(f"{_CALL}/{self._id}")
        return RenderStatus.parse(answer), wait_s

    async def _finished(self, status: RenderStatus) -> RenderStatus:
        wait_s: float | None = None
        while status.status not in ("completed", "failed", "cancelled"):
            self._tell(status.status, status.fraction)
            await self._clock.sleep(self._pace.poll_s if wait_s is None else wait_s)
            status, wait_s = await self._ask()
        if status.status == "cancelled":
            raise StoppedError(
                "The export was stopped elsewhere. The timeline is still there. To render it: await session.export()"
            )
        return status

    async def _fetch(self, done: RenderStatus, out: IO[bytes]) -> None:
        if done.url:
            try:
                await self._links.download(done.url, out, lambda fraction: self._tell("downloading", fraction))
            except (ConnectionFailedError, ServiceError):
                out.seek(0)
                out.truncate()
            else:
                return
        await self._api.fetch(f"/api/render/proxy/{self._id}/download", out)

    async def _cancel_job(self) -> str:
        if not self._id:
            return "nothing was sent"
        try:
            async with asyncio.timeout(_CANCEL_S):
                await self._api.post(f"{_CALL}/{self._id}/cancel", {})
        except (NemoError, TimeoutError):
            return "the service could not be told to stop rendering; that costs nothing, and the draft is unchanged"
        return "the export was cancelled, the draft is unchanged"

    def _tell(self, status: str, fraction: float | None) -> None:
        self._on_progress(ExportProgress(status, fraction, self._clock.now() - self._began_s))
