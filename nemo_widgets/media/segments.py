"""A clip as fragmented MP4, a piece at a time, from any moment on."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

import av
from av.container import OutputContainer
from av.stream import Stream

from nemo_widgets.errors import MediaError, StoppedError
from nemo_widgets.media.beginnings import copied_track, init_segment
from nemo_widgets.media.boxes import fragment
from nemo_widgets.media.codec_strings import mime_of
from nemo_widgets.media.converting import ConvertedVideo
from nemo_widgets.media.copying import copied_audio, copied_video
from nemo_widgets.media.description import Description
from nemo_widgets.media.feed import Feed
from nemo_widgets.media.sound import ConvertedSound
from nemo_widgets.media.track import Track

Form = Literal["native", "converted"]

MAX_SEGMENT_BYTES = 8 * 1024 * 1024
_HEADERS_BYTES = 128 * 1024
_NEAR_S = 1e-4


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a clip: from when, to when the next one is to be asked for, whether it is the last, and its bytes."""

    start_s: float
    end_s: float
    last: bool
    data: bytes


class SegmentReader:
    """One form of one clip, read from any moment on. Pieces that follow each other join exactly.

    A reader is used by one thread at a time.

    Parameters
    ----------
    path : Path
        The file.
    description : Description
        What `describe` said of it.
    form : str
        ``"native"`` copies the pictures as they are; ``"converted"`` makes them H.264, upright, at most 1080p. Sound is
        copied where that is possible, else made AAC.
    """

    def __init__(self, path: Path, description: Description, form: Form) -> None:
        if form == "native" and not description.can_be_copied:
            raise MediaError(f"{path.name} can't be played without converting it. Ask for the converted form.")
        self._path = path
        self.about = description
        """What the file was when this was opened."""
        self._stopped: Callable[[], bool] = lambda: False
        self._feeds: list[Feed] = []
        self._number = 0
        self._next_s: float | None = None
        try:
            tracks = self._tracks(form)
        except BaseException:
            self.close()
            raise
        self.init = init_segment([add for _, add in tracks], [track.timescale for track, _ in tracks])
        """The initialisation segment, the same for every reader of this form of the clip."""
        self.mime = mime_of(self.init)
        """What the browser is asked whether it can play it; empty when it has no name."""
        self._all = [track for track, _ in tracks]

    def _tracks(self, form: Form) -> list[tuple[Track, Callable[[OutputContainer], Stream]]]:
        about = self.about
        tracks: list[tuple[Track, Callable[[OutputContainer], Stream]]] = []
        if about.kind == "video":
            feed = self._feed("video")
            if form == "native":
                scale = about.video_timescale
                video = Track(1, scale, lambda start_s: copied_video(feed, scale, start_s, about.duration_s))
                tracks.append((video, copied_track(feed.stream)))
            else:
                converted = ConvertedVideo(feed, about, self._check)
                tracks.append((Track(1, converted.timescale, converted.samples), converted.add_track))
        if about.audio_codec:
            sound_feed = self._feed("audio")
            number = len(tracks) + 1
            if about.audio_timescale and (form == "native" or about.audio_codec == "aac"):
                rate = about.audio_timescale
                sound = Track(number, rate, lambda start_s: copied_audio(sound_feed, rate, start_s))
                tracks.append((sound, copied_track(sound_feed.stream)))
            else:
                made = ConvertedSound(sound_feed, about.duration_s, self._check)
                tracks.append((Track(number, made.rate, made.samples), made.add_track))
        return tracks

    def _feed(self, kind: Literal["video", "audio"]) -> Feed:
        feed = Feed(self._path, kind, self.about.origin_s)
        self._feeds.append(feed)
        return feed

    def follows(self, start_s: float) -> bool:
        """Whether a piece from `start_s` is what this reader would read next."""
        return self._next_s is not None and abs(self._next_s - start_s) < _NEAR_S

    def read(self, start_s: float, length_s: float, stopped: Callable[[], bool] = lambda: False) -> Piece:
        """Return the piece that begins at `start_s`, or at the last keyframe before.

        Parameters
        ----------
        start_s, length_s : float
            It reaches `length_s` beyond `start_s`, or as far as 8 MiB do.
        stopped : callable
            Asked between frames; once it says True, the work is dropped.

        Raises
        ------
        StoppedError
            `stopped` said so.
        MediaError
            The file is damaged here, or has changed.
        """
        self._stopped = stopped
        goes_on = self.follows(start_s)
        self._next_s = None  # whatever ends this early leaves the tracks nowhere
        try:
            piece = self._read(start_s, max(0.0, length_s), goes_on)
        except (av.FFmpegError, ValueError, MemoryError) as error:
            raise MediaError(
                f"{self._path.name} can't be played from {start_s:.1f} s: it is damaged there. Convert it to MP4."
            ) from error
        self._next_s = None if piece.last else piece.end_s
        return piece

    def _read(self, start_s: float, length_s: float, goes_on: bool) -> Piece:
        start_s = min(max(0.0, start_s), max(0.0, self.about.duration_s - 1e-3))
        main, *others = self._all
        if not goes_on:
            main.seek(start_s)
            begins_s = main.next_s()
            for other in others:
                other.seek(start_s if begins_s is None else begins_s)
        begins = [at_s for track in self._all if (at_s := track.next_s()) is not None]
        if not begins:
            raise MediaError(f"{self._path.name} has nothing more to play from {start_s:.1f} s on: it is cut off.")
        begins_s = main.next_s() if main.next_s() is not None else begins[0]
        assert begins_s is not None
        until_s = max(start_s, begins_s) + max(length_s, 1e-3)
        taken = [main.take(until_s, MAX_SEGMENT_BYTES - _HEADERS_BYTES, self._check)]
        ends_s = main.next_s()
        until_s = until_s if ends_s is None else ends_s
        taken += [other.take(until_s, MAX_SEGMENT_BYTES, self._check) for other in others]
        nexts = [at_s for track in self._all if (at_s := track.next_s()) is not None]
        self._number += 1
        numbered = [(track.number, samples) for track, samples in zip(self._all, taken, strict=True)]
        return Piece(
            start_s=max(0.0, begins_s),
            end_s=ends_s if ends_s is not None else nexts[0] if nexts else self.about.duration_s,
            last=not nexts,
            data=fragment(self._number, numbered),
        )

    def _check(self) -> None:
        if self._stopped():
            raise StoppedError("It was stopped.")

    def close(self) -> None:
        """Close the file."""
        self._next_s = None
        for feed in self._feeds:
            feed.close()
