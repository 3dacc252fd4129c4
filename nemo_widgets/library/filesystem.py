"""The folder on disk: its owner's alone, and of which kind, for a network home is written differently."""

import os
import re
from pathlib import Path
from typing import Final

import psutil

from nemo_widgets import settings
from nemo_widgets.errors import LibraryError, SetupError

_NETWORK: Final = re.compile(
    r"9p|acfs|afp(fs)?|afs|beegfs|ceph(fs)?|cifs|coda|davfs|fhgfs|gfs2?|glusterfs|gpfs|lustre|ncpfs|nfs[34]?|ocfs2|"
    r"orangefs|panfs|prl_fs|pvfs2|smb(fs|2|3)?|vboxsf|virtiofs|vmhgfs|webdav|wekafs|network drive|fuse\.(?!overlayfs).*"
)


def private_folder(folder: Path) -> Path:
    """Return the folder, made for its owner alone if it is not there yet.

    Raises
    ------
    LibraryError
        It cannot be made.
    """
    try:
        return settings.private_folder(folder)
    except SetupError as error:
        raise LibraryError(str(error)) from error


def kind_of(folder: Path) -> str:
    """Return the name of the file system that a folder is on, such as ``"ext4"`` or ``"nfs4"``; empty if unknown.

    Parameters
    ----------
    folder : Path
        It, or the nearest folder above it, exists.
    """
    target = os.path.realpath(folder)
    best, kind = "", ""
    for partition in psutil.disk_partitions(all=True):
        mount = partition.mountpoint
        # Of two mounts at one place the later one is seen.
        if len(mount) >= len(best) and _lies_in(target, mount):
            best, kind = mount, "network drive" if "remote" in partition.opts.split(",") else partition.fstype
    return kind.lower()


def is_network(kind: str) -> bool:
    """Whether a file system of this kind lies on another machine, where shared memory between programs ends."""
    return _NETWORK.fullmatch(kind) is not None


def _lies_in(path: str, mount: str) -> bool:
    path, mount = os.path.normcase(path), os.path.normcase(mount)
    return path == mount or path.startswith(mount if mount.endswith(os.sep) else mount + os.sep)
