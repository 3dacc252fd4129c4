"""Several files in one session, one by one, each with an instruction and an export of its own.

What was done is known from the ledger, so a second call, in this kernel or after its end, goes on where it stopped: a
message that was sent is looked for and never sent again, and an export that was begun is fetched.
"""

import asyncio
import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING, Final, Literal

from nemo_widgets.client.clip import Clip
from nemo_widgets.client.resume import resume
from nemo_widgets.display import LiveTable, resolve
from nemo_widgets.errors import EmptyPromptError, InputError, NemoError, StoppedError
from nemo_widgets.library import JobRecord
from nemo_widgets.library.records import Wanted

if TYPE_CHECKING:
    import pandas as pd

    from nemo_widgets.client.session import Session

Phase = Literal["waiting", "uploading", "answering", "exporting", "done", "failed", "stopped"]
Change = Callable[["BatchItem"], None]

_SENT: Final = (
    "Its message was sent before and came to nothing, so it was not sent again, since that could charge twice. Send it "
    "yourself with await session.send(…), then call batch again."
)
_TOO_LATE: Final = "Its clip was not exported before the next message changed the timeline. Make it in a new session."
_HEADS: Final = ("", "File", "Instruction", "How far", "")


@dataclass(frozen=True, slots=True)
class BatchItem:
    """One file of a batch, and what came of it.

    Attributes
    ----------
    number : int
        From 1, in order.
    file : Path
        As it was given.
    instruction : str
        What is to be done with it.
    message : str
        What is sent: the instruction, with the file's name before it unless it names it itself.
    path : Path
        Where the clip goes.
    phase : str
        How far it is.
    error : str
        What went wrong, in words.
    credits_spent : float or None
        None while it is not known.
    clip : Clip or None
        What was exported.
    """

    number: int
    file: Path
    instruction: str
    message: str
    path: Path
    phase: Phase = "waiting"
    error: str = ""
    credits_spent: float | None = None
    clip: Clip | None = field(default=None, repr=False)


class Batch:
    """What came of a batch. Made by ``Session.batch``."""

    def __init__(self, items: Sequence[BatchItem]) -> None:
        self.items = tuple(items)

    @property
    def clips(self) -> tuple[Clip, ...]:
        """The clips that were exported, in order."""
        return tuple(item.clip for item in self.items if item.clip is not None)

    @property
    def table(self) -> "pd.DataFrame":
        """One row a file: what was asked, how far it is, what it cost, where its clip is, what went wrong."""
        table: pd.DataFrame = resolve("batch_table")(self.items)
        return table

    def __repr__(self) -> str:
        counted = Counter(item.phase for item in self.items)
        told = ", ".join(f"{count} {phase}" for phase, count in counted.items())
        return f"<Batch of {len(self.items)} files: {told}>"

    def _repr_html_(self) -> str:
        return str(self.table.to_html(index=False))


def planned(files: Sequence[tuple[str | os.PathLike[str], str]], folder: str | os.PathLike[str]) -> list[BatchItem]:
    """Return what is to be done, before anything is sent; the folder for the clips is made.

    Raises
    ------
    InputError
        There is nothing to do, a file is not there, or an instruction is empty.
    """
    items = []
    if not files:
        raise InputError('There is nothing to do. Give pairs: session.batch([("a.mp4", "cut it to 5 seconds"), …])')
    for number, pair in enumerate(files, start=1):
        if not isinstance(pair, tuple | list) or len(pair) != 2:
            raise InputError(f"Entry {number} of the batch is no pair of a file and an instruction.")
        file, instruction = Path(pair[0]).expanduser(), pair[1]
        if not file.is_file():
            raise InputError(f"There is no file {file}. It is looked for from {Path.cwd()}. Nothing was sent.")
        if not isinstance(instruction, str) or not instruction.strip():
            raise EmptyPromptError(f"The instruction for {file.name} is empty. Nothing was sent.")
        named = file.name.lower() in instruction.lower()
        message = instruction if named else f"Make a clip of {file.name} alone: {instruction}"
        path = Path(folder).expanduser().absolute() / f"{number:02}-{file.stem}.mp4"
        items.append(BatchItem(number, file, instruction, message, path))
    items[0].path.parent.mkdir(parents=True, exist_ok=True)
    return items


