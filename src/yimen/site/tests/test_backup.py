"""A backup made while people work is restored elsewhere and holds; a damaged one is refused and changes nothing."""

import hashlib
import io
import json
import os
import resource
import sqlite3
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from random import Random

import pytest

from yimen.site.backup import BackupRefused, Store, is_empty, opened, put_in_place, write_backup
from yimen.site.bench.ground import own_database

SMALL = 16_384
AT = datetime(2026, 11, 21, tzinfo=UTC)
POSTGRESQL = os.environ.get("YIMEN_DATABASE", "")
WRITER = """
import io, sys, select
from yimen.site import store
store.open_store(); store.migrate()
from yimen.foundation.files import api as files
from yimen.foundation.files.tests.factories import pdf
from yimen.modules.cases.tests.factories import AT, handed_in, resident
from yimen.modules.items.tests.factories import make_standard
code, actor, made = make_standard().code, resident(), 0
while not select.select([sys.stdin], [], [], 0)[0]:
    made += 1
    files.store(f"scan{made}.pdf", io.BytesIO(pdf(f"scan {made}".encode() * 5000)), actor, AT)
    handed_in(actor, items=[code]) if made == 1 else handed_in(items=[code])
    print(made, flush=True)
"""
CHECK = """
import json
from yimen.site import store
store.open_store()
from yimen.foundation.files import api as files
from yimen.foundation.files.models import StoredFile
from yimen.foundation.trace import api as trace
from yimen.modules.cases.models import Case
read = 0
for row in StoredFile.objects.all():
    with files.open_file(row.digest) as file:
        read += len(file.read()) == row.size
names = [case.application.person.name for case in Case.objects.select_related("application__person")]
print(json.dumps({"breaks": [b.why for b in trace.verify_all()], "cases": len(names), "names": sorted(set(names)),
    "files": StoredFile.objects.count(), "read": read}))
"""


