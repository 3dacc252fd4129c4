"""What a player asks of the kernel's media service, and its answers; `messages` says how they travel.

Times are seconds on the clip's timeline, which begins at 0 whatever the file's own clock says.
"""

from typing import Literal

from nemo_widgets.widgets.message_kinds import Ask, Reply

MAX_SEGMENT_BYTES = 8 * 1024 * 1024
"""The most video that one `Segment` carries; a longer one ends earlier than was asked."""

MAX_THUMBNAILS = 200
"""The most pictures that one `GetFilmstrip` may ask for."""

MAX_PEAKS = 4096
"""The most buckets that one `GetWaveform` may ask for."""

THUMBNAILS_PER_ROW = 10
"""How many pictures of a filmstrip stand in a row."""

Form = Literal["native", "converted"]


class OpenMedia(Ask, frozen=True, tag="open_media"):
    """Read what this clip is, and in which forms it can be had."""

    clip: str


class ReadSegment(Ask, frozen=True, tag="read_segment"):
    """About `length_s` of the clip as fragmented MP4, from the last keyframe at or before `start_s`; `init` once."""

    clip: str
    form: Form
    start_s: float
    length_s: float
    init: bool


class GetFilmstrip(Ask, frozen=True, tag="get_filmstrip"):
    """`count` small pictures, spread evenly over the clip."""

    clip: str
    count: int
    height_px: int


class GetWaveform(Ask, frozen=True, tag="get_waveform"):
    """How loud the clip is, in `count` buckets of equal length."""

    clip: str
    count: int


class TakeSnapshot(Ask, frozen=True, tag="take_snapshot"):
    """The picture that is shown at `time_s`, in full size; it is also written beside the notebook."""

    clip: str
    time_s: float


class MediaFacts(Reply, frozen=True, tag="media_facts"):
    """What a clip is. `native` and `converted` are what ``MediaSource.isTypeSupported`` is asked; empty: cannot be had.

    Attributes
    ----------
    width, height : int
        Pixels as shown, so after `rotation`; 0 for sound alone.
    frame_count : int
        0 when unknown.
    rotation : int
        Degrees counter-clockwise, 0, 90, 180 or 270, that a player of the native form still has to turn the picture,
        where its browser does not: the converted form is upright.
    path : str
        Where the file is, for a front end on the same server.
    """

    kind: Literal["video", "audio", "picture"]
    duration_s: float
    width: int
    height: int
    fps: float
    frame_count: int
    rotation: int
    has_audio: bool
    native: str
    converted: str
    size_bytes: int
    path: str


class Segment(Reply, frozen=True, tag="segment"):
    """The buffers beside this are the initialisation segment, when it was asked for, and fragments with their data.

    The next segment is asked for at `end_s`, and joins without gap or overlap; after the `last` there is none.
    """

    start_s: float
    end_s: float
    last: bool


class Filmstrip(Reply, frozen=True, tag="filmstrip"):
    """The buffer beside this is one JPEG: tiles from left to right, in rows of ten; `times_s` is when each is shown."""

    count: int
    tile_width_px: int
    tile_height_px: int
    times_s: list[float]


class Waveform(Reply, frozen=True, tag="waveform"):
    """The buffer beside this has a byte a bucket, 0 to 255, the loudest of all channels; `count` 0 without sound."""

    count: int


class SnapshotTaken(Reply, frozen=True, tag="snapshot_taken"):
    """The buffer beside this is a PNG; a copy was written as `name`, beside the notebook."""

    name: str
    width: int
    height: int
    time_s: float
