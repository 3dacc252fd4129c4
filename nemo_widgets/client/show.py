"""Progress in the output cell, while an answer arrives or an export is under way."""

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import replace

from nemo_widgets.client.clip import Clip, OutputFile
from nemo_widgets.client.clock import Clock
from nemo_widgets.client.narration import Progress
from nemo_widgets.client.render import ExportProgress
from nemo_widgets.client.turn import Audience, Turn
from nemo_widgets.client.upload import Asset, OnProgress, UploadProgress
from nemo_widgets.display import LiveAnswer, LiveProgress
from nemo_widgets.errors import StoppedError
from nemo_widgets.protocol.events import Event, TextDelta
from nemo_widgets.protocol.suggestions import Suggestion

_QUICK_S = 1.0

_WORDS = {
    "pending": "Waiting for the renderer",
    "processing": "Rendering",
    "downloading": "Fetching the file",
    "completed": "Finished",
}


async def shown_answer(answering: Callable[[Audience], Awaitable[Turn]], clock: Clock) -> Turn:
    """Show an answer while it arrives, below it what the agent is doing and for how long.

    Parameters
    ----------
    answering : callable
        Takes who is told meanwhile; returns the whole answer.
    clock : Clock
        Measures how long.
    """
    said: list[str] = []
    progress = Progress(clock.now())
    notice, reminder = "Setting up…", ""
    live = LiveAnswer()

    def show() -> None:
        live.show("".join(said), reminder or notice or progress.status(clock.now()))

    def emit(event: Event) -> None:
        nonlocal notice
        notice = ""
        progress.see(event, clock.now())
        if isinstance(event, TextDelta):
            said.append(event.text)
        show()

    def notify(words: str) -> None:
        nonlocal notice
        notice = words
        show()

    def remind(words: str) -> None:
        nonlocal reminder
        reminder = words
        show()

    async def tick() -> None:
        nonlocal reminder
        while True:
            show()
            await asyncio.sleep(1)
            reminder = ""

    ticking = asyncio.create_task(tick())
    try:
        turn = await answering(Audience(emit, notify, remind))
        live.show(_with_asides("".join(said), turn))
    finally:
        ticking.cancel()
        await asyncio.to_thread(live.close)
    return turn


SUGGESTED_AS: ContextVar[Callable[[Suggestion], str]] = ContextVar("suggested as", default=lambda found: found.call)
"""How what is suggested is written where the answer is shown: another way than Python has other words."""


def show_turn(turn: Turn) -> None:
    """Show an answer that is there already."""
    with LiveAnswer() as live:
        live.show(_with_asides(turn.text, turn))


def _with_asides(said: str, turn: Turn) -> str:
    called = SUGGESTED_AS.get()
    offered = [str(replace(found, call=called(found))) for found in turn.suggestions]
    asides = [*turn.shown, *offered, *filter(None, [turn.hint, turn.note])]
    return "\n\n".join([said.rstrip(), *(f"*{aside}*" for aside in asides)])


async def shown_export(
    exporting: Callable[[Callable[[ExportProgress], None]], Awaitable[Clip]], output: OutputFile
) -> Clip:
    """Show how far an export is; of one that never began nothing.

    Parameters
    ----------
    exporting : callable
        Takes who is told how far it is; returns the clip.
    output : OutputFile
        Where it goes.
    """
    live = LiveProgress()
    closing = ""

    def show(now: ExportProgress) -> None:
        nonlocal closing
        # The first that is told is that it is about to be submitted.
        closing = "The export did not finish" if closing else "The export did not begin"
        live.update(now.fraction, f"{_WORDS.get(now.status, 'Rendering')} · {now.elapsed_s:.0f} s")

    try:
        clip = await exporting(show)
        closing = f"Exported {clip.path.name} · {clip.duration_s:.1f} s, {clip.width}×{clip.height}"
        if output.set_aside is not None:
            closing += f" · the older file is {output.set_aside.name} now"
    except (asyncio.CancelledError, StoppedError):
        closing = "The export was stopped" if closing else ""
        raise
    finally:
        await asyncio.to_thread(live.close, closing)
    return clip


async def shown_upload(
    uploading: Callable[[OnProgress], Awaitable[list[Asset]]], count: int, on_progress: OnProgress | None
) -> list[Asset]:
    """Show how far an upload is, once it has taken a second.

    Parameters
    ----------
    uploading : callable
        Takes who is told how far it is; returns the assets.
    count : int
        Of files and URLs.
    on_progress : callable or None
        Who else is told.
    """
    what = "1 file" if count == 1 else f"{count} files"
    now: UploadProgress | None = None
    live: LiveProgress | None = None

    def show() -> None:
        if live is None:
            return
        if now is None:
            live.update(None, f"Checking {what}")
        elif now.sent_bytes < now.total_bytes:
            live.update(
                now.fraction, f"Uploading {what} · {now.sent_bytes / 1e6:.1f} of {now.total_bytes / 1e6:.1f} MB"
            )
        else:
            live.update(None, f"Uploaded {what} · waiting for the service")

    def progress(told: UploadProgress) -> None:
        nonlocal now
        now = told
        show()
        if on_progress is not None:
            on_progress(told)

    async def begin() -> None:
        nonlocal live
        await asyncio.sleep(_QUICK_S)
        live = LiveProgress()
        show()

    beginning, closing = asyncio.create_task(begin()), "The upload did not finish"
    try:
        assets = await uploading(progress)
        closing = f"Uploaded {', '.join(asset.filename for asset in assets[:5])}{' …' if len(assets) > 5 else ''}"
        return assets
    except (asyncio.CancelledError, StoppedError):
        closing = "The upload was stopped"
        raise
    finally:
        beginning.cancel()
        if live is not None:
            await asyncio.to_thread(live.close, closing)
