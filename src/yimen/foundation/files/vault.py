"""Sealed files on disk: AES-256-GCM in chunks, written once, found by the SHA-256 of their plaintext.

Layout of a sealed file::

    "YMF1" | mark of the key (4) | salt (16) | sealed digest (32 + 16) | chunk 0 | chunk 1 | …

Each file has its own key (HKDF of the installation's file key and the salt). A chunk is 64 KiB of plaintext plus a
16-byte tag; its nonce is the chunk's number and a flag on the last one, so that a chunk changed, moved, or cut off is
noticed. The sealed digest in the head notices a whole file put in the place of another. Memory use does not depend
on the size of the file, and any place in it can be read without the rest (Django never sees plaintext on disk).
"""

import hashlib
import io
import os
import re
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from yimen.foundation.files.errors import FileDamaged, FileMissing

MAGIC = b"YMF1"
CHUNK = 64 * 1024
TAG = 16
SALT = 16
HEAD = len(MAGIC) + 4 + SALT + 32 + TAG
_DIGEST_NONCE = b"\xff" * 12
_DIGEST = re.compile(r"[0-9a-f]{64}")


def _mark(key: bytes) -> bytes:
    return hashlib.sha256(b"mark" + key).digest()[:4]


def _cipher(key: bytes, salt: bytes) -> AESGCM:
    return AESGCM(HKDF(algorithm=hashes.SHA256(), length=32, salt=salt, info=b"yimen/file").derive(key))


def _nonce(index: int, *, last: bool) -> bytes:
    return index.to_bytes(11, "big") + bytes([last])


class Writer:
    """Seals a stream of plaintext into a temporary file; ``done`` hands that over, ``drop`` forgets it."""

    def __init__(self, root: Path, key: bytes) -> None:
        self._key = key
        waiting = root / "incoming"
        waiting.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle, path = tempfile.mkstemp(dir=waiting)
        self.path = Path(path)
        self._file: BinaryIO = os.fdopen(handle, "w+b")
        self._salt = secrets.token_bytes(SALT)
        self._cipher = _cipher(key, self._salt)
        self._file.write(MAGIC + _mark(key) + self._salt + bytes(32 + TAG))
        self._hash = hashlib.sha256()
        self._pending = bytearray()
        self._index = 0
        self.size = 0

    def write(self, data: bytes) -> None:
        """Take the next piece of plaintext."""
        self.size += len(data)
        self._hash.update(data)
        self._pending += data
        while len(self._pending) > CHUNK:
            self._seal(bytes(self._pending[:CHUNK]), last=False)
            del self._pending[:CHUNK]

    def finish(self) -> str:
        """Write the last chunk and the sealed digest; give the digest of the plaintext (hex)."""
        self._seal(bytes(self._pending), last=True)
        self._pending.clear()
        digest = self._hash.digest()
        self._file.seek(HEAD - 32 - TAG)
        self._file.write(self._cipher.encrypt(_DIGEST_NONCE, digest, MAGIC))
        self._file.flush()
        return digest.hex()

    def reader(self) -> io.BufferedReader:
        """Read back what was written (after ``finish``), for the checks."""
        return io.BufferedReader(Reader(self.path.open("rb"), self._key), CHUNK)

    def done(self) -> Path:
        """The sealed file, all of it on the disk, for the place that keeps it."""
        os.fsync(self._file.fileno())
        self._file.close()
        return self.path

    def drop(self) -> None:
        """Forget the temporary file; harmless when it was moved."""
        with suppress(OSError):  # a full disk refuses what is still to be written; it is forgotten anyway
            self._file.close()
        with suppress(FileNotFoundError):
            self.path.unlink()

    def __del__(self) -> None:
        # a client that went away in the middle of an upload leaves a writer that nobody finishes
        if hasattr(self, "_file"):
            self.drop()

    def _seal(self, plain: bytes, *, last: bool) -> None:
        self._file.write(self._cipher.encrypt(_nonce(self._index, last=last), plain, MAGIC))
        self._index += 1