def environment(store: Store) -> dict[str, str]:
    """Another process on this store, and on nothing of ours."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith("YIMEN_")}
    return {
        **kept, "DJANGO_SETTINGS_MODULE": "yimen.site.settings", "YIMEN_DATA": str(store.data), "YIMEN_DATABASE": store.database,
    }  # fmt: skip


def told(store: Store) -> dict[str, object]:
    ran = subprocess.run(
        [sys.executable, "-c", CHECK], env=environment(store), capture_output=True, text=True
    )
    assert ran.returncode == 0, ran.stderr
    found: dict[str, object] = json.loads(ran.stdout.splitlines()[-1])
    return found


def restore(store: Store, archive: Path, *options: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "yimen.site.cli", "restore", str(archive), *options]
    return subprocess.run(command, env=environment(store), capture_output=True, text=True)


@dataclass(frozen=True)
class Drill:
    store: Store
    archive: Path
    others: list[Store]
    before: int
    after: int


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def drill(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Drill]:
    """A store in which somebody writes all the time, and the backup made meanwhile."""
    if request.param == "postgresql" and not POSTGRESQL:
        pytest.skip("needs a server in YIMEN_DATABASE")
    if request.param == "sqlite" and POSTGRESQL:
        pytest.skip("done in the run on SQLite")
    with ExitStack() as stack:
        stores = []
        for place in ("there", "elsewhere", "again"):
            address = stack.enter_context(own_database(POSTGRESQL)) if request.param == "postgresql" else ""
            stores.append(Store(tmp_path_factory.mktemp(place), address))
        archive = tmp_path_factory.mktemp("kept") / "yimen.tar"
        before, after = _back_up_while_working(stores[0], archive)
        yield Drill(stores[0], archive, stores[1:], before, after)


def _back_up_while_working(store: Store, archive: Path) -> tuple[int, int]:
    writer = subprocess.Popen(
        [sys.executable, "-c", WRITER], env=environment(store), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert writer.stdout and writer.stdin and writer.stderr
    for _ in range(5):
        before = writer.stdout.readline()
        assert before, writer.stderr.read()
    write_backup(store, archive, AT)
    rest, trouble = writer.communicate("\n")
    assert writer.returncode == 0, trouble
    return int(before), int(rest.split()[-1])


def test_a_backup_made_while_people_work_holds_elsewhere(drill: Drill) -> None:
    [store, *_] = drill.others
    done = restore(store, drill.archive)
    assert done.returncode == 0, done.stderr
    assert "every chain, seal and state agrees" in done.stdout
    found = told(store)
    assert found["breaks"] == []
    assert drill.before <= found["cases"] <= drill.after
    assert found["files"] == found["read"] >= drill.before
    assert found["names"] == ["林晓燕"]
    assert (store.data / "keys" / "master").stat().st_mode & 0o777 == 0o600


def test_only_its_owner_reads_a_backup_and_nothing_half_written_is_left(drill: Drill) -> None:
    assert drill.archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in drill.archive.parent.iterdir()] == ["yimen.tar"]
    with pytest.raises(BackupRefused, match="exists already"):
        write_backup(drill.store, drill.archive, AT)


def test_a_store_in_use_is_replaced_only_when_asked_and_kept_aside(drill: Drill) -> None:
    refused = restore(drill.store, drill.archive)
    assert refused.returncode == 1
    assert "not empty" in refused.stderr
    assert told(drill.store)["cases"] == drill.after
    done = restore(drill.store, drill.archive, "--replace")
    assert done.returncode == 0, done.stderr
    assert told(drill.store)["cases"] <= drill.after
    [aside] = drill.store.data.glob("replaced-*")
    assert (aside / "keys" / "master").exists()


def _members(archive: Path) -> list[tarfile.TarInfo]:
    with tarfile.open(archive) as opened_archive:
        return opened_archive.getmembers()


def test_a_backup_damaged_in_any_part_is_refused_and_changes_nothing(drill: Drill, tmp_path: Path) -> None:
    whole = drill.archive.read_bytes()
    store = Store(tmp_path / "store", drill.store.database and drill.others[1].database)
    for member in _members(drill.archive):
        for place in (member.offset_data + member.size // 2, member.offset + 3):
            damaged = tmp_path / "damaged.tar"
            damaged.write_bytes(whole[:place] + bytes([whole[place] ^ 1]) + whole[place + 1 :])
            with pytest.raises(BackupRefused), opened(damaged, store):
                pytest.fail(f"{member.name} was changed and taken")
    assert list(store.data.iterdir()) == []
    assert is_empty(store)


def test_a_backup_cut_off_anywhere_is_refused(drill: Drill, tmp_path: Path) -> None:
    whole = drill.archive.read_bytes()
    end = _members(drill.archive)[-1].offset_data
    cut = tmp_path / "cut.tar"
    for length in (0, 1, 511, 600, *range(1024, end, max(1, end // 12)), end, end + 10):
        cut.write_bytes(whole[:length])
        with pytest.raises(BackupRefused, match="cannot be read as a backup"), opened(cut, drill.others[1]):
            pytest.fail(f"{length} bytes were taken")


def test_something_else_is_refused(drill: Drill, tmp_path: Path) -> None:
    foreign = tmp_path / "foreign.tar"
    with tarfile.open(foreign, "w") as archive:
        archive.add(__file__, "../../etc/passwd")
    for path in (foreign, Path(__file__)):
        with pytest.raises(BackupRefused, match="cannot be read as a backup"), opened(path, drill.others[1]):
            pytest.fail("taken")
    other = Store(tmp_path / "other", "" if drill.store.database else "postgresql://nobody@127.0.0.1:1/none")
    with pytest.raises(BackupRefused, match="store and this one is"), opened(drill.archive, other):
        pytest.fail("taken")
    locked = Store(tmp_path / "locked", drill.store.database, master_key="ab" * 32)
    with pytest.raises(BackupRefused, match="YIMEN_MASTER_KEY"), opened(drill.archive, locked):
        pytest.fail("taken")


def test_a_failure_on_the_way_puts_everything_back(drill: Drill, tmp_path: Path, monkeypatch) -> None:
    if drill.store.database:
        pytest.skip("the database's own transaction does it")
    store = Store(tmp_path / "store")
    with opened(drill.archive, store) as (folder, _):
        assert put_in_place(folder, store, AT) is None
    kept = (store.data / "yimen.sqlite3").read_bytes()
    rename = os.rename

    def fail(source: Path, place: Path) -> None:
        if Path(source).name == "database.sqlite3":
            raise OSError("disk full")
        rename(source, place)

    monkeypatch.setattr("yimen.site.backup.os.rename", fail)
    with opened(drill.archive, store) as (folder, _), pytest.raises(OSError, match="disk full"):
        put_in_place(folder, store, AT)
    assert (store.data / "yimen.sqlite3").read_bytes() == kept
    assert sorted(path.name for path in store.data.iterdir()) == ["files", "keys", "yimen.sqlite3"]


def _unpacked(archive: Path, store: Store) -> dict[str, bytes]:
    with opened(archive, store) as (folder, _):
        return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


def test_a_byte_changed_at_random_is_refused_or_was_of_no_meaning(drill: Drill, tmp_path: Path) -> None:
    """Between the parts of a tar lies padding that nobody reads: a change there leaves every part as it was."""
    chance, store = (
        Random(20261201),
        Store(tmp_path / "store", drill.store.database and drill.others[1].database),
    )
    whole, sound = drill.archive.read_bytes(), _unpacked(drill.archive, store)
    damaged, refused = tmp_path / "damaged.tar", 0
    for _ in range(60):
        place = chance.randrange(len(whole))
        damaged.write_bytes(
            whole[:place] + bytes([whole[place] ^ chance.randrange(1, 256)]) + whole[place + 1 :]
        )
        try:
            assert _unpacked(damaged, store) == sound, f"byte {place} was changed and taken"
        except BackupRefused as told_why:
            refused += 1
            assert "cannot be read as a backup" in str(told_why)
    assert refused > 30
    assert list(store.data.iterdir()) == [] and is_empty(store)


def _with_manifest(archive: Path, target: Path, **changes: object) -> Path:
    """The same archive, telling something else of itself, with a right sum."""
    with tarfile.open(archive) as source, tarfile.open(target, "w") as made:
        for info in source:
            file = source.extractfile(info)
            assert file is not None
            content = file.read()
            if info.name == "manifest.json":
                content = text = json.dumps({**json.loads(content), **changes}).encode()
            elif info.name == "manifest.sha256":
                content = hashlib.sha256(text).hexdigest().encode()
            info.size = len(content)
            made.addfile(info, io.BytesIO(content))
    return target


def test_a_newer_versions_backup_is_refused_before_anything_is_touched(drill: Drill, tmp_path: Path) -> None:
    store = Store(tmp_path / "store", drill.store.database and drill.others[1].database)
    future = _with_manifest(drill.archive, tmp_path / "future.tar", version=3)
    with pytest.raises(BackupRefused, match="format version 3, this program reads 2"), opened(future, store):
        pytest.fail("taken")
    newer = _with_manifest(drill.archive, tmp_path / "newer.tar", migrations=["cases.9999_from_the_future"])
    refused = restore(store, newer)
    assert refused.returncode == 1 and "newer version (cases.9999_from_the_future" in refused.stderr
    assert "Nothing was changed" in refused.stderr and is_empty(store)


def test_an_older_versions_backup_is_brought_up_to_this_one(drill: Drill, tmp_path: Path) -> None:
    if drill.store.database:
        pytest.skip("the same migrations; done once")
    old, new = Store(tmp_path / "old"), Store(tmp_path / "new")
    with opened(drill.archive, old) as (folder, _):
        put_in_place(folder, old, AT)
    with closing(sqlite3.connect(old.sqlite_file)) as database, database:  # as the version before left it
        database.execute("DROP TABLE openapi_idempotencyrecord")
        database.execute("DELETE FROM django_migrations WHERE app = 'openapi'")
    manifest = write_backup(old, tmp_path / "old.tar", AT)
    assert not any(name.startswith("openapi.") for name in manifest.migrations)
    done = restore(new, tmp_path / "old.tar")
    assert done.returncode == 0 and "every chain, seal and state agrees" in done.stdout, done.stderr
    with closing(sqlite3.connect(new.sqlite_file)) as database:
        assert database.execute("SELECT count(*) FROM openapi_idempotencyrecord").fetchone() == (0,)


def test_no_room_for_a_backup_or_its_unpacking_is_told_and_leaves_nothing(
    drill: Drill, tmp_path: Path
) -> None:
    target, fresh = tmp_path / "kept" / "yimen.tar", Store(tmp_path / "fresh", drill.store.database)
    target.parent.mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (SMALL, hard))
    try:
        with pytest.raises((OSError, BackupRefused)):
            write_backup(drill.store, target, AT)
        with pytest.raises(BackupRefused, match="no room to unpack"), opened(drill.archive, fresh):
            pytest.fail("taken")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert list(target.parent.iterdir()) == [] and list(fresh.data.iterdir()) == []


def test_an_empty_store_is_no_backup(tmp_path: Path) -> None:
    with pytest.raises(BackupRefused, match="empty"):
        write_backup(Store(tmp_path), tmp_path / "backup.tar", AT)
