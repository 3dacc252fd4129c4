"""Takes in files from people, which are hostile until they have been looked at."""

import hashlib
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from typing import BinaryIO

from nemo_widgets.errors import MediaError
from nemo_widgets.local.options import MEBIBYTE
from nemo_widgets.local.server.answers import file_too_large, file_type
from nemo_widgets.local.server.filetypes import kind_of, safe_name, type_of
from nemo_widgets.local.state.links import new_key
from nemo_widgets.local.state.records import AssetRecord, FileRecord
from nemo_widgets.local.state.store import Store, owner_only
from nemo_widgets.media.probe import probe
from nemo_widgets.protocol.filetypes import ACCEPTED, HEAD_BYTES, MEDIA_TYPES

_CHUNK_BYTES = 1024 * 1024


class Intake:
    """Checks, copies and measures files for one session.

    Parameters
    ----------
    store : Store
        Where they go.
    session_id : str
        Whose they are.
    limit_bytes : int
        The largest file that is taken.
    """

    def __init__(self, store: Store, session_id: str, limit_bytes: int) -> None:
        self._store = store
        self._session_id = session_id
        self._limit_bytes = limit_bytes

    def take(self, sources: Sequence[tuple[str, BinaryIO]]) -> list[AssetRecord]:
        """Take all of the files, or none.

        Parameters
        ----------
        sources : sequence of (name, file)
            The name as the person's machine gave it, the file at its beginning.

        Raises
        ------
        Refusal
            4001 or 4002, with what is wrong with which file.
        """
        with ExitStack() as undo:
            taken = [self._take(name, source, undo) for name, source in sources]
            undo.pop_all()
        for asset, file in taken:
            self._store.add_file(file)
            self._store.add_asset(asset)
        return [asset for asset, _ in taken]

    def _take(self, name: str, source: BinaryIO, undo: ExitStack) -> tuple[AssetRecord, FileRecord]:
        name, head = safe_name(name), source.read(HEAD_BYTES)
        kind = type_of(name, head)
        if kind is None:
            raise file_type(f"{name} is not what its name says, or of another type. Accepted: {ACCEPTED}.")
        key = new_key()
        path = self._store.folder / "assets" / f"{key}.{kind}"
        undo.callback(path.unlink, missing_ok=True)
        size_bytes, digest = self._copy(name, head, source, path)
        try:
            facts = probe(path)
        except MediaError as problem:
            raise file_type(str(problem).replace(path.name, name)) from problem
        asset = AssetRecord(
            key=key,
            session_id=self._session_id,
            name=name if "." in name else f"{name}.{kind}",
            kind=kind_of(kind),
            size_bytes=size_bytes,
            digest=digest,
            duration_s=facts.duration_s or None,
            width=facts.width or None,
            height=facts.height or None,
            fps=facts.fps or None,
        )
        relative = path.relative_to(self._store.folder).as_posix()
        return asset, FileRecord(key, self._session_id, asset.name, relative, MEDIA_TYPES[kind])

    def _copy(self, name: str, head: bytes, source: BinaryIO, path: Path) -> tuple[int, str]:
        digest, size_bytes, chunk = hashlib.sha256(), 0, head
        with open(path, "xb", opener=owner_only) as kept:
            while chunk:
                size_bytes += len(chunk)
                if size_bytes > self._limit_bytes:
                    limit = self._limit_bytes // MEBIBYTE
                    raise file_too_large(f"{name} is larger than {limit} MB. Trim or compress it.")
                digest.update(chunk)
                kept.write(chunk)
                chunk = source.read(_CHUNK_BYTES)
        return size_bytes, digest.hexdigest()
