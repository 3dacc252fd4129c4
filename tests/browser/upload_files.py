"""Files to upload: real clips of any size, and how a test sees what the kernel handed on."""

import hashlib
import random
from pathlib import Path

WATCHED = """
import hashlib, pathlib
import nemo_widgets as nemo
from nemo_widgets.client import Session
from nemo_widgets.client.upload_folder import process_folder
from nemo_widgets.widgets.uploads import UploadDesk
arrived = []
handed = Session.upload
async def watched(self, *sources, **options):
    for source in sources:
        with open(source, "rb") as file:
            arrived.append((pathlib.Path(source).name, hashlib.file_digest(file, "sha256").hexdigest()))
    return await handed(self, *sources, **options)
Session.upload = watched
resumed = []
begun = UploadDesk.begin
def watched_begin(self, *args, **options):
    made = begun(self, *args, **options)
    resumed.append(made.received_bytes)
    return made
UploadDesk.begin = watched_begin
def left():
    return sorted(str(path) for path in process_folder().rglob("*") if path.is_file())
"""
"""A cell: `arrived` becomes what was handed to the session, by name and digest, `resumed` how much of each
file was there when it was begun, and `left()` what lies on the disk."""

_BOX_BYTES = 8


def grown_clip(clip: Path, path: Path, size_bytes: int, seed: int = 1) -> str:
    """Write a clip that plays as `clip` does and is as large as wanted; return its digest.

    What is added is a ``free`` box of noise at the end (ISO 14496-12, 8.1.2).
    """
    rest = random.Random(seed)
    digest = hashlib.sha256()
    with path.open("wb") as file:

        def write(data: bytes) -> None:
            file.write(data)
            digest.update(data)

        write(clip.read_bytes())
        more = size_bytes - file.tell()
        write(more.to_bytes(4) + b"free")
        block = rest.randbytes(1 << 20)
        for at in range(0, more - _BOX_BYTES, len(block)):
            write(block[: more - _BOX_BYTES - at])
    return digest.hexdigest()
