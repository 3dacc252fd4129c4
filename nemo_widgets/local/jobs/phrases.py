"""What the agent says around its tools, in the session's language; it talks as if its web editor were open."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Phrases:
    """Fixed sentences of one language; of several, the number of the message says which.

    Attributes
    ----------
    before_generating : str
        Said before the first tool of a generation.
    after_generating, after_editing : tuple of str
        Instructions to use the web editor, which a client translates; an empty one is none.
    """

    before_generating: str
    after_generating: tuple[str, ...]
    after_editing: tuple[str, ...]


_ENGLISH = Phrases(
    before_generating="Got it. I'm generating your video now, this takes a moment.",
    after_generating=(
        "You can preview in timeline, and when you like it click the **Export** button in the top right corner "
        "to download the video.",
        "Click the **Export** button to download the video.",
    ),
    after_editing=(
        "Open the timeline panel to see the change.",
        "",
        "You can preview in timeline.",
        "",
    ),
)
_CHINESE = Phrases(
    before_generating="好的,我现在开始生成视频,请稍等。",
    after_generating=(
        "您可以在时间线中预览,满意后点击右上角的**导出**按钮下载视频。",
        "点击**导出**按钮下载视频。",
    ),
    after_editing=("打开时间线面板即可查看修改。", "", "您可以在时间线中预览。", ""),
)


def phrases(language: str) -> Phrases:
    """Return the sentences of a language, by its ISO code; English where there are none."""
    return _CHINESE if language.lower().startswith("zh") else _ENGLISH
