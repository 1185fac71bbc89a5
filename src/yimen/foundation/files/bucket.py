"""Sealed files in an S3-compatible store that several machines share (``YIMEN_FILES``).

The same names as in the folder (``ab/cd/<digest>``), the same sealed bytes: either can be copied into the other by any tool.
What goes in is put whole or not at all, and only where nothing lies yet; what comes out is fetched into a nameless
temporary file, still sealed, and proven there before the first byte is given out. Loaded only where it is used.
"""

import mmap
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO
from urllib.parse import parse_qs, urlsplit

import obstore
import structlog
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from yimen.foundation.files.errors import FileMissing, FilesAway

if TYPE_CHECKING:
    from obstore.store import S3Config

log = structlog.get_logger()
PIECE = 1 << 20


@lru_cache(maxsize=4)
def bucket_at(address: str) -> "Bucket":
    """The store of an address ``s3://bucket/prefix?endpoint=…&region=…&style=virtual``; one a process.

    The credentials are AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY of the environment.
    """
    parts = urlsplit(address)
    told = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    endpoint = told.get("endpoint", "")
    where: S3Config = {"endpoint": endpoint} if endpoint else {}
    store = S3Store(
        parts.netloc,
        config=where,
        prefix=parts.path.strip("/") or None,
        region=told.get("region", "us-east-1"),
        virtual_hosted_style_request=told.get("style") == "virtual",
        access_key_id=os.environ.get("AWS_ACCESS_KEY_ID", ""),
        secret_access_key=os.environ.get("AWS_SECRET_ACCESS_KEY", ""),
        client_options={
            "allow_http": endpoint.startswith("http:"),
            "connect_timeout": timedelta(seconds=3),
            "timeout": timedelta(seconds=60),
        },
        retry_config={"max_retries": 2, "retry_timeout": timedelta(seconds=10)},
    )
    return Bucket(store)


class Bucket:
    """One place for sealed files; every method may raise ``FilesAway``."""

    def __init__(self, store: S3Store) -> None:
        self._store = store

    def put(self, sealed: Path, name: str) -> bool:
        """Put a sealed file in; false when something lies under this name already, which is then left as it is."""
        with sealed.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            return self._put(name, content, "create")

    def replace(self, sealed: Path, name: str) -> None:
        """Put a sealed file in the place of a damaged one."""
        with sealed.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
            self._put(name, content, "overwrite")

    def _put(self, name: str, content: mmap.mmap, mode: "obstore.PutMode") -> bool:
        try:
            with _said_plainly():
                obstore.put(self._store, name, content, mode=mode, use_multipart=False)
        except AlreadyExistsError:
            return False
        return True

    def fetch(self, name: str, waiting: Path) -> BinaryIO:
        """A sealed file as a temporary file without a name, at its beginning.

        Raises:
            FileMissing: there is none.
        """
        waiting.mkdir(parents=True, exist_ok=True, mode=0o700)
        file: BinaryIO = tempfile.TemporaryFile(dir=waiting)  # noqa: SIM115 (given to the caller)
        try:
            with _said_plainly():
                for piece in obstore.get(self._store, name).stream(min_chunk_size=PIECE):
                    file.write(piece)
        except FileNotFoundError:
            file.close()
            raise FileMissing() from None
        except BaseException:
            file.close()
            raise
        file.seek(0)
        return file

    def remove(self, name: str) -> None:
        """Take a file away; harmless when it is gone."""
        with _said_plainly():
            obstore.delete(self._store, name)

    def names(self) -> Iterator[str]:
        """The names of all that lies here, in pages."""
        with _said_plainly():
            for page in obstore.list(self._store):
                yield from (entry["path"] for entry in page)

    def answers(self) -> bool:
        """Does the store answer, and let us in?"""
        try:
            with _said_plainly():
                next(iter(obstore.list(self._store, chunk_size=1)), None)
        except FilesAway:
            return False
        return True


@contextmanager
def _said_plainly() -> Iterator[None]:
    try:
        yield
    except AlreadyExistsError:
        raise
    except BaseError as error:
        # the library's text names the address and the whole answer: for the log, not for the person
        log.error("file store away", error=str(error).split("Debug source", 1)[0].strip()[:500])
        raise FilesAway() from None
