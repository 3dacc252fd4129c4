"""From a session to a file on this machine: an export, or the raw clip as it was generated."""

import asyncio
import hashlib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from nemo_widgets import settings
from nemo_widgets.client.clip import Clip, OutputFile
from nemo_widgets.client.render import ExportProgress, Render
from nemo_widgets.client.show import shown_export
from nemo_widgets.errors import NothingToExportError

if TYPE_CHECKING:
    from nemo_widgets.client.client import Client
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

        return await (shown_export(export) if show else export(lambda now: None))

    async def _export(
        self,
        output: OutputFile,
        wanted: Mapping[str, str | int],
        on_progress: Callable[[ExportProgress], None],
        prompt: str,
    ) -> Clip:
        async with self._turn:
            with output as out:
                draft = (await self._project.state()).draft
                if draft.is_empty:
                    raise NothingToExportError(
                        "There is nothing to export yet: the timeline is empty. Ask for a clip first, such as "
                        'await session.send("a 10-second clip of a city at night")'
                    )
                render = Render(
                    self._client.api,
                    await self._client.links(),
                    self._project.id or "",
                    draft,
                    wanted,
                    on_progress=on_progress,
                    clock=self._client.clock,
                    pace=await self._client.pace(),
                )
                await render.write(out)
        return await asyncio.to_thread(Clip.of_file, output.path, backend=self._client.backend, prompt=prompt)


async def raw_clip(client: "Client", media: Sequence[Mapping[str, Any]], prompt: str) -> Clip:
    """Fetch the newest raw video into the cache.

    Raises
    ------
    NothingToExportError
        There is none.
    """
    videos = [item for item in media if str(item.get("type") or "video").startswith("video")]
    if not videos:
        raise NothingToExportError('There is no raw clip yet. Ask for one: await session.send("a city at night")')
    url = str(videos[-1]["url"])
    suffix = Path(urlsplit(url).path).suffix.lower()
    suffix = suffix if suffix in _VIDEO_SUFFIXES else ".mp4"
    folder = settings.private_folder(settings.cache_dir() / "previews")
    output = OutputFile(folder / (hashlib.sha256(url.encode()).hexdigest()[:24] + suffix), suffix=suffix)
    if not output.path.exists():
        links = await client.links()
        with output as out:
            await links.download(url, out)
    return await asyncio.to_thread(Clip.of_file, output.path, backend=client.backend, prompt=prompt)
