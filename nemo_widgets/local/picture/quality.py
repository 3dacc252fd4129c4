"""What *draft* and *final* mean.

=======  ==========  =============  ====  =====================
quality  resolution  x264 preset    crf   sparks (stars, pollen)
=======  ==========  =============  ====  =====================
draft    540p        ultrafast      28    half of them
final    1080p       superfast      22    all of them
=======  ==========  =============  ====  =====================

The resolution is what `nemo_widgets.local.rendering.render.canvas_size` should be asked for: a render always has
exactly the size that its caller passes. Everything else is the same in both: scenes, titles, footage, sound.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

QualityName = Literal["draft", "final"]


@dataclass(frozen=True, slots=True)
class Quality:
    """How carefully a video is drawn and encoded.

    Attributes
    ----------
    resolution : str
        The shorter side of the picture: ``"1080p"``.
    preset : str
        x264's preset.
    crf : int
        x264's constant rate factor; lower is better and larger.
    detail : float
        Share of the moving sparks that is drawn, 0 to 1.
    """

    resolution: str
    preset: str
    crf: int
    detail: float


QUALITIES: Mapping[str, Quality] = {
    "draft": Quality("540p", "ultrafast", 28, 0.5),
    "final": Quality("1080p", "superfast", 22, 1.0),
}
"""By name."""
