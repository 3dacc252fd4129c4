"""What the service knows about a session (``protocol/README.md``, call 6)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from nemo_widgets.protocol.draft import Draft


@dataclass(frozen=True, slots=True, repr=False)
class State:
    """A session as the service knows it at one moment.

    Attributes
    ----------
    session_id, task_id, task_name : str
        Empty when the service did not say.
    draft : Draft
        The timeline.
    generated_media : tuple of Mapping
        The raw media that were generated, oldest first; each has at least a ``url``.
    canvas : Mapping
        ``width``, ``height``, ``ratio``.
    video_infos, video_analyses : tuple of Mapping
        What the service knows about uploaded videos, as it tells it.
    raw : Mapping
        All of it as it came.
    """

    session_id: str
    task_id: str
    task_name: str
    draft: Draft
    generated_media: tuple[Mapping[str, Any], ...]
    canvas: Mapping[str, Any]
    video_infos: tuple[Mapping[str, Any], ...]
    video_analyses: tuple[Mapping[str, Any], ...]
    raw: Mapping[str, Any]

    def __repr__(self) -> str:
        # Without its links: who has one of them has the file, and a notebook is passed on.
        # Each change of the pictures gives a raw clip; of uploads the service lists the videos alone.
        media = f"{_counted(self.generated_media, 'raw clip')}, {_counted(self.video_infos, 'uploaded video')}"
        return f"<State of session {self.session_id or 'that is not opened yet'}: {self.draft.summary()}; {media}>"

    @classmethod
    def parse(cls, answer: Mapping[str, Any]) -> "State":
        """Read an answer; whatever is missing is empty."""
        inner = answer.get("state")
        state: Mapping[str, Any] = inner if isinstance(inner, Mapping) else answer
        canvas = state.get("canvas_config")
        return cls(
            session_id=str(answer.get("session_id") or ""),
            task_id=str(answer.get("task_id") or ""),
            task_name=str(answer.get("task_name") or ""),
            draft=Draft.parse(state.get("draft")),
            generated_media=tuple(_media(state.get("generated_media"))),
            canvas=canvas if isinstance(canvas, Mapping) else {},
            video_infos=_mappings(state.get("video_infos")),
            video_analyses=_mappings(state.get("video_analyses")),
            raw=answer,
        )

    def differs_from(self, other: "State") -> bool:
        """Whether the agent did anything between the two."""
        return self.draft.raw != other.draft.raw or len(self.generated_media) != len(other.generated_media)


def _counted(things: tuple[Mapping[str, Any], ...], name: str) -> str:
    return f"{len(things)} {name}{'' if len(things) == 1 else 's'}"


def _mappings(value: object) -> tuple[Mapping[str, Any], ...]:
    """Return the mappings in a list, or in a mapping by name."""
    items = value.values() if isinstance(value, Mapping) else value if isinstance(value, list) else ()
    return tuple(item for item in items if isinstance(item, Mapping))


def _media(value: object) -> Iterator[Mapping[str, Any]]:
    """Find the media in a list, in a mapping of lists, or in a mapping by name: their form is not documented."""
    if isinstance(value, str) and value.startswith(("http://", "https://", "/")):
        yield {"url": value}
    elif isinstance(value, Mapping):
        url = next((value[key] for key in ("url", "cdn_url", "video_url", "output_url") if value.get(key)), None)
        if isinstance(url, str):
            yield {**value, "url": url}
        else:
            for item in value.values():
                yield from _media(item)
    elif isinstance(value, list | tuple):
        for item in value:
            yield from _media(item)
