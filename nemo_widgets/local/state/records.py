"""What the store keeps: one frozen dataclass a table."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from nemo_widgets.local.state.links import kept_url

MediaKind = Literal["video", "image", "audio"]
RenderStatus = Literal["pending", "processing", "completed", "failed"]


@dataclass(frozen=True, slots=True)
class Account:
    """Someone with a token; `credits` includes what running work holds, `expires_at` is in seconds since the epoch."""

    user_id: str
    client_id: str
    token_digest: str
    expires_at: float
    credits: int


@dataclass(frozen=True, slots=True)
class SessionRecord:
    """One conversation and its timeline.

    Attributes
    ----------
    accepted : int
        How many messages the agent took on.
    edited : int
        1 once editing it has been paid for.
    draft_json, generated_json : str
        The timeline and the raw clips, file URLs in their stored form.
    """

    id: str
    task_id: str
    user_id: str
    task_name: str
    language: str
    seed: int
    accepted: int
    edited: int
    draft_json: str
    generated_json: str
    used_at: float

    @property
    def draft(self) -> Mapping[str, Any]:
        """The timeline as it goes over the wire, file URLs in their stored form."""
        whole: Mapping[str, Any] = json.loads(self.draft_json)
        return whole

    @property
    def generated(self) -> Sequence[Mapping[str, Any]]:
        """The raw clips, oldest first."""
        clips: Sequence[Mapping[str, Any]] = json.loads(self.generated_json)
        return clips


@dataclass(frozen=True, slots=True)
class FileRecord:
    """A file that is served under an unguessable key; `path` is relative to the store's folder."""

    key: str
    session_id: str
    name: str
    path: str
    media_type: str


@dataclass(frozen=True, slots=True)
class AssetRecord:
    """An uploaded file: what it is called, what it is, and what was found in it."""

    key: str
    session_id: str
    name: str
    kind: MediaKind
    size_bytes: int
    digest: str
    duration_s: float | None
    width: int | None
    height: int | None
    fps: float | None

    @property
    def url(self) -> str:
        """Its URL in the stored form."""
        return kept_url(self.key, self.name)

    def wire(self) -> dict[str, object]:
        """Return it as the upload call answers it."""
        return {
            "filename": self.name,
            "file_type": self.kind,
            "cdn_url": self.url,
            "duration": self.duration_s,
            "width": self.width,
            "height": self.height,
            "fps": self.fps,
            "hash": self.digest,
        }


@dataclass(frozen=True, slots=True)
class RenderRecord:
    """One render job; times in seconds since the epoch."""

    id: str
    session_id: str
    user_id: str
    key: str
    status: RenderStatus
    error: str
    draft_json: str
    output_json: str
    created_at: float
    completed_at: float | None

    @property
    def draft(self) -> Mapping[str, Any]:
        """The timeline it renders."""
        whole: Mapping[str, Any] = json.loads(self.draft_json)
        return whole

    @property
    def output(self) -> Mapping[str, Any]:
        """What was asked of the file: format, quality, resolution."""
        wanted: Mapping[str, Any] = json.loads(self.output_json)
        return wanted

    @property
    def finished(self) -> bool:
        """Whether nothing more will happen to it."""
        return self.status in ("completed", "failed")
