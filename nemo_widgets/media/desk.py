"""What the media helper does: each request about a file, answered with plain values and bytes."""

from collections import OrderedDict
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np

from nemo_widgets.errors import MediaError, StoppedError
from nemo_widgets.media.description import Description, describe
from nemo_widgets.media.pictures import filmstrip, picture_at, pictures_at, png_of, still
from nemo_widgets.media.poster import poster_jpeg, small_jpeg
from nemo_widgets.media.probe import is_picture, probe, size_of
from nemo_widgets.media.segments import Form, SegmentReader
from nemo_widgets.media.waveform import waveform
from nemo_widgets.media.wholeness import check_whole

Answer = tuple[dict[str, Any], list[bytes]]
Stopped = Callable[[], bool]

_MAX_READERS = 6
_MAX_DESCRIPTIONS = 64


@dataclass(slots=True)
class _Shelf:
    """Readers that nobody uses at the moment, the least recently used first."""

    lock: Lock = field(default_factory=Lock)
    readers: OrderedDict[SegmentReader, tuple[str, Form]] = field(default_factory=OrderedDict)


class Desk:
    """Answers requests, several at a time; open readers go on where they were."""

    def __init__(self) -> None:
        self._shelf = _Shelf()
        self._about: OrderedDict[tuple[str, int, int], Description] = OrderedDict()

    def probe(self, path: Path, stopped: Stopped) -> Answer:
        """Say what a file is."""
        return asdict(probe(path)), []

    def look(self, path: Path, stopped: Stopped) -> Answer:
        """Say what a file is, with a poster beside it where there is one."""
        info = probe(path)
        return asdict(info), _poster(path) if info.width else []

    def clip(self, path: Path, stopped: Stopped) -> Answer:
        """Say how long a clip is and what it looks like, with its poster; how large it is makes no difference."""
        size_of(path)
        if is_picture(path):
            picture = still(path)
            told = {"duration_s": 0.0, "width": picture.width, "height": picture.height, "fps": 0.0}
        else:
            about = self._describe(path)
            told = {"duration_s": about.duration_s, "width": about.width, "height": about.height, "fps": about.fps}
        return told, _poster(path) if told["width"] else []

    def check(self, path: Path, stopped: Stopped) -> Answer:
        """Say what a file is, which must be whole, with a small picture beside it where there is one."""
        check_whole(path)
        info = probe(path)
        try:
            poster = [_small_picture(path)] if info.width else []
        except MediaError:
            poster = []  # it can still be used; only its small picture is missing
        return asdict(info), poster

    def facts(self, path: Path, stopped: Stopped) -> Answer:
        """Say what a player must know."""
        size_bytes = path.stat().st_size
        told: dict[str, Any] = {"size_bytes": size_bytes, "path": str(path.resolve())}
        if is_picture(path):
            picture = still(path)
            nothing = {"duration_s": 0.0, "fps": 0.0, "frame_count": 0, "rotation": 0, "has_audio": False}
            size = {"width": picture.width, "height": picture.height}
            return told | nothing | size | {"kind": "picture", "native": "", "converted": ""}, []
        about = self._describe(path)
        types = dict.fromkeys(("native", "converted"), "")
        forms: tuple[Form, ...] = ("converted", "native") if about.can_be_copied else ("converted",)
        for form in forms:
            reader = self._borrow(path, form, 0.0)
            types[form] = reader.mime
            self._give_back(reader, path, form)
        return told | types | {
            "kind": about.kind,
            "duration_s": about.duration_s,
            "width": about.width,
            "height": about.height,
            "fps": about.fps,
            "frame_count": about.frame_count,
            "rotation": about.rotation,
            "has_audio": bool(about.audio_codec),
        }, []

    def segment(
        self, path: Path, stopped: Stopped, *, form: Form, start_s: float, length_s: float, init: bool
    ) -> Answer:
        """Return a piece of a clip."""
        reader = self._borrow(path, form, start_s)
        try:
            piece = reader.read(start_s, length_s, stopped)
        except BaseException:
            reader.close()
            raise
        beginning = [reader.init] if init else []
        self._give_back(reader, path, form)
        return {"start_s": piece.start_s, "end_s": piece.end_s, "last": piece.last}, [*beginning, piece.data]

    def filmstrip(self, path: Path, stopped: Stopped, *, count: int, height_px: int) -> Answer:
        """Return small pictures in one JPEG."""
        strip = filmstrip(path, self._video(path), count, height_px, _checking(stopped))
        told = asdict(strip)
        return told, [told.pop("jpeg")]

    def waveform(self, path: Path, stopped: Stopped, *, count: int) -> Answer:
        """Return how loud a clip is."""
        peaks = b"" if is_picture(path) else waveform(path, self._describe(path), count, _checking(stopped))
        return {"count": len(peaks)}, [peaks] if peaks else []

    def snapshot(self, path: Path, stopped: Stopped, *, time_s: float) -> Answer:
        """Return the picture at a moment as PNG."""
        if is_picture(path):
            picture, at_s = still(path), 0.0
        else:
            picture, at_s = picture_at(path, self._video(path), time_s, _checking(stopped))
        return {"width": picture.width, "height": picture.height, "time_s": at_s}, [png_of(picture)]

    def pictures(self, path: Path, stopped: Stopped, *, times_s: list[float]) -> Answer:
        """Return the pictures at these moments as RGB bytes."""
        found = [np.asarray(picture) for picture in pictures_at(path, self._video(path), times_s, _checking(stopped))]
        return {"shape": list(found[0].shape)}, [picture.tobytes() for picture in found]

    def forget(self, path: Path, stopped: Stopped) -> Answer:
        """Close what is open of a file."""
        with self._shelf.lock:
            gone = [reader for reader, (of, _) in self._shelf.readers.items() if of == str(path)]
            for reader in gone:
                del self._shelf.readers[reader]
        for reader in gone:
            reader.close()
        return {"closed": len(gone)}, []

    def _describe(self, path: Path) -> Description:
        facts = path.stat()
        key = (str(path), facts.st_size, facts.st_mtime_ns)
        about = self._about.get(key)
        if about is None:
            about = self._about[key] = describe(path)
            while len(self._about) > _MAX_DESCRIPTIONS:
                self._about.popitem(last=False)
        return about

    def _video(self, path: Path) -> Description:
        about = self._describe(path)
        if about.kind != "video":
            raise MediaError(f"{path.name} is sound alone: it has no pictures.")
        return about

    def _borrow(self, path: Path, form: Form, start_s: float) -> SegmentReader:
        about = self._describe(path)
        with self._shelf.lock:
            mine = [reader for reader, of in self._shelf.readers.items() if of == (str(path), form)]
            mine = [reader for reader in mine if reader.about == about]
            best = next((reader for reader in mine if reader.follows(start_s)), mine[0] if mine else None)
            if best is not None:
                del self._shelf.readers[best]
                return best
        return SegmentReader(path, about, form)

    def _give_back(self, reader: SegmentReader, path: Path, form: Form) -> None:
        with self._shelf.lock:
            self._shelf.readers[reader] = (str(path), form)
            gone = [self._shelf.readers.popitem(last=False)[0] for _ in range(len(self._shelf.readers) - _MAX_READERS)]
        for old in gone:
            old.close()


def _small_picture(path: Path) -> bytes:
    return small_jpeg(still(path)) if is_picture(path) else poster_jpeg(path)


def _poster(path: Path) -> list[bytes]:
    try:
        return [poster_jpeg(path)]
    except MediaError:
        return []  # it can still be played; only its still picture is missing


def _checking(stopped: Stopped) -> Callable[[], None]:
    def check() -> None:
        if stopped():
            raise StoppedError("It was stopped.")

    return check
