"""The thirteen accepted file types (``README.md``, *Uploads*), known by how a file begins; and what else it may be."""

from collections.abc import Mapping
from typing import Final

HEAD_BYTES: Final = 64
ACCEPTED: Final = "mp4, mov, avi, webm, mkv; jpg, png, gif, webp; mp3, wav, m4a, aac"

MEDIA_TYPES: Final[Mapping[str, str]] = {
    "mp4": "video/mp4",
    "mov": "video/quicktime",
    "avi": "video/x-msvideo",
    "webm": "video/webm",
    "mkv": "video/x-matroska",
    "jpg": "image/jpeg",
    "png": "image/png",
    "gif": "image/gif",
    "webp": "image/webp",
    "mp3": "audio/mpeg",
    "wav": "audio/wav",
    "m4a": "audio/mp4",
    "aac": "audio/aac",
}

# QuickTime files older than `ftyp` begin with one of the others.
_MP4_BOXES: Final = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot")
_PICTURE_BRANDS: Final = (
    b"heic",
    b"heix",
    b"heim",
    b"heis",
    b"hevc",
    b"hevx",
    b"mif1",
    b"msf1",
    b"avif",
    b"avis",
    b"crx ",
)

_FOREIGN: Final[tuple[tuple[int, bytes, str], ...]] = (
    (0, b"#EXTM3U", "a playlist, which only names other files"),
    (0, b"ffconcat", "a list of other files"),
    (0, b"%PDF", "a PDF document"),
    (0, b"PK\x03\x04", "a ZIP archive or an office document"),
    (0, b"\x1f\x8b", "a compressed file (gzip)"),
    (0, b"Rar!", "a RAR archive"),
    (0, b"7z\xbc\xaf", "a 7-Zip archive"),
    (0, b"MZ", "a program for Windows"),
    (0, b"\x7fELF", "a program for Linux"),
    (0, b"OggS", "an Ogg file"),
    (0, b"fLaC", "a FLAC file"),
    (0, b"FORM", "an AIFF file"),
    (0, b"FLV\x01", "a Flash video"),
    (0, b"\x30\x26\xb2\x75", "a Windows Media file"),
    (0, b"\0\0\x01\xba", "an MPEG program stream"),
    (0, b"MThd", "a MIDI file, which holds notes and no sound"),
    (0, b"8BPS", "a Photoshop document"),
    (0, b"II*\0", "a TIFF picture"),
    (0, b"MM\0*", "a TIFF picture"),
    (0, b"\0\0\x01\0", "an icon"),
    (0, b"\0\0\0\x0cjP  ", "a JPEG 2000 picture"),
    (0, b"\0\0\0\x0cJXL ", "a JPEG XL picture"),
    (0, b"\xff\x0a", "a JPEG XL picture"),
    (0, b"BM", "a BMP picture"),
    (0, b"SQLite format", "a database"),
    (0, b"\x93NUMPY", "a NumPy array"),
)
_WORDS: Final[tuple[tuple[bytes, str], ...]] = (
    (b"<svg", "an SVG drawing"),
    (b"<!doctype svg", "an SVG drawing"),
    (b"<!doctype html", "a web page (HTML)"),
    (b"<html", "a web page (HTML)"),
    (b"<mpd", "a playlist, which only names other files"),
    (b"<?xml", "an XML document, such as an SVG drawing or a playlist"),
    (b"<", "a web page (HTML) or an XML document"),
    (b"{", "a JSON document"),
    (b"#!", "a script"),
)


def types_of(head: bytes) -> tuple[str, ...]:
    """Return the accepted types that a file beginning like this may be, likeliest first.

    Parameters
    ----------
    head : bytes
        Its first bytes, `HEAD_BYTES` of them when there are so many.
    """
    if head[4:8] in _MP4_BOXES:
        if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
            return ()
        return {b"M4A ": ("m4a", "mp4", "mov"), b"qt  ": ("mov", "mp4", "m4a")}.get(head[8:12], ("mp4", "mov", "m4a"))
    if head[:4] == b"RIFF":
        return {b"AVI ": ("avi",), b"WAVE": ("wav",), b"WEBP": ("webp",)}.get(head[8:12], ())
    if head[:4] == b"\x1aE\xdf\xa3":
        return ("webm", "mkv") if b"webm" in head else ("mkv", "webm")
    if head[:3] == b"\xff\xd8\xff":
        return ("jpg",)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        return ("png",)
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return ("gif",)
    if head[:3] == b"ID3":
        return ("mp3", "aac")
    if len(head) > 1 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0:
        # The layer bits: ADTS has 0, MPEG audio has not.
        return ("aac",) if head[1] & 0x06 == 0 else ("mp3",)
    return ()


def foreign(head: bytes) -> str:
    """Return what a file is that is of no accepted type, as far as its beginning tells; empty when it does not.

    Parameters
    ----------
    head : bytes
        Its first bytes.
    """
    if head[4:8] == b"ftyp" and head[8:12] in _PICTURE_BRANDS:
        return "an AVIF picture" if head[8:11] == b"avi" else "a HEIC photo or another still picture of a camera"
    if head[:4] == b"RIFF":
        return "a RIFF file of another kind"
    for at, magic, words in _FOREIGN:
        if head[at : at + len(magic)] == magic:
            return words
    text = head.removeprefix(b"\xef\xbb\xbf").lstrip().lower()
    for beginning, words in _WORDS:
        if text.startswith(beginning):
            return "an SVG drawing" if b"<svg" in text else words
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "a text"
    if head and not head.strip(b"\0"):
        return "nothing but zeros: a download that never came"
    try:
        said = head.decode("utf-8", errors="strict" if len(head) < HEAD_BYTES else "ignore")
    except UnicodeDecodeError:
        return ""
    return "a text" if said and all(letter.isprintable() or letter in "\t\r\n" for letter in said) else ""
