"""What the environment says, where files are kept, and how the package introduces itself.

The variables and the headers are in ``protocol/README.md``, *Where* and *Headers*.
"""

import os
import re
import secrets
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

import platformdirs

import nemo_widgets
from nemo_widgets.errors import SetupError

APP: Final = "nemovideo"
CLOUD_API_URL: Final = "https://mega-api-prod.nemovideo.ai"
CLOUD_WEB_URL: Final = "https://nemovideo.com"

_LIBRARY_BYTES: Final = 10_000_000_000
_OWNER_ONLY: Final = 0o600
_OWNER_ONLY_FOLDER: Final = 0o700


@dataclass(frozen=True, slots=True)
class Environment:
    """The settings that were made outside, read once.

    Attributes
    ----------
    api_url, web_url : str
        Origins of the API and of the web app, without a slash at the end.
    api_url_is_set : bool
        Whether ``NEMO_API_URL`` was set.
    token : str
        ``NEMO_TOKEN``; empty when it is not set; never part of a repr.
    """

    api_url: str
    web_url: str
    api_url_is_set: bool
    token: str = field(repr=False)


def environment() -> Environment:
    """Read the ``NEMO_`` variables.

    Raises
    ------
    SetupError
        A URL is not one.
    """
    api_url = os.environ.get("NEMO_API_URL", "").strip()
    web_url = os.environ.get("NEMO_WEB_URL", "").strip()
    return Environment(
        api_url=origin_of(api_url, "NEMO_API_URL") if api_url else CLOUD_API_URL,
        web_url=origin_of(web_url, "NEMO_WEB_URL") if web_url else CLOUD_WEB_URL,
        api_url_is_set=bool(api_url),
        token=os.environ.get("NEMO_TOKEN", "").strip(),
    )


def origin_of(url: str, name: str) -> str:
    """Return the origin of a URL, as ``scheme://host[:port]``, in lower case.

    Parameters
    ----------
    url : str
        With or without a slash at the end; it may have no path, no query and no user.
    name : str
        What the message calls it.

    Raises
    ------
    SetupError
        It is not an origin.
    """
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        parts, port = urlsplit(""), None
    bare = not parts.username and not parts.password and parts.path in ("", "/") and not parts.query
    if parts.scheme not in ("http", "https") or not parts.hostname or not bare:
        raise SetupError(f"{name} is not an address of a service. It looks like https://host or http://127.0.0.1:8000.")
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return f"{parts.scheme}://{host}" + (f":{port}" if port else "")


def client_id() -> str:
    """Return this person's client id, a UUID: ``NEMO_CLIENT_ID``, else the kept one, else a new one that is kept.

    Raises
    ------
    SetupError
        ``NEMO_CLIENT_ID`` is not a UUID, or a new id cannot be kept.
    """
    said = os.environ.get("NEMO_CLIENT_ID", "").strip()
    if said:
        try:
            return str(uuid.UUID(said))
        except ValueError:
            raise SetupError("NEMO_CLIENT_ID is not a UUID. Unset it, and one is made and kept.") from None
    return _kept_uuid(config_dir() / "client_id") or new_client_id()


def new_client_id() -> str:
    """Make a client id and keep it in place of the old one; a said one is not replaced.

    Raises
    ------
    SetupError
        It cannot be kept.
    """
    if os.environ.get("NEMO_CLIENT_ID", "").strip():
        raise SetupError("The service does not take NEMO_CLIENT_ID. Unset it, and one is made and kept.")
    made = str(uuid.uuid4())
    write_private(config_dir() / "client_id", made)
    return made


def _kept_uuid(file: Path) -> str | None:
    try:
        return str(uuid.UUID(file.read_text("utf-8").strip()))
    except (OSError, ValueError):
        return None


def attribution_headers() -> Mapping[str, str]:
    """Return the headers that every request carries; without them an export is refused."""
    return {"X-Skill-Source": "video-generative", "X-Skill-Version": "1.0.0", "X-Skill-Platform": _platform()}


def _platform() -> str:
    said = "".join(letter for letter in os.environ.get("SKILL_SOURCE", "") if letter.isascii() and letter.isprintable())
    if said.strip():
        return said.strip()
    home = Path.home()
    package = Path(nemo_widgets.__file__).resolve()
    if package.is_relative_to(home / ".clawhub"):
        return "clawhub"
    if package.is_relative_to(home / ".cursor" / "skills"):
        return "cursor"
    return "unknown"


def config_dir() -> Path:
    """Return the folder of what a person's identity is made of: client id, kept tokens."""
    return platformdirs.user_config_path(APP, appauthor=False)


def data_dir() -> Path:
    """Return the folder of what must outlive the kernel."""
    return platformdirs.user_data_path(APP, appauthor=False)


def cache_dir() -> Path:
    """Return the folder of what can be made again, such as previews."""
    return platformdirs.user_cache_path(APP, appauthor=False)


def library_dir() -> Path | None:
    """Return the folder of the history and the kept clips; None when ``NEMO_LIBRARY`` is ``off``: nothing is kept.

    Raises
    ------
    SetupError
        ``NEMO_LIBRARY`` says something else.
    """
    match os.environ.get("NEMO_LIBRARY", "").strip().lower():
        case "" | "on" | "1" | "true" | "yes":
            return data_dir() / "library"
        case "off" | "0" | "false" | "no":
            return None
        case said:
            raise SetupError(f"NEMO_LIBRARY={said!r} means nothing. Set it to off to keep no history, or unset it.")


def library_max_bytes() -> int:
    """Return how much the kept clips may take up: ``NEMO_LIBRARY_MAX_BYTES``, such as ``5 GB``; else 10 GB.

    Raises
    ------
    SetupError
        It is no size.
    """
    said = os.environ.get("NEMO_LIBRARY_MAX_BYTES", "").strip()
    if not said:
        return _LIBRARY_BYTES
    size = re.fullmatch(r"(\d+(?:\.\d+)?)\s*([kmgt]?)(i?)b?", said, re.IGNORECASE)
    if size is None:
        raise SetupError(f"NEMO_LIBRARY_MAX_BYTES={said!r} is no size. Write for example 5 GB, or 0 to keep no clips.")
    number, unit, binary = size.groups()
    return int(float(number) * (1024 if binary else 1000) ** " kmgt".index(unit.lower() or " "))


def studio_address_file() -> Path:
    """Return the owner-only file that tells where this version's local studio listens."""
    return data_dir() / f"studio-{nemo_widgets.__version__}.json"


def studio_state_dir() -> Path:
    """Return the folder where this version's local studio keeps its sessions and files."""
    return data_dir() / f"studio-{nemo_widgets.__version__}"


def private_folder(folder: Path) -> Path:
    """Return the folder, made for its owner alone if it is not there yet."""
    try:
        folder.mkdir(mode=_OWNER_ONLY_FOLDER, parents=True, exist_ok=True)
    except OSError as error:
        raise SetupError(
            f"The folder {folder} cannot be made ({error.strerror}). Is the home folder writable?"
        ) from error
    return folder


def write_private(file: Path, text: str) -> None:
    """Replace a file's content in one step; nobody but its owner can read it at any time.

    Raises
    ------
    SetupError
        The folder cannot be written to.
    """
    private_folder(file.parent)
    draft = file.with_name(f".{file.name}.{secrets.token_hex(4)}")
    try:
        descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _OWNER_ONLY)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
        draft.replace(file)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise SetupError(f"{file} cannot be written ({error.strerror}). Is the home folder writable?") from error
