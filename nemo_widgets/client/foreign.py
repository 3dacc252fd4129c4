"""Files from elsewhere: fetched without headers of ours, from public addresses, up to a bound."""

import tempfile
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

from nemo_widgets.client.addresses import PrivateAddressError
from nemo_widgets.client.http import Links
from nemo_widgets.errors import InputError
from nemo_widgets.kernel import on_job_loop


@on_job_loop
async def fetch_foreign(url: str) -> tuple[Path, tempfile.TemporaryDirectory[str]]:
    """Fetch the file that a URL leads to.

    Parameters
    ----------
    url : str
        Of ``http`` or ``https``.

    Returns
    -------
    path : Path
        The file, under the name that the URL gives it.
    folder : TemporaryDirectory
        It goes with this.

    Raises
    ------
    InputError
        It is no such URL.
    ServiceError
        It leads to a private address (`PrivateAddressError`), to no file, or to one that is too large.
    ConnectionFailedError
        The network broke.
    """
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise InputError("This is no address of a file: it should begin with https://. Check it.")
    name = PurePosixPath(unquote(parts.path)).name.replace("\\", "_").replace("\0", "_")[-100:]
    folder = tempfile.TemporaryDirectory(prefix="nemo-", ignore_cleanup_errors=True)
    path = Path(folder.name) / (name if name not in {"", ".", ".."} else "clip.mp4")
    links = Links(f"{parts.scheme}://nowhere.invalid")
    try:
        with path.open("wb") as out:
            await links.download(url, out)
    except PrivateAddressError as error:
        folder.cleanup()
        raise PrivateAddressError(
            f"The URL leads to {parts.hostname}, an address of this machine or its network; nothing is fetched from "
            "there. Download the file yourself, and give its path."
        ) from error
    except BaseException:
        folder.cleanup()
        raise
    finally:
        await links.close()
    return path, folder
