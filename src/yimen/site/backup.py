"""The whole store in one file, and back: database, sealed files, keys.

Nothing here loads Django: a store is restored before anything opens it. The archive is a plain tar of mode 600; its last two
members are a manifest with the SHA-256 of every other member and the SHA-256 of that manifest, so that a cut or
changed archive is known before anything is touched. **It holds the keys**: whoever has it can read everything.
"""

import contextlib
import hashlib
import io
import os
import re
import secrets
import shutil
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from yimen.kernel.outages import outage_of
from yimen.site.manifest import MANIFEST, MANIFEST_SUM, VERSION, WITHOUT_FILES, Manifest, checked
from yimen.site.pg import Postgres, PostgresFailed

SQLITE, DUMP = "database.sqlite3", "database.dump"
KEYS, FILES = "keys", "files"
DATABASE_FILE = "yimen.sqlite3"
PIECE = 1 << 20
_KEY = re.compile(r"keys/[A-Za-z0-9._-]{1,60}")
_FILE = re.compile(r"files/([0-9a-f]{2})/([0-9a-f]{2})/([0-9a-f]{64})")


class BackupRefused(Exception):
    """The sentence says what is wrong and what would be right; nothing was changed."""


@dataclass(frozen=True)
class Store:
    """Where a store lies.

    Args:
        data: the data folder.
        database: PostgreSQL address; "" for the SQLite file in the data folder.
        master_key: the master key was given in the environment and is not in the folder.
        files: address of the shared store of the files; "" for the folder. It is backed up by its own means.
    """

    data: Path
    database: str = ""
    master_key: str = ""
    files: str = ""

    @property
    def kind(self) -> str:
        return "postgresql" if self.database else "sqlite"

    @property
    def sqlite_file(self) -> Path:
        return self.data / DATABASE_FILE

    @property
    def postgres(self) -> Postgres:
        return Postgres(self.database)


def store_of_environment() -> Store:
    """The store that the other commands would open."""
    here = os.environ.get("YIMEN_DATA") or Path(__file__).resolve().parents[3] / "var"
    return Store(
        Path(here).resolve(),
        *(os.environ.get(name, "") for name in ("YIMEN_DATABASE", "YIMEN_MASTER_KEY", "YIMEN_FILES")),
    )


# -- writing


def write_backup(store: Store, target: Path, at: datetime) -> Manifest:
    """Write the store into ``target`` while it is running; appears under its name only when it is whole.

    Files are never changed once kept, so those present are taken first, then one snapshot of the database, then the files
    that came meanwhile: every file that the snapshot names is in the archive, also one removed while it was written.

    Raises:
        BackupRefused: there is no store, or the target exists.
    """
    _check_source(store, target)
    with _beside(target) as folder:
        made = folder / "archive"
        with os.fdopen(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as raw:
            manifest = _write(store, raw, folder, at)
            raw.flush()
            os.fsync(raw.fileno())
        os.link(made, target)  # fails when somebody else made the target meanwhile; never overwrites
    return manifest


def _check_source(store: Store, target: Path) -> None:
    if target.exists():
        raise BackupRefused(f"{target} exists already. Name a new file; a backup never overwrites one.")
    if not target.parent.is_dir():
        raise BackupRefused(f"The folder {target.parent} does not exist.")
    if is_empty(store):
        raise BackupRefused(f"There is nothing to back up: the store in {store.data} is empty.")


def _write(store: Store, raw: IO[bytes], folder: Path, at: datetime) -> Manifest:
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.PAX_FORMAT) as archive:
        members: dict[str, str] = {}
        for path in sorted((store.data / KEYS).glob("*")):
            members[f"{KEYS}/{path.name}"] = _add(archive, f"{KEYS}/{path.name}", path)
        _add_files(archive, store, members)
        snapshot, migrations = _snapshot(store, folder)
        members[snapshot.name] = _add(archive, snapshot.name, snapshot)
        _add_files(archive, store, members)
        manifest = Manifest(
            made_at=at.isoformat(),
            database=store.kind,
            migrations=migrations,
            key=_key_mark(store.master_key.encode() or _master_in(store.data)),
            version=WITHOUT_FILES if store.files else VERSION,
            members=members,
            files=store.files,
        )
        text = manifest.text()
        _add_bytes(archive, MANIFEST, text)
        _add_bytes(archive, MANIFEST_SUM, hashlib.sha256(text).hexdigest().encode())
    return manifest


