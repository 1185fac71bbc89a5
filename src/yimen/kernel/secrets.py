"""Keys of this installation: made at first start, kept outside the repository, never logged.

One random master key lies in ``keys/master`` of the data folder (mode 600) or in the environment variable
``YIMEN_MASTER_KEY`` (hex). Every use derives its own key from it (HKDF, RFC 5869), so that a key read in one place is
of no use in another.
"""

import os
import secrets
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.kdf.hkdf import HKDF


def _master(data: Path) -> bytes:
    if given := os.environ.get("YIMEN_MASTER_KEY"):
        return bytes.fromhex(given)
    path = data / "keys" / "master"
    if not path.exists():
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        try:
            handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            pass
        else:
            with os.fdopen(handle, "wb") as file:
                file.write(secrets.token_bytes(32))
    return path.read_bytes()


@lru_cache(maxsize=32)
def derive(data: Path, purpose: str) -> bytes:
    """The 32-byte key of one purpose, such as ``personal-data`` or ``trace-seal``."""
    return HKDF(algorithm=hashes.SHA256(), length=32, salt=None, info=f"yimen/{purpose}".encode()).derive(
        _master(data)
    )


def load(data: Path, purpose: str) -> str:
    """The key of one purpose as hex, for settings that want text."""
    return derive(data, purpose).hex()
