"""The raw clip that a generation gives: the draft's video tracks alone, drawn small and fast."""

from collections.abc import Mapping
from time import time

from nemo_widgets.local.jobs.drawing import Drawing, find_assets
from nemo_widgets.local.ports import CanvasSize
from nemo_widgets.local.state.links import kept_url, new_key
from nemo_widgets.local.state.records import FileRecord
from nemo_widgets.local.state.store import Store
from nemo_widgets.protocol.draft import Draft

LONG_SIDE_PX = 640


def raw_size(width: int, height: int) -> tuple[int, int]:
    """Return the size of a raw clip for a canvas: 640 pixels on the longer side, even numbers."""
    scale = LONG_SIDE_PX / max(width, height)
    return max(2, round(width * scale / 2) * 2), max(2, round(height * scale / 2) * 2)


class RawClips:
    """Draws raw clips and keeps them where they can be fetched."""

    def __init__(self, store: Store, drawing: Drawing, canvas_size: CanvasSize) -> None:
        self._store = store
        self._drawing = drawing
        self._canvas_size = canvas_size

    async def draw(self, session_id: str, draft: Draft) -> Mapping[str, object]:
        """Draw the raw clip of a draft.

        Returns
        -------
        Mapping
            Its entry for ``generated_media``; its URL in the stored form.
        """
        pictures = Draft.parse({**draft.raw, "t": [track.raw for track in draft.tracks if track.kind == "video"]})
        width, height = raw_size(*self._canvas_size(pictures, "1080p"))
        key, name = new_key(), "generated.mp4"
        path = f"raw/{key}.mp4"
        await self._drawing.draw(
            pictures,
            self._store.folder / path,
            size=(width, height),
            quality="draft",
            assets=find_assets(pictures, self._store),
            on_progress=lambda fraction: None,
        )
        self._store.add_file(FileRecord(key, session_id, name, path, "video/mp4"))
        return {
            "id": key[:8],
            "type": "video",
            "name": name,
            "url": kept_url(key, name),
            "duration": max(segment.end_ms for track in pictures.tracks for segment in track.segments) / 1000,
            "width": width,
            "height": height,
            "created_at": time(),
        }
