"""Planes made smaller and larger by swscale, half a millisecond each."""

import av
import numpy as np
from av.video.reformatter import Interpolation, VideoReformatter

from nemo_widgets.local.picture.scenes.planes import Bytes, pixels


class Scaler:
    """Scales planes of one size to another. Holds swscale's state, so one for each of its uses."""

    def __init__(self, interpolation: Interpolation = Interpolation.BILINEAR) -> None:
        self._reformatter = VideoReformatter()
        self._interpolation = interpolation

    def scale(self, plane: Bytes, width: int, height: int) -> Bytes:
        """Return `plane` as ``(height, width)``."""
        frame = av.VideoFrame.from_numpy_buffer(np.ascontiguousarray(plane), format="gray")
        scaled = self._reformatter.reformat(frame, width, height, "gray", interpolation=self._interpolation, threads=1)
        return pixels(scaled.planes[0])
