"""What was uploaded, by name and content: so that the same request is known again."""

import os
import secrets
from collections.abc import Sequence
from pathlib import Path

from nemo_widgets.client.upload import Asset, Source
from nemo_widgets.library.digests import bytes_digest, digest_of, file_digest, url_digest
from nemo_widgets.library.records import UploadedFile


def name_of(source: Source) -> str:
    """Return what a person would call a source; empty for bytes, which have no name."""
    if isinstance(source, bytes | bytearray | memoryview):
        return ""
    if isinstance(source, str | os.PathLike):
        return str(source) if _is_url(source) else Path(source).name
    return Path(str(getattr(source, "name", ""))).name


def uploaded_files(sources: Sequence[Source], assets: Sequence[Asset]) -> tuple[UploadedFile, ...]:
    """Return the names and digests of sources that were uploaded; reads each file once more.

    Parameters
    ----------
    sources : sequence of Source
        As they were given. One that cannot be read again gets a digest that nothing else has.
    assets : sequence of Asset
        What the service made of them.
    """
    return tuple(_uploaded(source, asset) for source, asset in zip(sources, assets, strict=True))


def _uploaded(source: Source, asset: Asset) -> UploadedFile:
    try:
        return UploadedFile(name_of(source), *_content(source, asset))
    except Exception:  # a closed file, or an object that is hardly one: the upload itself has worked
        return UploadedFile(name_of(source), f"unknown {secrets.token_hex(16)}", None)


def _content(source: Source, asset: Asset) -> tuple[str, int | None]:
    if isinstance(source, bytes | bytearray | memoryview):
        return bytes_digest(bytes(source)), len(source)
    if isinstance(source, str | os.PathLike):
        if _is_url(source):  # what lies behind it may change: the service has seen it
            return asset.digest or url_digest(str(source)), None
        path = Path(source).expanduser()
        return digest_of(path), path.stat().st_size
    return file_digest(source), source.seek(0, os.SEEK_END)


def _is_url(source: str | os.PathLike[str]) -> bool:
    return isinstance(source, str) and source.lower().startswith(("http://", "https://"))
