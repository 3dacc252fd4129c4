"""What a drop zone asks of the kernel, and its answers; `messages` says how they travel.

A file comes in chunks, in any order, repeated or lost and sent again; it is right when its digest is. Digests are
SHA-256 in lower-case hex: `hashlib` computes it at over 1 GB/s, and a browser can do so piece by piece, also on pages
over plain HTTP, which have no ``crypto.subtle``.
"""

from nemo_widgets.widgets.message_kinds import Ask, Reply

MAX_FILE_BYTES = 200 * 1024 * 1024
"""The largest file that the service takes; a widget's ``max_file_bytes`` may say another limit."""

FIRST_CHUNK_BYTES = 512 * 1024
"""The chunks that a file begins with; they grow while they are answered quickly."""

MAX_CHUNK_BYTES = 4 * 1024 * 1024
"""The largest chunk: the notebook's server closes the connection at a message of 10 MiB."""

WINDOW_CHUNKS = 4
"""How many chunks of all files together a view has under way."""

HEAD_BYTES = 64
"""How much of a file's beginning comes with `BeginUpload`."""

MAX_TEXT_BYTES = 64 * 1024
"""The largest text file that becomes a prompt, or the rows of a comparison."""

UPLOAD_LIMITS = {
    "FIRST_CHUNK_BYTES": FIRST_CHUNK_BYTES,
    "HEAD_BYTES": HEAD_BYTES,
    "MAX_CHUNK_BYTES": MAX_CHUNK_BYTES,
    "MAX_FILE_BYTES": MAX_FILE_BYTES,
    "MAX_TEXT_BYTES": MAX_TEXT_BYTES,
    "WINDOW_CHUNKS": WINDOW_CHUNKS,
}


class BeginUpload(Ask, frozen=True, tag="begin_upload"):
    """A file is coming. The buffer beside this is its first `HEAD_BYTES`; an unfinished one goes on unless `fresh`."""

    name: str
    size_bytes: int
    modified_ms: int
    fresh: bool = False


class UploadChunk(Ask, frozen=True, tag="upload_chunk"):
    """The buffer beside this is the file's bytes from `offset` on."""

    upload: str
    offset: int


class FinishUpload(Ask, frozen=True, tag="finish_upload"):
    """All bytes were sent; answered when the service has the file. `digest` is that of the whole file."""

    upload: str
    digest: str


class RetryUpload(Ask, frozen=True, tag="retry_upload"):
    """Hand a file, which the kernel still has, to the service again."""

    upload: str


class DropUpload(Ask, frozen=True, tag="drop_upload"):
    """The file is not wanted after all: whatever is under way with it ends."""

    upload: str


class UploadPath(Ask, frozen=True, tag="upload_path"):
    """Hand over a file of the notebook's server, named as its file browser does; answered as `FinishUpload` is.

    `root` is what the page says of the server's own folder, empty when it says nothing.
    """

    path: str
    root: str = ""


class ForgetAsset(Ask, frozen=True, tag="forget_asset"):
    """Take a card away; the session still has the file, since the service has no call to remove one."""

    name: str


class BeginPrompts(Ask, frozen=True, tag="begin_prompts"):
    """The text of a CSV file of prompts, to be compared."""

    name: str
    text: str


class UploadBegun(Reply, frozen=True, tag="upload_begun"):
    """Send chunks under the name `upload`, from `received_bytes` on.

    Attributes
    ----------
    received_bytes : int
        How much of the beginning is there from an earlier try.
    prefix_digest : str
        Of these bytes; empty when there are none. If the file's own differs, it is begun again, `fresh`.
    """

    upload: str
    received_bytes: int
    prefix_digest: str


class ChunkTaken(Reply, frozen=True, tag="chunk_taken"):
    """The kernel has the first `received_bytes` of the file without a gap."""

    received_bytes: int