class Reader(io.RawIOBase):
    """Reads a sealed file as if it were plain, from any place.

    Args:
        file: the sealed file, open; closed with this reader.
        key: the installation's file key, 32 bytes.
        digest: what the content must be (hex); not compared when empty.

    Raises:
        FileDamaged: cut off, changed, put in the place of another file, or sealed with another key.
    """

    def __init__(self, file: BinaryIO, key: bytes, digest: str = "") -> None:
        super().__init__()
        self._file = file
        head = self._file.read(HEAD)
        body = os.fstat(self._file.fileno()).st_size - HEAD
        if body < TAG or head[:4] != MAGIC or head[4:8] != _mark(key):
            self._file.close()
            raise FileDamaged()
        self._cipher = _cipher(key, head[8 : 8 + SALT])
        self._chunks = -(-body // (CHUNK + TAG))
        self.size = body - self._chunks * TAG
        self._place = 0
        self._cached: tuple[int, bytes] = (-1, b"")
        found = self._open(_DIGEST_NONCE, head[HEAD - 32 - TAG :]).hex()
        if digest and found != digest:
            self._file.close()
            raise FileDamaged()

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._place

    def seek(self, offset: int, whence: int = os.SEEK_SET, /) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._place, os.SEEK_END: self.size}[whence]
        if base + offset < 0:
            raise ValueError("negative place in file")
        self._place = base + offset
        return self._place

    def readinto(self, buffer: "memoryview", /) -> int:  # type: ignore[override]
        if self._place >= self.size:
            return 0
        index, within = divmod(self._place, CHUNK)
        piece = self._chunk(index)[within : within + len(buffer)]
        buffer[: len(piece)] = piece
        self._place += len(piece)
        return len(piece)

    def close(self) -> None:
        self._file.close()
        super().close()

    def verify(self) -> None:
        """Open every chunk once, so that damage is known before the first byte is given out."""
        for index in range(self._chunks):
            self._chunk(index)

    def _chunk(self, index: int) -> bytes:
        if self._cached[0] != index:
            self._file.seek(HEAD + index * (CHUNK + TAG))
            sealed = self._file.read(CHUNK + TAG)
            self._cached = (index, self._open(_nonce(index, last=index == self._chunks - 1), sealed))
        return self._cached[1]

    def _open(self, nonce: bytes, sealed: bytes) -> bytes:
        try:
            return self._cipher.decrypt(nonce, sealed, MAGIC)
        except InvalidTag:
            raise FileDamaged() from None


def name_of(digest: str) -> str:
    """The name of a file in its place: ``ab/cd/<digest>``. Anything but a SHA-256 in hex is no file of ours."""
    if not _DIGEST.fullmatch(digest):
        raise FileMissing()
    return f"{digest[:2]}/{digest[2:4]}/{digest}"


def path_of(root: Path, digest: str) -> Path:
    """Where a file lies in a folder."""
    return root / name_of(digest)


def opened(sealed: BinaryIO, key: bytes, digest: str) -> io.BufferedReader:
    """A sealed file opened for reading, proven whole.

    Raises:
        FileDamaged: it is not what was kept.
    """
    reader = Reader(sealed, key, digest)
    reader.verify()
    return io.BufferedReader(reader, CHUNK)


def pieces(file: BinaryIO | io.BufferedReader, size: int = CHUNK) -> Iterator[bytes]:
    """The rest of an open file, piece by piece."""
    while piece := file.read(size):
        yield piece


def sweep(root: Path, before: float) -> int:
    """Remove what waits half-written since before a moment (seconds of the epoch), left by a process that died."""
    gone = 0
    for path in (root / "incoming").glob("*"):
        with suppress(FileNotFoundError):
            if path.stat().st_mtime < before:
                path.unlink()
                gone += 1
    return gone
