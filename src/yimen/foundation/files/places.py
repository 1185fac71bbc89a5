"""Where sealed files lie: a folder of this machine, or a store that several machines share. One setting chooses."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO, Protocol

from django.conf import settings

from yimen.foundation.files.errors import FileDamaged, FileMissing
from yimen.foundation.files.limits import key, root
from yimen.foundation.files.vault import Reader, name_of, path_of

if TYPE_CHECKING:
    from yimen.foundation.files.bucket import Bucket


class Place(Protocol):
    """Keeps sealed files by the digest of their plaintext."""

    def keep(self, sealed: Path, digest: str) -> None:
        """Make a sealed file of this machine durable here; the file itself may be moved."""

    def open(self, digest: str) -> BinaryIO:
        """The sealed bytes, seekable. Raises FileMissing, FilesAway."""

    def remove(self, digest: str) -> None:
        """Forget a file; harmless when it is gone."""

    def digests(self) -> Iterator[str]:
        """What lies here."""

    def answers(self) -> bool:
        """Can it be used now?"""


class Folder:
    """``files/`` in the data folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def keep(self, sealed: Path, digest: str) -> None:
        """A copy that lies there already is replaced by this equal one."""
        place = path_of(self._folder, digest)
        place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(sealed, place)
        folder = os.open(place.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)

    def open(self, digest: str) -> BinaryIO:
        try:
            return path_of(self._folder, digest).open("rb")
        except FileNotFoundError:
            raise FileMissing() from None

    def remove(self, digest: str) -> None:
        path_of(self._folder, digest).unlink(missing_ok=True)

    def digests(self) -> Iterator[str]:
        return (path.name for path in self._folder.glob("??/??/*"))

    def answers(self) -> bool:
        return os.access(self._folder.parent, os.W_OK)


class Shared:
    """A bucket of an S3-compatible store; ``waiting`` is where its files pass through this machine, sealed."""

    def __init__(self, bucket: "Bucket", waiting: Path) -> None:
        self._bucket, self._waiting = bucket, waiting

    def keep(self, sealed: Path, digest: str) -> None:
        """Nothing is overwritten: an equal file that lies there stays, unless it turns out to be damaged."""
        name = name_of(digest)
        if self._bucket.put(sealed, name) or self._is_whole(digest):
            return
        self._bucket.replace(sealed, name)

    def _is_whole(self, digest: str) -> bool:
        try:
            with Reader(self.open(digest), key(), digest) as reader:
                reader.verify()
        except (FileDamaged, FileMissing):
            return False
        return True

    def open(self, digest: str) -> BinaryIO:
        return self._bucket.fetch(name_of(digest), self._waiting)

    def remove(self, digest: str) -> None:
        self._bucket.remove(name_of(digest))

    def digests(self) -> Iterator[str]:
        return (name.rsplit("/", 1)[-1] for name in self._bucket.names())

    def answers(self) -> bool:
        return self._bucket.answers()


def place() -> Place:
    """The place of this installation's files."""
    if not settings.FILES_STORE:
        return Folder(root())
    from yimen.foundation.files.bucket import bucket_at  # noqa: PLC0415 (only where it is used)

    return Shared(bucket_at(settings.FILES_STORE), root() / "incoming")


def files_answer() -> bool:
    """Does the shared store answer? True where there is none: the data folder is watched by itself."""
    return not settings.FILES_STORE or place().answers()
