"""What the calls of ``protocol/README.md`` take and give, as types; the OpenAPI description is made of them.

The calls read their requests themselves, since they answer in a person's words what is wrong with them; tests hold that
both agree.
"""

from typing import Annotated, Any, Final, Literal

from msgspec import UNSET, Meta, Struct, UnsetType

RESOLUTIONS: Final = ("360p", "480p", "540p", "720p", "1080p")
MOST_FPS: Final = 60
MOST_FILES: Final = 50
MOST_PROMPT_CHARS: Final = 100_000
LANGUAGE: Final = r"[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*"
RENDER_ID: Final = r"[A-Za-z0-9_-]{1,128}"

Milliseconds = Annotated[float, Meta(ge=0, description="Milliseconds.")]
Seconds = Annotated[float, Meta(ge=0, description="Seconds.")]
Moment = Annotated[str, Meta(description="ISO 8601.")]


class TokenGiven(Struct):
    """An anonymous token, valid seven days."""

    token: Annotated[str, Meta(pattern="^nmv_usr_")]
    user_id: str
    expires_at: Moment
    credits: int


class ClaimAsked(Struct):
    """Which project to open in a browser."""

    task_id: str
    session_id: str


class ClaimGiven(Struct):
    """What a link to a project holds."""

    claim_token: Annotated[str, Meta(pattern="^clm_")]
    expires_in: Seconds


class SessionAsked(Struct):
    """A new session."""

    task_name: str = "project"
    language: Annotated[str, Meta(pattern=f"^{LANGUAGE}$", description="ISO code of the person's language.")] = "en"


class SessionGiven(Struct):
    """What a session is called."""

    task_id: str
    session_id: str
    user_id: str


class Part(Struct):
    """A piece of a message."""

    text: Annotated[str, Meta(max_length=MOST_PROMPT_CHARS)]


class Message(Struct):
    """What a person says."""

    parts: Annotated[list[Part], Meta(min_length=1)]
    role: Literal["user"] = "user"


class MessageSent(Struct):
    """A message to the agent of a session."""

    session_id: str
    new_message: Message
    app_name: str = "nemo_agent"
    user_id: str = "me"


class UrlsSent(Struct):
    """Material to be fetched from public addresses."""

    urls: Annotated[list[str], Meta(min_length=1, max_length=MOST_FILES)]
    source_type: Literal["url"] = "url"


class FileKept(Struct):
    """An uploaded file."""

    filename: str
    file_type: Literal["video", "image", "audio"]
    cdn_url: str
    duration: Seconds | None
    width: int | None
    height: int | None
    fps: float | None
    hash: str


class FilesKept(Struct):
    """What an upload has brought."""

    files: list[FileKept]
    session_state_applied: bool


class Balance(Struct):
    """The credits of an account."""

    available: int
    frozen: Annotated[int, Meta(description="Held by running work.")]
    total: int


class Segment(Struct):
    """A piece of a track; one without a start follows the one before it."""

    d: Milliseconds | UnsetType = UNSET
    s: Milliseconds | UnsetType = UNSET
    id: str | UnsetType = UNSET
    m: dict[str, Any] | UnsetType = UNSET


class Track(Struct):
    """A track of the timeline: 0 video, 1 audio, 7 text."""

    tt: int
    sg: list[Segment]


class Timeline(Struct):
    """The draft, with its short keys; unknown keys are kept."""

    t: list[Track]
    d: Milliseconds | UnsetType = UNSET
    m: dict[str, Any] | UnsetType = UNSET


class State(Struct):
    """All that a session holds; the draft is a timeline, and empty where nothing was made."""

    draft: dict[str, Any]
    video_infos: list[FileKept]
    canvas_config: dict[str, Any]
    generated_media: list[dict[str, Any]]
    video_analyses: list[Any]


class SessionState(Struct):
    """A session's state."""

    session_id: str
    task_id: str
    task_name: str
    state: State


class Output(Struct):
    """What the file is to be like."""

    format: Literal["mp4"] = "mp4"
    quality: Literal["draft", "low", "high"] | UnsetType = UNSET
    resolution: Literal[RESOLUTIONS] = "1080p"  # type: ignore[valid-type]
    fps: Annotated[int, Meta(ge=1, le=MOST_FPS)] = 30


class RenderAsked(Struct):
    """A job; its id is the client's own, so that it can ask for it after an unclear submission."""

    id: Annotated[str, Meta(pattern=f"^{RENDER_ID}$")]
    sessionId: str  # noqa: N815
    draft: Timeline
    output: Output | UnsetType = UNSET


Status = Literal["pending", "processing", "completed", "failed"]
Fraction = Annotated[float, Meta(ge=0, le=1)]


class RenderTaken(Struct):
    """A job that was handed in."""

    id: str
    status: Status
    progress: Fraction


class Render(RenderTaken):
    """A job; `outputUrl` once it is completed, `error` when it failed."""

    outputUrl: str | None  # noqa: N815
    createdAt: Moment | None  # noqa: N815
    completedAt: Moment | None  # noqa: N815
    error: str | UnsetType = UNSET


class RenderBare(Struct):
    """A job in the bare form of answers."""

    taskId: str  # noqa: N815
    status: Status
    progress: Fraction
    output: dict[str, Any] | UnsetType = UNSET
    error: str | UnsetType = UNSET


class Refused(Struct):
    """Why a call was not carried out: a documented code, or the HTTP status where there is none."""

    code: Annotated[int, Meta(ge=1)]
    message: str
    success: Literal[False] | UnsetType = UNSET