class Batching:
    """Does the items of a batch one after the other.

    Parameters
    ----------
    session : Session
        Whom the files are given to.
    items : sequence of BatchItem
        What is to be done.
    """

    def __init__(self, session: "Session", items: Sequence[BatchItem]) -> None:
        self._session = session
        self._items = list(items)
        self._keeper = session.client.keeper

    async def run(self, *, show: bool) -> Batch:
        """Do what is not done yet; a failure is told in the table, and the rest goes on."""
        live = LiveTable() if show else None
        try:
            for at in range(len(self._items)):
                try:
                    await self._make(at, live)
                except StoppedError as error:
                    self._set(at, live, phase="stopped", error=str(error))
                    break
                except NemoError as error:
                    self._set(at, live, phase="failed", error=str(error))
                except BaseException:
                    self._set(at, live, phase="stopped", error="It was stopped.")
                    raise
        finally:
            if live is not None:
                await asyncio.to_thread(live.close)
        return Batch(self._items)

    def _set(self, at: int, live: LiveTable | None, **changed: object) -> None:
        self._items[at] = replace(self._items[at], **changed)  # type: ignore[arg-type]
        if live is not None:
            live.show(_HEADS, [_row(item) for item in self._items])

    async def _make(self, at: int, live: LiveTable | None) -> None:
        item = self._items[at]
        if not await self._was_sent(item):
            self._set(at, live, phase="uploading")
            await self._session.upload(item.file, show=False)
            self._set(at, live, phase="answering")
            turn = await self._session.send(item.message, show=False)
            self._set(at, live, credits_spent=turn.credits_spent)
        self._set(at, live, phase="exporting")
        self._set(at, live, phase="done", clip=await self._exported(at))

    async def _was_sent(self, item: BatchItem) -> bool:
        """Whether an earlier call has sent its message, and something came of it.

        Raises
        ------
        NemoError
            It was sent, and nothing came of it, or nobody knows.
        """
        same = sum(other.message == item.message for other in self._items[: item.number])  # this is so many-eth
        rows = [row for row in await self._sent() if row.text == item.message]
        if len(rows) < same:
            return False
        done = [row for row in rows if row.state == "done"]
        if len(done) >= same:
            return True
        row = rows[-1]
        if not row.can_be_resumed:
            raise InputError(_SENT)
        await resume(row.id, client=self._session.client, show=False)
        return True

    async def _exported(self, at: int) -> Clip:
        item = self._items[at]
        rows = [row for row in await self._jobs("export") if row.path == str(item.path)]
        if rows and (rows[-1].state == "done" or rows[-1].can_be_resumed):
            found = await resume(rows[-1].id, client=self._session.client, show=False)
            if isinstance(found, Clip):
                return found
        sent = await self._sent()
        if sent and sent[-1].text != item.message:
            raise InputError(_TOO_LATE)
        return await self._session.export(item.path, show=False)

    async def _sent(self) -> list[JobRecord]:
        """Return the messages of the session that the service may have taken; what it refused may be sent again."""
        rows = await self._jobs("message")
        return await self._keeper.do(lambda library: [row for row in rows if library.ledger.before(row.id)], rows)

    async def _jobs(self, kind: str) -> list[JobRecord]:
        session_id = self._session.id
        if session_id is None:
            return []
        wanted = Wanted(session=session_id, kinds=(kind,))
        return await self._keeper.do(lambda library: library.ledger.jobs(wanted) if library.exists else [], [])


def _row(item: BatchItem) -> tuple[str, ...]:
    said = item.error or (item.clip.path.name if item.clip is not None else "")
    return (str(item.number), item.file.name, item.instruction, item.phase, said)
