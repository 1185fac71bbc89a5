"""Keys of this installation: made at first start, kept outside the repository, never logged.

One random master key lies in ``keys/master`` of the data folder (mode 600) or in the environment variable
``YIMEN_MASTER_KEY`` (hex). Every use derives its own key from it (HKDF, RFC 5869), so that a key read in one place is
of no use in another.
"""

import contextlib
import os
import secrets
import tempfile
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

LENGTH = 32


def _master(data: Path) -> bytes:
    if given := os.environ.get("YIMEN_MASTER_KEY"):
        return bytes.fromhex(given)
    path = data / "keys" / "master"
    if not path.exists():
        _make_master(path)
    key = path.read_bytes()
    if len(key) != LENGTH:
        raise RuntimeError(f"{path} is not a master key ({len(key)} bytes); restore it from a backup")
    return key


def _make_master(path: Path) -> None:
    """The key appears whole or not at all: a process killed or a disk full on the way must not leave half a key."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, made = tempfile.mkstemp(dir=path.parent, prefix=".master-")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(secrets.token_bytes(LENGTH))
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):  # somebody else was first: that one counts
            os.link(made, path)
    finally:
        os.unlink(made)


@lru_cache(maxsize=32)
def derive(data: Path, purpose: str) -> bytes:
    """The 32-byte key of one purpose, such as ``personal-data`` or ``trace-seal``."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"yimen/{purpose}".encode()).derive(
        _master(data)
    )


def load(data: Path, purpose: str) -> str:
    """The key of one purpose as hex, for settings that want text."""
    return derive(data, purpose).hex()
