"""What stays of a widget in a notebook that has lost its kernel: plain markup that JupyterLab's sanitiser keeps.

JupyterLab's widget renderer says "model not found" and never tries the HTML beside it, so this is an output of its own,
which a live view hides by the class ``nemo-fallback-<mark>``. No script, no style.
"""

import html
import re

from nemo_widgets.widgets.states import ClipFacts, StudioState


def size_in_words(size_bytes: int) -> str:
    """Return a size for people: ``3.4 MB``."""
    return f"{size_bytes / 1e6:.1f} MB" if size_bytes >= 1e5 else f"{size_bytes / 1e3:.1f} kB"


def duration_in_words(duration_s: float) -> str:
    """Return a length for people: ``0:10``, ``1:02:03``."""
    minutes, seconds = divmod(round(duration_s), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"


def backend_in_words(backend: str) -> str:
    """Return the badge's text; empty when nobody knows who made the clip."""
    known = {
        "local": "drawn locally, not by the AI",
        "cloud": "made by NemoVideo",
        "custom": "made by a custom service",
    }
    return known.get(backend, "")


def fallback_html(facts: ClipFacts) -> str:
    """Return what stays of a clip in a notebook without a kernel: plain markup that JupyterLab's sanitiser keeps.

    A live player hides it by the class ``nemo-fallback-<id>``.
    """
    return _left_behind(facts.id, _clip(facts), "To play it, run the notebook again from its first cell.")


def conversation_html(mark: str, state: StudioState) -> str:
    """Return what stays of a Studio or a prompt box: the last thing said and answered, and the newest clip."""
    turn = state.turns[-1] if state.turns else None
    clip = state.final or state.preview
    said = f"<p><strong>{html.escape(turn.prompt)}</strong></p>" if turn else ""
    lines = html.escape(_unmarked(turn.text.strip())).splitlines() if turn else []
    answer = f"<p>{'<br>'.join(lines)}</p>" if lines else ""
    return _left_behind(
        mark, said + answer + (_clip(clip) if clip else ""), "To go on, run the notebook again from its first cell."
    )


def footage_html(mark: str, state: StudioState) -> str:
    """Return what stays of a drop zone: the names of what was uploaded."""
    names = ", ".join(html.escape(asset.name) for asset in state.assets)
    said = f"<p><strong>Uploaded</strong><br>{names}</p>" if names else ""
    return _left_behind(mark, said, "To upload more, run the notebook again from its first cell.")


def _unmarked(markdown: str) -> str:
    return re.sub(r"(\*\*|__|`|\*|_)(?=\S)(.+?)(?<=\S)\1", r"\2", markdown)


def _left_behind(mark: str, content: str, how: str) -> str:
    return f'<div class="nemo-fallback nemo-fallback-{mark}">{content}<p><em>{how}</em></p></div>'


def _clip(facts: ClipFacts) -> str:
    said = html.escape(facts.prompt or facts.name)
    size = f"{facts.width}×{facts.height}" if facts.width and facts.height else ""
    details = [
        duration_in_words(facts.duration_s),
        size,
        size_in_words(facts.size_bytes),
        backend_in_words(facts.backend),
    ]
    longer_side = "height" if facts.height > facts.width else "width"
    picture = f'<img src="{facts.poster}" alt="First picture of {said}" {longer_side}="320">' if facts.poster else ""
    return f"{picture}<p><strong>{said}</strong><br>{html.escape(' · '.join(filter(None, details)))}</p>"
