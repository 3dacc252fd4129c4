"""What widgets and their views say to each other, in both directions, as tagged structs.

The front end's types are generated from these (``python -m nemo_widgets.widgets.schema``); a test holds the two
together. A view asks with an `Ask`; every ask but `Cancel` gets exactly one `Reply` with the same id, `Failed`
included. What changes by itself comes as a numbered `Update`; a view that misses a number asks for a `Snapshot`. Bytes
travel beside a message, as its buffers, never inside.
"""

import msgspec
from msgspec import UNSET, Struct, UnsetType

from nemo_widgets.widgets.media_messages import (
    MAX_PEAKS,
    MAX_SEGMENT_BYTES,
    MAX_THUMBNAILS,
    THUMBNAILS_PER_ROW,
    Filmstrip,
    GetFilmstrip,
    GetWaveform,
    MediaFacts,
    OpenMedia,
    ReadSegment,
    Segment,
    SnapshotTaken,
    TakeSnapshot,
    Waveform,
)
from nemo_widgets.widgets.message_kinds import Ask, Reply
from nemo_widgets.widgets.states import (
    AssetState,
    ClipFacts,
    ComparisonState,
    ExportState,
    HandOverState,
    PromptRows,
    StudioState,
    TurnState,
    VariantState,
)
from nemo_widgets.widgets.upload_messages import (
    UPLOAD_LIMITS,
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

MAX_RANGE_BYTES = 4 * 1024 * 1024
"""The most one `ReadRange` may ask for."""

LIMITS = {
    "MAX_RANGE_BYTES": MAX_RANGE_BYTES,
    "MAX_SEGMENT_BYTES": MAX_SEGMENT_BYTES,
    "MAX_THUMBNAILS": MAX_THUMBNAILS,
    "MAX_PEAKS": MAX_PEAKS,
    "THUMBNAILS_PER_ROW": THUMBNAILS_PER_ROW,
    **UPLOAD_LIMITS,
}
"""What both sides keep to, under the names that the front end knows."""


class Cancel(Ask, frozen=True, tag="cancel"):
    """The view no longer wants the answer to its ask of this id."""


class ReadRange(Ask, frozen=True, tag="read_range"):
    """Bytes `offset` up to `offset + length` of a clip; fewer at its end."""

    clip: str
    offset: int
    length: int


class GetSnapshot(Ask, frozen=True, tag="get_snapshot"):
    """The whole state, at connecting and after a gap."""


class SendPrompt(Ask, frozen=True, tag="send_prompt"):
    """Say this to the agent."""

    text: str


class StopAnswer(Ask, frozen=True, tag="stop_answer"):
    """Stop the answer that is under way."""


class StartExport(Ask, frozen=True, tag="start_export"):
    """Render the timeline to a file."""


class StopExport(Ask, frozen=True, tag="stop_export"):
    """Stop the export that is under way."""


class GetComparison(Ask, frozen=True, tag="get_comparison"):
    """The whole comparison, at connecting and after a gap."""


class StartSweep(Ask, frozen=True, tag="start_sweep"):
    """Make what is not done yet."""


class StopSweep(Ask, frozen=True, tag="stop_sweep"):
    """Stop what is being made; finished clips stay."""


class Done(Reply, frozen=True, tag="done"):
    """It was done, or has begun and will be reported by updates."""


class Failed(Reply, frozen=True, tag="failed"):
    """It could not be done; `message` is for the person."""

    message: str


class RangeData(Reply, frozen=True, tag="range_data"):
    """The buffer beside this is the clip's bytes from `offset` on, of `total_bytes` in all."""

    offset: int
    total_bytes: int


class Snapshot(Reply, frozen=True, tag="snapshot"):
    """The whole state, as of update number `seq`."""

    seq: int
    state: StudioState


class Comparison(Reply, frozen=True, tag="comparison"):
    """The whole comparison, as of update number `seq`."""

    seq: int
    state: ComparisonState


class TextAdded(Struct, frozen=True, kw_only=True):
    """`text` follows what turn `turn` already has."""

    turn: int
    text: str


class Update(Struct, frozen=True, kw_only=True, tag_field="type", tag="update"):
    """What changed since update `seq` - 1. Changed fields come whole; only the text of an answer is added to."""

    seq: int
    turns: list[TurnState] = []
    texts: list[TextAdded] = []
    prompts: list[str] | UnsetType = UNSET
    assets: list[AssetState] | UnsetType = UNSET
    hand_overs: list[HandOverState] | UnsetType = UNSET
    prompt_rows: PromptRows | UnsetType | None = UNSET
    timeline: str | UnsetType = UNSET
    preview: ClipFacts | UnsetType | None = UNSET
    final: ClipFacts | UnsetType | None = UNSET
    export: ExportState | UnsetType = UNSET
    notice: str | UnsetType = UNSET


class ComparisonUpdate(Struct, frozen=True, kw_only=True, tag_field="type", tag="comparison_update"):
    """What changed since update `seq` - 1: the changed variants, whole."""

    seq: int
    running: bool
    variants: list[VariantState] = []


AnyAsk = (
    Cancel
    | ReadRange
    | GetSnapshot
    | SendPrompt
    | StopAnswer
    | StartExport
    | StopExport
    | BeginUpload
    | UploadChunk
    | FinishUpload
    | RetryUpload
    | DropUpload
    | UploadPath
    | ForgetAsset
    | BeginPrompts
    | GetComparison
    | StartSweep
    | StopSweep
    | OpenMedia
    | ReadSegment
    | GetFilmstrip
    | GetWaveform
    | TakeSnapshot
)
AnyReply = (
    Done
    | Failed
    | RangeData
    | Snapshot
    | UploadBegun
    | ChunkTaken
    | Comparison
    | MediaFacts
    | Segment
    | Filmstrip
    | Waveform
    | SnapshotTaken
)
ToBrowser = AnyReply | Update | ComparisonUpdate

REPLY_TO: dict[type[Ask], type[Reply]] = {
    ReadRange: RangeData,
    GetSnapshot: Snapshot,
    SendPrompt: Done,
    StopAnswer: Done,
    StartExport: Done,
    StopExport: Done,
    BeginUpload: UploadBegun,
    UploadChunk: ChunkTaken,
    FinishUpload: Done,
    RetryUpload: Done,
    DropUpload: Done,
    UploadPath: Done,
    ForgetAsset: Done,
    BeginPrompts: Done,
    GetComparison: Comparison,
    StartSweep: Done,
    StopSweep: Done,
    OpenMedia: MediaFacts,
    ReadSegment: Segment,
    GetFilmstrip: Filmstrip,
    GetWaveform: Waveform,
    TakeSnapshot: SnapshotTaken,
}
"""What each ask is answered with when it does not fail."""


def tag_of(kind: type[Struct]) -> str:
    """Return the ``type`` that names this message on the wire."""
    return str(kind.__struct_config__.tag)


def to_wire(message: Struct) -> dict[str, object]:
    """Return a message as the JSON object that travels."""
    return msgspec.to_builtins(message)  # type: ignore[no-any-return]
