"""Footage: what a person drops, on its way from the browser through the kernel to the session."""

import asyncio
import base64
import contextlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import RLock
from typing import TYPE_CHECKING
from uuid import uuid4

from msgspec.structs import replace

from nemo_widgets.client.given import GivenFile
from nemo_widgets.client.upload import UploadProgress
from nemo_widgets.client.upload_checks import check_beginning
from nemo_widgets.client.upload_folder import sweep
from nemo_widgets.errors import InputError, NemoError, StoppedError
from nemo_widgets.kernel import job_loop
from nemo_widgets.widgets.base import Answer, Buffers, Later, in_words
from nemo_widgets.widgets.feed import Feed
from nemo_widgets.widgets.incoming import Incoming
from nemo_widgets.widgets.message_kinds import Ask
from nemo_widgets.widgets.messages import Done
from nemo_widgets.widgets.prompt_files import prompt_rows
from nemo_widgets.widgets.server_files import server_file
from nemo_widgets.widgets.states import AssetState, HandOverState
from nemo_widgets.widgets.upload_messages import (
    HEAD_BYTES,
    BeginPrompts,
    BeginUpload,
    ChunkTaken,
    DropUpload,
    FinishUpload,
    ForgetAsset,
    RetryUpload,
    UploadBegun,
    UploadChunk,
    UploadPath,
)
from nemo_widgets.widgets.uploads import UploadDesk

if TYPE_CHECKING:
    from nemo_widgets.client import Session

_hashers = ThreadPoolExecutor(1, thread_name_prefix="nemo-hash")


