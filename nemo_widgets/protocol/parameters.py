"""What a sentence says about the file that an export makes: ``"export as city.mp4 in 4k at 30 fps"``."""

import re
from dataclasses import dataclass
from typing import Final

_RESOLUTIONS: Final = {
    "hd": "1080p",  # who says HD does not mean less than the default
    "full hd": "1080p",
    "fhd": "1080p",
    "2k": "1440p",
    "qhd": "1440p",
    "4k": "2160p",
    "uhd": "2160p",
    "ultra hd": "2160p",
    "8k": "4320p",
}
_FORMATS: Final = {"h.264": "mp4", "h264": "mp4", "h.265": "hevc", "h265": "hevc"}
_QUALITIES: Final = {
    **dict.fromkeys(("high", "highest", "best", "top", "max", "maximum", "full", "good", "great"), "high"),
    **dict.fromkeys(("normal", "standard", "default", "medium"), "normal"),
    **dict.fromkeys(("draft", "low", "lowest", "quick", "fast", "rough"), "draft"),
    **dict.fromkeys(("高", "最高", "最好", "高清", "超清", "蓝光", "无损"), "high"),
    **dict.fromkeys(("低", "最低", "草稿", "流畅"), "draft"),
}

_LEAD: Final = r"(?:\b(?:as|in|into|to|at|with|using|and)\s+)?(?:\b(?:an?|the|my)\s+)?"
_LEAD_ZH: Final = r"(?:成|为|到|以|用|按)?(?:一个|一份|个)?\s*"
_TAIL_ZH: Final = r"\s*(?:格式|分辨率|画质|质量|清晰度|版本|版)?\s*的?"
_KINDS: Final = r"mp4|mov|gif|webm|avi|mkv|m4v|prores|h\.?264|h\.?265|hevc"

_PATH: Final = re.compile(
    rf"(?:\b(?:as|to|into|in|called|named)\s+|(?:并?命名)?(?:成|为|到|叫)\s*|\s|(?<=导出|下载|保存))"
    rf"(?:\"([^\"]+)\"|'([^']+)'|“([^”]+)”|「([^」]+)」"
    rf"|((?![a-z]+://)[^\s\"'“”「」,，]*[^\s\"'“”「」,，.]\.(?:{_KINDS}))(?![\w.])|((?:~|\.\.?)?/[^\s,，]+))",
    re.IGNORECASE,
)
_RESOLUTION: Final = re.compile(
    rf"{_LEAD}(?:\b(?:resolution|res)(?:\s+of)?\s+)?{_LEAD_ZH}(?<![a-z0-9.])(?:(?P<height>[1-9]\d{{2,3}})\s?p|"
    r"(?P<width>\d{3,4})\s?[x×*]\s?(?P<other>\d{3,4})|(?P<number>480|540|720|1080|1440|2160)|"
    r"(?P<name>(?:full |ultra )?hd|fhd|qhd|uhd|[248]k)|(?P<unknown>[1-9]\d{2,3}[a-z]{1,2}))(?![a-z0-9])"
    rf"(?:\s+(?:resolution|res|definition|quality)\b)?{_TAIL_ZH}",
    re.IGNORECASE,
)
_FPS: Final = re.compile(
    rf"{_LEAD}(?<![a-oq-z0-9.])(?P<english>\d{{1,3}})\s*(?:fps|frames? (?:per|a) second)\b"
    rf"|{_LEAD_ZH}(?:每秒)?\s*(?<![a-z0-9.])(?P<chinese>\d{{1,3}})\s*帧(?:每秒|率)?的?",
    re.IGNORECASE,
)
_FORMAT: Final = re.compile(
    rf"{_LEAD}{_LEAD_ZH}(?<![a-z0-9.])(?P<format>{_KINDS})(?![a-z0-9])(?:\s+(?:file|format|version|"
    rf"codec)\b)?{_TAIL_ZH}",
    re.IGNORECASE,
)
_QUALITY: Final = re.compile(
    rf"{_LEAD}\b(?P<english>{'|'.join(word for word in _QUALITIES if word.isascii())})"
    r"(?:\s+possible)?[\s-](?:quality|version)\b"
    rf"|{_LEAD_ZH}(?P<chinese>最高|最好|最低|高|低)(?:画质|质量|清晰度)的?"
    rf"|{_LEAD_ZH}(?P<word>高清|超清|蓝光|无损|草稿|流畅){_TAIL_ZH}",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Parameters:
    """What was said about the file; None for everything that was not.

    Attributes
    ----------
    resolution : str or None
        The shorter side, as ``"720p"``, ``"1080p"``, ``"2160p"`` …; a slip such as ``"720q"`` as it was written.
    format : str or None
        ``"mp4"``, ``"mov"``, ``"gif"`` …, also when it was only said as the ending of a file name.
    quality : str or None
        ``"high"``, ``"normal"`` or ``"draft"``.
    fps : int or None
        Frames per second.
    path : str or None
        The file's name or path, as it was written.
    """

    resolution: str | None = None
    format: str | None = None
    quality: str | None = None
    fps: int | None = None
    path: str | None = None


def take_parameters(text: str) -> tuple[str, Parameters]:
    """Find the parameters in a sentence.

    Parameters
    ----------
    text : str
        A plain sentence (`phrases.plain`), in the case that it was written in.

    Returns
    -------
    tuple of (str, Parameters)
        What is left of the sentence, which alone decides whether this is a request at all, and what was taken out.
    """
    text, path = _taken(_PATH, text)
    text, fps = _taken(_FPS, text)
    text, resolution = _taken(_RESOLUTION, text)
    text, format = _taken(_FORMAT, text)
    text, quality = _taken(_QUALITY, text)
    name = _said(path)
    ending = _ENDING.search(name)
    kind = ending[1] if ending else _said(format)
    return text, Parameters(
        resolution=None if resolution is None else _shorter_side(resolution),
        format=_FORMATS.get(kind.lower(), kind.lower()) if kind else None,
        quality=_QUALITIES.get(_said(quality).lower()),
        fps=int(_said(fps)) if fps is not None else None,
        path=name or None,
    )


_ENDING: Final = re.compile(rf"\.({_KINDS})$", re.IGNORECASE)


def _taken(pattern: re.Pattern[str], text: str) -> tuple[str, re.Match[str] | None]:
    found = pattern.search(text)
    return (text, None) if found is None else (f"{text[: found.start()]} {text[found.end() :]}", found)


def _said(found: re.Match[str] | None) -> str:
    """Return the one group that took part in a match."""
    return "" if found is None else next(group for group in found.groups() if group)


def _shorter_side(found: re.Match[str]) -> str:
    if found["name"]:
        return _RESOLUTIONS[found["name"].lower()]
    if found["unknown"]:
        return found["unknown"].lower()
    sides = [int(side) for side in found.groups() if side]
    return f"{min(sides)}p"