def _master_in(data: Path) -> bytes:
    path = data / KEYS / "master"
    return path.read_bytes().hex().encode() if path.exists() else b""


def _key_mark(key: bytes) -> str:
    """Tells two master keys apart without telling them."""
    return hashlib.sha256(b"yimen/backup-mark/" + key.strip().lower()).hexdigest()[:16]


def _add_files(archive: tarfile.TarFile, store: Store, members: dict[str, str]) -> None:
    if store.files:
        return
    for path in sorted((store.data / FILES).glob("??/??/*")):
        name = path.relative_to(store.data).as_posix()
        if name not in members and _FILE.fullmatch(name):
            with contextlib.suppress(FileNotFoundError):  # removed a moment ago; no row names it any more
                members[name] = _add(archive, name, path)


def _add(archive: tarfile.TarFile, name: str, path: Path) -> str:
    with path.open("rb") as file:
        info = tarfile.TarInfo(name)
        info.size, info.mode = os.fstat(file.fileno()).st_size, 0o600
        reader = _Summing(file)
        archive.addfile(info, reader)
    return reader.digest.hexdigest()


def _add_bytes(archive: tarfile.TarFile, name: str, content: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode = len(content), 0o600
    archive.addfile(info, io.BytesIO(content))


class _Summing:
    """Reads a file and sums what was read."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file, self.digest = file, hashlib.sha256()

    def read(self, size: int = -1) -> bytes:
        piece = self._file.read(size)
        self.digest.update(piece)
        return piece


def _snapshot(store: Store, folder: Path) -> tuple[Path, list[str]]:
    """The database as it stood at one moment, and the migrations applied to it."""
    if store.database:
        path = folder / DUMP
        try:
            return path, store.postgres.dump(path)
        except PostgresFailed as failed:
            raise BackupRefused(str(failed)) from failed
    path = folder / SQLITE
    path.touch(0o600)
    with (
        contextlib.closing(sqlite3.connect(store.sqlite_file)) as source,
        contextlib.closing(sqlite3.connect(path)) as copy,
    ):
        source.backup(copy)  # all pages in one step: writers go on in the write-ahead log meanwhile
        copy.execute("PRAGMA journal_mode=DELETE")
        rows = copy.execute("SELECT app, name FROM django_migrations ORDER BY app, name").fetchall()
    return path, [f"{app}.{name}" for app, name in rows]


# -- reading


def is_empty(store: Store) -> bool:
    """Has nobody put anything into this store yet: no account, no file."""
    if any((store.data / FILES).glob("??/??/*")):
        return False
    if store.database:
        try:
            return store.postgres.is_empty()
        except PostgresFailed as failed:
            raise BackupRefused(str(failed)) from failed
    if not store.sqlite_file.exists():
        return True
    with contextlib.closing(sqlite3.connect(store.sqlite_file)) as source:
        named = source.execute("SELECT 1 FROM sqlite_master WHERE name='identity_account'").fetchone()
        return not (named and source.execute("SELECT 1 FROM identity_account LIMIT 1").fetchone())


@contextlib.contextmanager
def opened(archive: Path, store: Store) -> Iterator[tuple[Path, Manifest]]:
    """Unpack an archive beside the store and check every sum; yields the folder and the manifest.

    Raises:
        BackupRefused: damaged, cut, foreign, of another kind of database, or sealed with another key.
    """
    store.data.mkdir(parents=True, exist_ok=True)
    with _folder(store.data) as folder:
        try:
            manifest = _unpack(archive, folder)
        except (tarfile.TarError, EOFError, OSError, ValueError) as error:
            if outage_of(error) is not None:
                raise BackupRefused(
                    f"There is no room to unpack the backup in {store.data}: {error}."
                ) from error
            raise BackupRefused(f"{archive} cannot be read as a backup of Yimen: {error}.") from error
        if manifest.database != store.kind:
            raise BackupRefused(
                f"The backup is of a {manifest.database} store and this one is {store.kind}; "
                "set YIMEN_DATABASE as it was where the backup was made."
            )
        if bool(manifest.files) != bool(store.files):
            raise BackupRefused(
                f"The files of this backup lie in {manifest.files}: set YIMEN_FILES to that store, or to its copy."
                if manifest.files
                else "The backup holds its files itself: unset YIMEN_FILES, restore, and then use `yimen files copy`."
            )
        key = store.master_key.encode() or _master_in(folder)
        if manifest.key != _key_mark(key):
            raise BackupRefused(
                "The backup was sealed with another master key: set YIMEN_MASTER_KEY to the one used where it was made."
                if not (folder / KEYS / "master").exists()
                else "YIMEN_MASTER_KEY is set to another key than the backup's own; unset it, or set the right one."
            )
        yield folder, manifest


def _unpack(path: Path, folder: Path) -> Manifest:
    sums: dict[str, str] = {}
    texts: dict[str, bytes] = {}
    with tarfile.open(path, mode="r:") as archive:
        for info in archive:
            content = archive.extractfile(info) if info.isfile() else None
            if content is None or info.name in sums or info.name in texts:
                raise ValueError(f"unexpected entry {info.name[:80]!r}")
            if info.name in (MANIFEST, MANIFEST_SUM):
                texts[info.name] = content.read()
            elif _is_ours(info.name):
                sums[info.name] = _copy(content, folder / info.name)
            else:
                raise ValueError(f"unexpected entry {info.name[:80]!r}")
    return checked(texts, sums)


def _is_ours(name: str) -> bool:
    if found := _FILE.fullmatch(name):
        return found[3].startswith(found[1] + found[2])
    return name in (SQLITE, DUMP) or bool(_KEY.fullmatch(name) and name not in ("keys/.", "keys/.."))


def _copy(content: IO[bytes], path: Path) -> str:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest = hashlib.sha256()
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
        while piece := content.read(PIECE):
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def put_in_place(folder: Path, store: Store, at: datetime) -> Path | None:
    """Make the unpacked store the store; what was there is moved aside and its folder returned.

    Whatever fails on the way, everything is put back. A PostgreSQL database is replaced in one transaction and last.

    Raises:
        BackupRefused: somebody still uses the store, or the database refuses.
    """
    _require_unused(store)
    aside = store.data / f"replaced-{at:%Y%m%dT%H%M%SZ}-{secrets.token_hex(2)}"
    own = () if store.database else (DATABASE_FILE, f"{DATABASE_FILE}-wal", f"{DATABASE_FILE}-shm")
    moves = [(store.data / name, aside / name) for name in (KEYS, FILES, *own)]
    moves += [(folder / name, store.data / name) for name in (KEYS, FILES)]
    moves += [] if store.database else [(folder / SQLITE, store.sqlite_file)]
    done: list[tuple[Path, Path]] = []
    try:
        for source, place in moves:
            if source.exists():
                place.parent.mkdir(mode=0o700, exist_ok=True)
                os.rename(source, place)
                done.append((source, place))
        if store.database:
            store.postgres.replace(folder / DUMP)
    except BaseException as error:
        for source, place in reversed(done):
            os.rename(place, source)
        if aside.exists():
            aside.rmdir()
        if isinstance(error, PostgresFailed):
            raise BackupRefused(str(error)) from error
        raise
    return aside if aside.exists() else None


def _require_unused(store: Store) -> None:
    """A server that runs on the old store would go on writing into it."""
    if store.database:
        try:
            others = store.postgres.others()
        except PostgresFailed as failed:
            raise BackupRefused(str(failed)) from failed
        if others:
            raise BackupRefused(f"{others} other connections use the database. Stop the platform first.")
        return
    if not store.sqlite_file.exists():
        return
    with contextlib.closing(sqlite3.connect(store.sqlite_file, timeout=1)) as probe:
        try:
            probe.execute("PRAGMA journal_mode=DELETE")  # possible only for the one who is alone
        except sqlite3.OperationalError as error:
            raise BackupRefused("The platform is running on this store. Stop it first.") from error


@contextlib.contextmanager
def _folder(parent: Path) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix=".restoring-", dir=parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


@contextlib.contextmanager
def _beside(target: Path) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix=".backing-up-", dir=target.resolve().parent))
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)
