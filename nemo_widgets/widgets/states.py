"""What views show, as structs; `messages` says how it travels."""

from typing import Literal

from msgspec import Struct


class ClipFacts(Struct, frozen=True, kw_only=True):
    """All that a player must know before it has any of the video.

    Attributes
    ----------
    id : str
        Names the clip in `ReadRange`; new for each file that is put on show.
    name, mime : str
        File name and media type.
    size_bytes, width, height : int
        Of the file, and of its picture in pixels (0 when unknown).
    duration_s, fps : float
        0 when unknown.
    backend : str
        Who made it: ``"local"``, ``"cloud"``, ``"custom"``, or empty for a file that came from elsewhere.
    prompt : str
        What was asked for, when known.
    poster : str
        A JPEG below 8 KB as a ``data:`` URL; empty when there is none.
    """

    id: str
    name: str
    mime: str
    size_bytes: int
    duration_s: float = 0.0
    width: int = 0
    height: int = 0
    fps: float = 0.0
    backend: str = ""
    prompt: str = ""
    poster: str = ""


TurnStatus = Literal["setting_up", "working", "done", "stopped", "failed"]


class SuggestionState(Struct, frozen=True, kw_only=True):
    """Something that a person may do next; nothing of it was done.

    Attributes
    ----------
    action : str
        What it is.
    words : str
        What it is good for.
    call : str
        How it is done in Python.
    prompt : str
        Of an edit: the message that would be sent; empty when the agent did not say what to change.
    """

    action: Literal["export", "upload", "preview", "edit"]
    words: str
    call: str
    prompt: str = ""


class TurnState(Struct, frozen=True, kw_only=True):
    """One prompt and what came of it.

    Attributes
    ----------
    number : int
        From 1, in the order of sending.
    prompt, text : str
        What the person said, and the agent's answer so far, as Markdown.
    status : str
        Where it stands.
    activity : str
        What the agent does at this moment, in words: ``"Generating video"``. Empty when it only talks.
    elapsed_s : float
        Since sending, at the moment of this message.
    error : str
        What went wrong, in words; empty unless it failed.
    changes : list of str
        What it did to the timeline.
    shown : list of str
        What the agent sent the person to its editor to look at: the timeline in one line, the credits.
    suggestions : list of SuggestionState
        What to do instead of what the agent said about its editor's buttons.
    hint : str
        How a vague prompt could be put; empty for any other.
    """

    number: int
    prompt: str
    text: str = ""
    status: TurnStatus = "setting_up"
    activity: str = ""
    elapsed_s: float = 0.0
    error: str = ""
    changes: list[str] = []
    shown: list[str] = []
    suggestions: list[SuggestionState] = []
    hint: str = ""


class AssetState(Struct, frozen=True, kw_only=True):
    """A file that the session has.

    Attributes
    ----------
    name : str
        What the service calls it, and what a prompt calls it: ``@beach.mov``.
    kind : str
        ``"video"``, ``"image"`` or ``"audio"``.
    duration_s : float
        0 when unknown, and for an image.
    width, height : int
        In pixels; 0 when unknown, and for sound.
    size_bytes : int
        0 when unknown: of a URL.
    poster : str
        A JPEG below 8 KB as a ``data:`` URL; empty when there is none.
    """

    name: str
    kind: str
    duration_s: float = 0.0
    width: int = 0
    height: int = 0
    size_bytes: int = 0
    poster: str = ""


HandOverPhase = Literal["checking", "sending", "failed"]


class HandOverState(Struct, frozen=True, kw_only=True):
    """A file that the kernel has, and the service has not yet; it is gone from the list once that has it.

    Attributes
    ----------
    upload : str
        As in the messages about it.
    name : str
        The file's.
    size_bytes, sent_bytes : int
        Of the file, and how much of it has left for the service.
    phase : str
        Where it stands.
    error : str
        Why it failed, in words, and what to do; empty unless it has.
    retryable : bool
        Whether `RetryUpload` may help: the file is there, and it was not the file that was wrong.
    """

    upload: str
    name: str
    size_bytes: int
    sent_bytes: int = 0
    phase: HandOverPhase = "checking"
    error: str = ""
    retryable: bool = False


class PromptRows(Struct, frozen=True, kw_only=True):
    """Prompts from a CSV file, of which a comparison can be made: the file's name, the prompts, how it is done."""

    name: str
    prompts: list[str]
    call: str


class ExportState(Struct, frozen=True, kw_only=True):
    """How the export stands. `fraction` is 0 to 1, None while the service says nothing; `error` is in words."""

    status: Literal["idle", "running", "done", "stopped", "failed"] = "idle"
    fraction: float | None = None
    elapsed_s: float = 0.0
    error: str = ""


class StudioState(Struct, frozen=True, kw_only=True):
    """All that a Studio or a prompt box shows.

    Attributes
    ----------
    backend, where : str
        Who does the work (``"local"``, ``"cloud"``, ``"custom"``) and its address, for people.
    recording : str
        The file that is replayed, in which `backend` was recorded; empty for a live service.
    prompts : list of str
        What can be sent next; empty for a live service, which takes anything.
    turns : list of TurnState
        The conversation.
    assets : list of AssetState
        What was uploaded.
    hand_overs : list of HandOverState
        What goes to the service at this moment, or failed to.
    prompt_rows : PromptRows or None
        Prompts from a file that was dropped.
    timeline : str
        The draft in one line; empty when there is none.
    preview, final : ClipFacts or None
        The raw clip before any export, and the exported one.
    export : ExportState
        How the export stands.
    notice : str
        Something that went wrong outside of a turn, in words.
    """

    backend: str = ""
    where: str = ""
    recording: str = ""
    prompts: list[str] = []
    turns: list[TurnState] = []
    assets: list[AssetState] = []
    hand_overs: list[HandOverState] = []
    prompt_rows: PromptRows | None = None
    timeline: str = ""
    preview: ClipFacts | None = None
    final: ClipFacts | None = None
    export: ExportState = ExportState()
    notice: str = ""


VariantPhase = Literal["waiting", "generating", "queued", "rendering", "done", "failed", "stopped"]


class VariantState(Struct, frozen=True, kw_only=True):
    """One prompt of a comparison and what came of it.

    Attributes
    ----------
    number : int
        From 1, in the order of the comparison.
    prompt, text : str
        What is asked, and the agent's answer so far, as Markdown.
    phase : str
        How far it is.
    fraction : float or None
        How much of the render is done, 0 to 1; None while nobody knows.
    elapsed_s : float
        Since it began, at the moment of this message.
    credits_spent : float or None
        None while it is not known.
    error : str
        What went wrong, in words.
    clip : ClipFacts or None
        The finished clip.
    """

    number: int
    prompt: str
    text: str = ""
    phase: VariantPhase = "waiting"
    fraction: float | None = None
    elapsed_s: float = 0.0
    credits_spent: float | None = None
    error: str = ""
    clip: ClipFacts | None = None


class ComparisonState(Struct, frozen=True, kw_only=True):
    """All that a comparison shows: who does the work, whether it is running, and its variants in order."""

    backend: str = ""
    running: bool = False
    variants: list[VariantState] = []
