"""From a session to a file on this machine: an export, or the raw clip as it was generated."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from nemo_widgets import settings
from nemo_widgets.client.clip import Clip, OutputFile
from nemo_widgets.client.delivery import delivered, handed_out, kept_copy
from nemo_widgets.client.render import ExportProgress, Render
from nemo_widgets.client.reuse import kept_clip
from nemo_widgets.client.show import shown_export
from nemo_widgets.errors import NothingToExportError
from nemo_widgets.protocol.draft import Draft

if TYPE_CHECKING:
    from nemo_widgets.client.project import Project

_VIDEO_SUFFIXES: Final = frozenset({".mp4", ".mov", ".webm", ".mkv"})


class Exporter:
    """The exports of one session, one at a time: a second one waits, as the service would make it wait."""

    def __init__(self, project: "Project") -> None:
        self._project = project
        self._client = project.client
        self._turn = asyncio.Lock()

    async def export(
        self,
        output: OutputFile,
        wanted: Mapping[str, str | int],
        on_progress: Callable[[ExportProgress], None] | None,
        prompt: str,
        *,
        show: bool,
    ) -> Clip:
        """Render the draft into `output`; `wanted` is what `checked_output` returned."""

        async def export(shown: Callable[[ExportProgress], None]) -> Clip:
            def tell(now: ExportProgress) -> None:
                shown(now)
                if on_progress is not None:
                    on_progress(now)

            return await self._export(output, wanted, tell, prompt)

        return await (shown_export(export, output) if show else export(lambda now: None))

    async def _export(
        self,
        output: OutputFile,
        wanted: Mapping[str, str | int],
        on_progress: Callable[[ExportProgress], None],
        prompt: str,
    ) -> Clip:
        async with self._turn:
            await asyncio.to_thread(output.check)
            made_by = {"backend": self._client.backend, "prompt": prompt}
            kept = await kept_clip(self._project, wanted)
            if kept:
                on_progress(ExportProgress("completed", 1.0, 0.0))
                return await handed_out(kept, output, None, self._client.keeper, **made_by)
            session_id = await self._project.opened_before()
            if session_id is None:
                raise _nothing_yet()
            async with self._project.record.export(session_id, prompt, output.path, wanted) as job:
                render = Render(
                    self._client.api,
                    await self._client.links(),
                    session_id,
                    self._draft,
                    wanted,
                    on_progress=on_progress,
                    submitting=job.submitting,
                    clock=self._client.clock,
                    pace=await self._client.pace(),
                )
                done = await render.rendered()
                return await delivered(render, done, output, job, self._client.keeper, **made_by)

    async def _draft(self) -> Draft:
        draft = (await self._project.state()).draft
        if draft.is_empty:
            raise _nothing_yet()
        return draft


def _nothing_yet() -> NothingToExportError:
    return NothingToExportError(
        "There is nothing to export yet: the timeline is empty. Ask for a clip first, such as "
        'await session.send("a 10-second clip of a city at night")'
    )


async def raw_clip(project: "Project", prompt: str) -> Clip:
    """Fetch the newest raw video into the cache.

    Raises
    ------
    NothingToExportError
        There is none.
    """
    client = project.client
    session_id = await project.opened_before()
    media = (await project.state()).generated_media
    videos = [item for item in media if str(item.get("type") or "video").startswith("video")]
    if not videos or session_id is None:
        raise NothingToExportError('There is no raw clip yet. Ask for one: await session.send("a city at night")')
    url = str(videos[-1]["url"])
    suffix = Path(urlsplit(url).path).suffix.lower()
    suffix = suffix if suffix in _VIDEO_SUFFIXES else ".mp4"
    folder = settings.private_folder(settings.cache_dir() / "previews")
    output = OutputFile(folder / (hashlib.sha256(url.encode()).hexdigest()[:24] + suffix), suffix=suffix)
    if not output.path.exists():
        links = await client.links()
        async with project.record.preview(session_id, prompt, output.path) as job:
            with output as out:
                await links.download(url, out)
            await kept_copy(output.path, job, client.keeper, backend=client.backend, prompt=prompt)
    return await asyncio.to_thread(Clip.of_file, output.path, backend=client.backend, prompt=prompt)
