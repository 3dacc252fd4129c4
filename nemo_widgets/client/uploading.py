"""Uploads of one session: all checked before the first byte goes out, each content sent once."""

import asyncio
from collections.abc import Sequence
from contextlib import AsyncExitStack, ExitStack
from dataclasses import dataclass

from nemo_widgets.client.given import Given, GivenFile
from nemo_widgets.client.keeper import to_its_end
from nemo_widgets.client.project import Project
from nemo_widgets.client.upload import Asset, File, OnProgress, Source, checked_files, is_url, upload
from nemo_widgets.client.upload_checks import Look, look_at
from nemo_widgets.library.digests import digest_of


@dataclass(eq=False, slots=True)
class _Item:
    source: Source
    file: File | None = None
    look: Look | None = None
    digest: str = ""
    asset: Asset | None = None


class Uploading:
    """Gives a session files, and knows what it has been given.

    Parameters
    ----------
    project : Project
        The session as the service keeps it.
    """

    def __init__(self, project: Project) -> None:
        self.given = Given()
        self._project = project

    async def upload(self, sources: Sequence[Source], max_bytes: int, on_progress: OnProgress | None) -> list[Asset]:
        """Upload what the session does not have yet; return the assets of all, in their order.

        Raises
        ------
        FileTypeError, FileTooLargeError, InputError
            Nothing was sent.
        """
        with ExitStack() as opened:
            # To its end: what is opened on a thread after the wait was given up would never be closed.
            files = iter(await to_its_end(lambda: opened.enter_context(checked_files(sources, max_bytes))))
            items = [_Item(source, None if is_url(source) else next(files)) for source in sources]
            await asyncio.gather(*map(_look, items))
            session_id = await self._project.opened()
            async with AsyncExitStack() as turns:
                for digest in sorted({item.digest for item in items if item.digest}):  # sorted: nobody waits in a ring
                    await turns.enter_async_context(self.given.turn(digest))
                await self._send(session_id, self._missing(session_id, items), on_progress)
                for item in items:
                    if item.asset is None and (known := self.given.known(session_id, item.digest)) is not None:
                        item.asset = known.asset
        return [item.asset for item in items if item.asset is not None]

    def _missing(self, session_id: str, items: Sequence[_Item]) -> list[_Item]:
        """Return what the session does not have: of equal files the first; behind a URL there may be anything."""
        first = {item.digest: item for item in reversed(items) if item.file is not None}
        return [
            item
            for item in items
            if item.file is None or (first[item.digest] is item and self.given.known(session_id, item.digest) is None)
        ]

    async def _send(self, session_id: str, items: Sequence[_Item], on_progress: OnProgress | None) -> None:
        if not items:
            return
        sources = [item.source for item in items]
        files = [item.file for item in items if item.file is not None]
        record = self._project.record
        async with record.upload(session_id, sources) as job:
            with self._project.not_found_told("upload"):
                assets = await upload(self._project.client.api, session_id, sources, files, on_progress)
            for item, asset in zip(items, assets, strict=True):
                item.asset = asset
            self.given.add(session_id, [_given(item) for item in items])
            await record.uploaded(job, sources, assets)


async def _look(item: _Item) -> None:
    if (file := item.file) is not None:
        item.look = await look_at(file.path, file.name)
        item.digest = await asyncio.to_thread(digest_of, file.path)


def _given(item: _Item) -> GivenFile:
    assert item.asset is not None
    return GivenFile(
        asset=item.asset,
        size_bytes=item.file.size_bytes if item.file is not None else None,
        digest=item.digest,
        poster=item.look.poster if item.look is not None else b"",
    )
