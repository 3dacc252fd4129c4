"""Drafts in one line, as the tables of cases write them.

Canvas, then what is on the timeline, separated by bars; times in seconds::

    1920x1080 | city/night~violet 0-6 +rain +noir | sea/dusk 6-10 >crossfade:0.8 | ♪ lofi 80% | T 'Start' 0-3

A shot is its scene, or the name of its file, with what its palette must be: the light after a slash, hues (or a
season, a weather, a word) after tildes; then its time and what is special about it. ``♪`` is music, ``≈`` ambience
(both as long as the whole unless a time is given), ``T`` a title, ``C`` a caption, ``P`` an inset with its place.
``♪ its`` is the music that suits the first scene.
"""

import re
from typing import Any

from nemo_widgets.local.picture.scenes import SCENES
from nemo_widgets.local.picture.scenes.setting import palettes
from nemo_widgets.local.planner.lexicon import tables
from nemo_widgets.local.planner.subjects import nearest_to
from nemo_widgets.protocol.draft import Draft, Segment


def seconds(ms: float) -> str:
    return f"{ms / 1000:.3f}".rstrip("0").rstrip(".")


def write(draft: Draft) -> str:
    """Write a draft in one line."""
    if draft.is_empty:
        return "empty"
    total = max(segment.end_ms for segment in _shots(draft))
    parts = [f"{draft.width}x{draft.height}", *(_shot(segment) for segment in _shots(draft))]
    pictures = [track for track in draft.tracks if track.kind == "video"]
    for track in [*pictures[1:], *(track for track in draft.tracks if track.kind != "video")]:
        for segment in track.segments:
            span = f" {_span(segment)}"
            if track.kind == "audio":
                span = "" if (segment.start_ms, segment.end_ms) == (0, total) else span
                sign, what = (
                    ("≈", segment.meta["ambience"])
                    if "ambience" in segment.meta
                    else ("♪", segment.style or segment.name)
                )
                parts.append(f"{sign} {what} {round((segment.volume or 0) * 100)}%{span}{_fades(segment.meta)}")
            elif track.kind == "text":
                caption = segment.meta.get("role") == "caption"
                place = segment.meta.get("place", "center")
                extra = "" if place == ("bottom" if caption else "center") else f" @{place}"
                appears = f" {segment.meta['animation']}" if segment.meta.get("animation") else ""
                parts.append(f"{'C' if caption else 'T'} '{segment.text}'{span}{extra}{appears}")
            else:
                frame = ",".join(f"{side:g}" for side in segment.meta["frame"])
                parts.append(f"P {_shot(segment)} [{frame}]")
    return " | ".join(parts)


def _shots(draft: Draft) -> tuple[Segment, ...]:
    return next(track.segments for track in draft.tracks if track.kind == "video")


def _span(segment: Segment) -> str:
    return f"{seconds(segment.start_ms)}-{seconds(segment.end_ms)}"


def _fades(meta: Any) -> str:
    told = ""
    if meta.get("fade_in_ms"):
        told += f" in:{seconds(meta['fade_in_ms'])}"
    if meta.get("fade_out_ms"):
        told += f" out:{seconds(meta['fade_out_ms'])}"
    return told


def _shot(segment: Segment) -> str:
    meta = segment.meta
    name = str(meta.get("scene") or meta["name"])
    if meta.get("scene"):
        palette = next(one for one in palettes(name) if one.name == meta["palette"])
        name += f"/{palette.light}" + "".join(f"~{hue}" for hue in palette.hues)
    told = f"{name} {_span(segment)}"
    for key in ("weather", "style"):
        if meta.get(key):
            told += f" +{meta[key]}"
    if meta.get("camera"):
        told += f" cam:{meta['camera']}"
    if "speed" in meta:
        told += f" x{meta['speed']:g}"
    told += " reversed" if meta.get("reverse") else ""
    told += f" from:{seconds(meta['in_ms'])}" if meta.get("in_ms") else ""
    if "transition" in meta:
        told += f" >{meta['transition']['kind']}:{seconds(meta['transition']['ms'])}"
    told += _fades(meta)
    if "grade" in meta:
        told += " " + ",".join(f"{name}{value:+g}" for name, value in meta["grade"].items())
    told += f" rotated:{meta['rotate']}" if meta.get("rotate") else ""
    told += f" flipped:{meta['flip']}" if meta.get("flip") else ""
    told += f" sound:{round(meta['volume'] * 100)}%" if "volume" in meta else ""
    return told


_DRAWN = re.compile(r"(?P<scene>[a-z_]+)(?:/(?P<light>day|dusk|night))?(?P<facts>(?:~[^ ~|]+)*)(?= [\d.]+-[\d.]+)")


def differs(draft: Draft, expected: str) -> str:
    """Return how a draft is written, where it isn't what is expected; empty when it is."""
    written = write(draft)
    expected = _as_drawn_here(expected)
    if _bare(written) != _bare(expected):
        return written
    there = [
        segment
        for track in draft.tracks
        if track.kind == "video"
        for segment in track.segments
        if segment.meta.get("scene")
    ]
    wanted = [hit for part in expected.split(" | ") if (hit := _DRAWN.match(part.removeprefix("P ")))]
    if len(there) != len(wanted):
        return written
    for segment, hit in zip(there, wanted, strict=True):
        palette = next(one for one in palettes(hit["scene"]) if one.name == segment.meta["palette"])
        facts = {*palette.hues, palette.season, palette.weather, *palette.words}
        asked = {fact for fact in hit["facts"].split("~") if fact}
        if hit["light"] not in (None, palette.light) or not asked <= facts:
            return written
    return ""


def _as_drawn_here(line: str) -> str:
    """Put the nearest scene in the place of one that this version does not draw, and the music that suits it."""
    parts = line.split(" | ")
    first = ""
    for index, part in enumerate(parts):
        hit = _DRAWN.match(part.removeprefix("P "))
        if hit and hit["scene"] in tables()["scene"]:
            scene = hit["scene"] if hit["scene"] in SCENES else nearest_to(hit["scene"])
            if scene != hit["scene"]:
                parts[index] = part.replace(hit.group(), scene, 1)
            first = first or scene
        if part.startswith("♪ its ") and first:
            parts[index] = part.replace("its", str(tables()["scene"][first]["music"]), 1)
    return " | ".join(parts)


def _bare(line: str) -> str:
    """Leave out what a line says of palettes."""
    return " | ".join(
        _DRAWN.sub(lambda hit: hit["scene"], part) if not part.startswith(("T ", "C ")) else part
        for part in line.split(" | ")
    )
