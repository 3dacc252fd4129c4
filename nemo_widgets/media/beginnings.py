"""Initialisation segments: what a browser must know before the first fragment."""

import io
from collections.abc import Callable, Sequence

import av
from av.container import OutputContainer
from av.stream import Stream

from nemo_widgets.media.boxes import with_timescales

_FLAGS = "empty_moov+default_base_moof+frag_custom"


def init_segment(add_tracks: Sequence[Callable[[OutputContainer], Stream]], timescales: Sequence[int]) -> bytes:
    """Return an initialisation segment with these tracks, whose ids count from 1."""
    file = io.BytesIO()
    container = av.open(file, "w", format="mp4", options={"movflags": _FLAGS, "use_editlist": "0", "strict": "-2"})
    for add_track in add_tracks:
        add_track(container)
    container.start_encoding()
    written = file.getvalue()
    container.close()
    return with_timescales(written, timescales)


def copied_track(template: Stream) -> Callable[[OutputContainer], Stream]:
    """Return what adds a track that holds the packets of `template` as they are."""

    def add(container: OutputContainer) -> Stream:
        stream = container.add_stream_from_template(template, opaque=True)
        if template.codec_context.name == "hevc" and (template.codec_context.extradata or b"").ljust(23, b"\0")[22]:
            stream.codec_tag = "hvc1"  # its parameter sets stand in the beginning, which is all that Safari takes
        return stream

    return add
