"""What an initialisation segment holds, in the words of ``MediaSource.isTypeSupported`` (RFC 6381)."""

from nemo_widgets.media.boxes import sample_entries

_VIDEO_HEADER = 78  # of a VisualSampleEntry, ISO/IEC 14496-12 section 12.1.3
_AUDIO_HEADER = 28  # of an AudioSampleEntry, section 12.2.3


def mime_of(init: bytes) -> str:
    """Return the type of an initialisation segment: ``video/mp4; codecs="avc1.64001f,mp4a.40.2"``.

    Empty when it holds something that has no such name.
    """
    names = [_name(kind, entry) for kind, entry in sample_entries(init)]
    if not names or not all(names):
        return ""
    kind = "video" if any(name[:4] in {"avc1", "hvc1", "hev1", "av01", "vp09"} for name in names) else "audio"
    return f'{kind}/mp4; codecs="{",".join(names)}"'


def _name(kind: bytes, entry: bytes) -> str:
    letters = kind.decode("latin-1")
    match letters:
        case "avc1":  # RFC 6381 section 3.3: profile, constraints and level of the avcC
            return f"avc1.{_child(entry, b'avcC', _VIDEO_HEADER)[1:4].hex()}"
        case "hvc1" | "hev1":
            return _hevc(letters, _child(entry, b"hvcC", _VIDEO_HEADER))
        case "av01":
            return _av1(_child(entry, b"av1C", _VIDEO_HEADER))
        case "vp09":
            config = _child(entry, b"vpcC", _VIDEO_HEADER)  # VP Codec ISO Media File Format Binding, section 2.2
            return f"vp09.{config[4]:02}.{config[5]:02}.{config[6] >> 4:02}" if len(config) > 6 else ""
        case "mp4a":
            return _mpeg4_audio(_child(entry, b"esds", _AUDIO_HEADER))
        case "Opus":
            return "opus"
        case "fLaC":
            return "flac"
    return ""


def _child(entry: bytes, kind: bytes, header: int) -> bytes:
    at = entry.find(kind, header)
    if at < 4:
        return b""
    size = int.from_bytes(entry[at - 4 : at], "big")
    return entry[at + 4 : at - 4 + size]


def _hevc(letters: str, config: bytes) -> str:
    """ISO/IEC 14496-15 annex E.3: profile, compatibility with its bits reversed, tier and level, constraints."""
    if len(config) < 13:
        return ""
    space = ("", "A", "B", "C")[config[1] >> 6]
    tier = "H" if config[1] & 0x20 else "L"
    compatible = int(f"{int.from_bytes(config[2:6], 'big'):032b}"[::-1], 2)
    constraints = config[6:12].rstrip(b"\0")
    parts = [letters, f"{space}{config[1] & 0x1F}", f"{compatible:X}", f"{tier}{config[12]}"]
    return ".".join([*parts, *(f"{byte:X}" for byte in constraints)])


def _av1(config: bytes) -> str:
    """AV1 Codec ISO Media File Format Binding, section 5: profile, level and tier, bits."""
    if len(config) < 3:
        return ""
    tier = "H" if config[2] & 0x80 else "M"
    bits = (12 if config[2] & 0x20 else 10) if config[2] & 0x40 else 8
    return f"av01.{config[1] >> 5}.{config[1] & 0x1F:02}{tier}.{bits:02}"


def _mpeg4_audio(config: bytes) -> str:
    """RFC 6381 section 3.3: the object type of the decoder's configuration and, of MPEG-4 audio, its own first bits."""
    decoder = _descriptor(config[4:], 4)
    if not decoder:
        return ""
    if decoder[0] != 0x40:
        return f"mp4a.{decoder[0]:02X}"
    specific = _descriptor(decoder[13:], 5)
    if len(specific) < 2:
        return ""
    kind = specific[0] >> 3
    if kind == 31:  # ISO/IEC 14496-3 section 1.6.2.1: six more bits
        kind = 32 + (int.from_bytes(specific[:2], "big") >> 5 & 0x3F)
    return f"mp4a.40.{kind}"


def _descriptor(data: bytes, wanted: int) -> bytes:
    """Find a descriptor (ISO/IEC 14496-1 section 7.2.6) at the front of `data`, or inside the one that is."""
    if not data:
        return b""
    tag, at, size = data[0], 1, 0
    while at < len(data):
        byte = data[at]
        size, at = size << 7 | byte & 0x7F, at + 1
        if not byte & 0x80:
            break
    content = data[at : at + size]
    if tag == wanted:
        return content
    return _descriptor(content[3:], wanted) if tag == 3 else b""
