"""Files in an S3-compatible store, over HTTP to a server process: the guarantees of the folder, and what happens when it is away."""

import io
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import obstore
import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tools import s3
from tools.postgres import free_port
from yimen.foundation.files import api as files
from yimen.foundation.files.bucket import bucket_at
from yimen.foundation.files.errors import FileDamaged, FileMissing, FilesAway
from yimen.foundation.files.models import StoredFile
from yimen.foundation.files.places import place
from yimen.foundation.files.tests import factories as make
from yimen.foundation.files.vault import name_of
from yimen.foundation.identity.api import issue_token
from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import now
from yimen.site.backup import BackupRefused, Store, opened, write_backup

AT = datetime(2026, 2, 11, 2, tzinfo=UTC)
LARGE = make.pdf(b"%" + bytes(range(256)) * 8000 + b"\n")
pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    with s3.server() as found:
        yield found


@pytest.fixture
def shared(address: str, settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """An empty store for each test."""
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "key")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "secret")
    settings.FILES_ROOT, settings.FILES_STORE = tmp_path, address
    yield address
    settings.FILES_STORE = address
    for digest in list(place().digests()):
        place().remove(digest)


def put(content: bytes) -> StoredFile:
    return files.store("a.pdf", io.BytesIO(content), PLATFORM, AT)


def lying(address: str, digest: str) -> bytes:
    return bytes(obstore.get(bucket_at(address)._store, name_of(digest)).bytes())


def lay(address: str, digest: str, content: bytes) -> None:
    obstore.put(bucket_at(address)._store, name_of(digest), content)


def test_a_file_comes_back_as_it_went_in_and_nothing_stays_on_the_machine(
    shared: str, tmp_path: Path
) -> None:
    stored = put(LARGE)
    with files.open_file(stored.digest) as file:
        assert file.read() == LARGE
        file.seek(65_530)
        assert file.read(20) == LARGE[65_530:65_550]
    assert LARGE[1000:1100] not in lying(shared, stored.digest)
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    assert files.check_files(whole=True) == files.check_files() and files.check_files().missing == []


def test_nothing_is_overwritten_but_what_is_damaged(shared: str) -> None:
    digest = put(LARGE).digest
    first = lying(shared, digest)
    put(LARGE)
    assert lying(shared, digest) == first
    lay(shared, digest, first[:-40] + bytes([first[-40] ^ 1]) + first[-39:])
    with pytest.raises(FileDamaged):
        files.open_file(digest)
    assert files.check_files(whole=True).damaged == [digest]
    put(LARGE)
    with files.open_file(digest) as file:
        assert file.read() == LARGE


def test_another_file_in_its_place_is_noticed_and_a_lost_one_is_named(shared: str) -> None:
    one, other = put(LARGE).digest, put(make.pdf()).digest
    lay(shared, one, lying(shared, other))
    with pytest.raises(FileDamaged):
        files.open_file(one)
    place().remove(one)
    place().remove(one)
    with pytest.raises(FileMissing):
        files.open_file(one)
    assert files.check_files().missing == [one]


def test_when_the_store_is_away_the_person_is_told_and_nothing_is_lost(shared: str, settings) -> None:
    stored = put(LARGE)
    token = issue_token(get_user_model().objects.create(username="lin"), now(), timedelta(hours=1))
    settings.FILES_STORE = f"s3://yimen?endpoint=http://127.0.0.1:{free_port()}"
    answer = Client().post(
        "/api/v1/files", {"file": io.BytesIO(make.png())}, headers={"Authorization": f"Bearer {token}"}
    )
    assert (answer.status_code, answer.json()["code"]) == (503, "files_unavailable")
    assert "请过几分钟再试" in answer.json()["detail"]
    with pytest.raises(FilesAway):
        files.open_file(stored.digest)
    with pytest.raises(FilesAway):
        files.purge([stored])
    assert StoredFile.objects.get() == stored and not files.files_answer()
    settings.FILES_STORE = shared
    files.open_file(stored.digest).close()
    assert files.files_answer()


def test_the_files_of_one_machine_are_copied_into_the_store(shared: str, settings) -> None:
    settings.FILES_STORE = ""
    stored = [put(LARGE), put(make.pdf())]
    settings.FILES_STORE = shared
    assert len(files.check_files().missing) == 2
    assert sorted(files.copy_from_folder()) == sorted(one.digest for one in stored)
    assert files.check_files(whole=True) == files.check_files() and not files.check_files().missing


def test_a_backup_says_that_its_files_lie_elsewhere(tmp_path: Path) -> None:
    data = tmp_path / "data"
    (data / "keys").mkdir(parents=True)
    (data / "keys" / "master").write_bytes(bytes(32))
    with sqlite3.connect(data / "yimen.sqlite3") as made:
        made.execute("CREATE TABLE django_migrations (app, name)")
        made.execute("CREATE TABLE identity_account (id)")
        made.execute("INSERT INTO identity_account VALUES (1)")
    made.close()
    store = Store(data, files="s3://yimen?endpoint=http://store")
    manifest = write_backup(store, tmp_path / "a.tar", AT)
    assert (manifest.files, manifest.version) == (store.files, 2)
    with opened(tmp_path / "a.tar", store) as (_, again):
        assert again == manifest
    with pytest.raises(BackupRefused, match="YIMEN_FILES"), opened(tmp_path / "a.tar", Store(data)):
        pass
    write_backup(Store(data), tmp_path / "b.tar", AT)
    with pytest.raises(BackupRefused, match="files copy"), opened(tmp_path / "b.tar", store):
        pass