class Footage:
    """Takes files from views, and hands them to a session; cards and progress go to a `Feed`.

    Parameters
    ----------
    session : Session
        Who gets them.
    feed : Feed
        Where they are shown.
    max_file_bytes : callable
        Gives the largest file that is taken.
    on_asset : callable
        Called on the job loop when the session has something new.
    """

    def __init__(
        self,
        session: "Session",
        feed: Feed,
        *,
        max_file_bytes: Callable[[], int],
        on_asset: Callable[[], None] = lambda: None,
    ) -> None:
        self.desk = UploadDesk()
        self._session = session
        self._feed = feed
        self._max_file_bytes = max_file_bytes
        self._on_asset = on_asset
        self._lock = RLock()
        self._sending: dict[str, asyncio.Task[None]] = {}  # the job loop's alone
        self._expiring = False
        self._handed: set[str] = set()  # what the session got: an answer that says so may be lost, and asked for again
        self._forgotten: set[str] = set()
        self._deaf = session.given.listen(self._has)
        if session.given.files:
            self._has(session.given.files)
        _hashers.submit(sweep)  # what a killed kernel has left

    def answer(self, ask: Ask, buffers: Buffers) -> Answer | Later | None:
        """Answer what a view asks about uploads; None for an ask that is about something else.

        Raises
        ------
        InputError
            It cannot be done.
        """
        match ask:
            case BeginUpload():
                head = bytes(buffers[0])[:HEAD_BYTES] if buffers else b""
                check_beginning(ask.name, ask.size_bytes, head, self._max_file_bytes())
                return self._begin(ask)
            case UploadChunk():
                return self._take(ask, buffers)
            case FinishUpload():
                return self._finish(ask)
            case RetryUpload():
                return self._retry(ask)
            case DropUpload():
                self.drop(ask.upload)
            case UploadPath():
                return self._hand_over_path(ask)
            case ForgetAsset():
                self._forget(ask.name)
            case BeginPrompts():
                self._feed.change(prompt_rows=prompt_rows(ask.name, ask.text))
            case _:
                return None
        return Done(id=ask.id)

    def drop(self, upload: str) -> None:
        """Take a file away, wherever it is; what goes to the service at this moment stops."""
        job_loop().call_soon_threadsafe(self._stop, upload)
        self.desk.drop(upload)
        self._show(upload, None)

    def close(self) -> None:
        """Stop what is under way, and remove every file."""
        self._deaf()
        job_loop().call_soon_threadsafe(self._stop_all)
        self.desk.close()

    async def _begin(self, ask: BeginUpload) -> Answer:
        stamp = (ask.name, ask.size_bytes, ask.modified_ms)
        view = ask.id.rpartition("-")[0]
        incoming = await asyncio.to_thread(self.desk.begin, stamp, feeder=view, fresh=ask.fresh)
        received_bytes, digest = await asyncio.to_thread(incoming.prefix)
        self._expire_later()
        return UploadBegun(id=ask.id, upload=incoming.upload, received_bytes=received_bytes, prefix_digest=digest)

    def _take(self, ask: UploadChunk, buffers: Buffers) -> Answer:
        chunk = buffers[0] if buffers else b""
        received_bytes = self.desk.take(ask.upload, ask.offset, chunk)
        incoming = self.desk.find(ask.upload)
        _hashers.submit(_hash, incoming)
        return ChunkTaken(id=ask.id, received_bytes=received_bytes)

    async def _finish(self, ask: FinishUpload) -> Answer:
        if ask.upload not in self._handed:
            path = await asyncio.to_thread(self.desk.finish, ask.upload, ask.digest)
            await self._hand_over(ask.upload, path)
        return Done(id=ask.id)

    async def _retry(self, ask: RetryUpload) -> Answer:
        incoming = self.desk.find(ask.upload)
        if incoming.ready is None:
            raise InputError(f"{incoming.name} has not arrived whole yet: upload it again.")
        await self._hand_over(ask.upload, incoming.ready)
        return Done(id=ask.id)

    async def _hand_over_path(self, ask: UploadPath) -> Answer:
        path = await asyncio.to_thread(server_file, ask.path, ask.root)
        await self._hand_over(f"server-{uuid4().hex}", path)
        return Done(id=ask.id)

    async def _hand_over(self, upload: str, path: Path) -> None:
        """Hand a file that is there to the service; who asks meanwhile waits for the same, and may stop waiting."""
        task = self._sending.get(upload)
        if task is None:
            task = self._sending[upload] = asyncio.create_task(self._send(upload, path))
            task.add_done_callback(lambda ended: self._sent(upload, ended))
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            if task.cancelled():
                raise StoppedError(f"The upload of {path.name} was stopped.") from None
            raise

    async def _send(self, upload: str, path: Path) -> None:
        size_bytes = (await asyncio.to_thread(path.stat)).st_size
        shown = HandOverState(upload=upload, name=path.name, size_bytes=size_bytes)
        self._show(upload, shown)

        def progress(now: UploadProgress) -> None:
            self._show(upload, replace(shown, phase="sending", sent_bytes=min(now.sent_bytes, size_bytes)))

        try:
            with self.desk.busy(upload):
                most = self._max_file_bytes()
                (asset,) = await self._session.upload(path, on_progress=progress, max_file_bytes=most, show=False)
        except (asyncio.CancelledError, InputError):  # nobody wants it, or it is the file that is wrong
            self.desk.drop(upload)
            self._show(upload, None)
            raise
        except Exception as error:
            kept = self.desk.has(upload)  # else it is the server's own: it can be dropped here again
            failed = replace(shown, phase="failed", error=in_words(error), retryable=True)
            self._show(upload, failed if kept else None)
            raise
        with self._lock:
            self._forgotten.discard(asset.filename)
        self._has(self._session.given.files)
        self._handed.add(upload)
        self.desk.drop(upload)
        self._show(upload, None)
        self._on_asset()

    def _sent(self, upload: str, task: asyncio.Task[None]) -> None:
        self._sending.pop(upload, None)
        if not task.cancelled():
            task.exception()  # looked at: whoever waits is told, and the state shows it

    def _has(self, files: tuple[GivenFile, ...]) -> None:
        """Show what the session has, but for what was taken off the screen."""
        with self._lock:
            cards = {file.asset.filename: _card(file) for file in files if file.asset.filename not in self._forgotten}
            self._feed.change(assets=list(cards.values()))

    def _forget(self, name: str) -> None:
        with self._lock:
            self._forgotten.add(name)
        self._has(self._session.given.files)

    def _show(self, upload: str, shown: HandOverState | None) -> None:
        with self._lock:
            now = list(self._feed.state.hand_overs)
            at = next((at for at, one in enumerate(now) if one.upload == upload), len(now))
            now[at : at + 1] = [] if shown is None else [shown]
            if now != self._feed.state.hand_overs:
                self._feed.change(hand_overs=now)

    def _stop(self, upload: str) -> None:
        if (task := self._sending.get(upload)) is not None:
            task.cancel()

    def _stop_all(self) -> None:
        for task in list(self._sending.values()):
            task.cancel()

    def _expire_later(self) -> None:
        with self._lock:
            if self._expiring or (in_s := self.desk.expire()) is None:
                return
            self._expiring = True
        loop = job_loop()
        loop.call_soon_threadsafe(loop.call_later, in_s, self._expire)

    def _expire(self) -> None:
        with self._lock:
            self._expiring = False
        self._expire_later()


def _hash(incoming: Incoming) -> None:
    with contextlib.suppress(OSError, NemoError):  # it was dropped; else who finishes it hashes again, and is told
        incoming.prefix()


def _card(file: GivenFile) -> AssetState:
    asset = file.asset
    picture = f"data:image/jpeg;base64,{base64.b64encode(file.poster).decode()}" if file.poster else ""
    return AssetState(
        name=asset.filename,
        kind=asset.kind,
        duration_s=asset.duration_s or 0.0,
        width=asset.width or 0,
        height=asset.height or 0,
        size_bytes=file.size_bytes or 0,
        poster=picture,
    )
