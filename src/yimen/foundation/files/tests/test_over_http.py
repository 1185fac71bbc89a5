"""Handing a file in over HTTP, and sending it back safely."""

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpRequest
from django.test import RequestFactory

from yimen.foundation.files import api as files
from yimen.foundation.files import rest, uploads
from yimen.foundation.files.errors import FileRefused
from yimen.foundation.files.middleware import UploadLimit
from yimen.foundation.files.tests import factories as make
from yimen.kernel.actor import STRANGER, Actor
from yimen.kernel.errors import NotAllowed, TooMany

AT = datetime(2026, 2, 11, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def place(tmp_path: Path, settings) -> Path:
    settings.FILES_ROOT = tmp_path
    settings.FILE_UPLOAD_HANDLERS = ["yimen.foundation.files.uploads.SealingUploadHandler"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    cache.clear()
    return tmp_path


def request_with(content: bytes, name: str, actor: Actor | None = None) -> HttpRequest:
    request = RequestFactory().post("/api/v1/files", {"file": SimpleUploadedFile(name, content)})
    request.actor = actor or Actor(account_id=get_user_model().objects.create(username="lin").pk)
    return request


def test_an_upload_is_answered_with_what_was_kept() -> None:
    answer = rest.upload_file(request_with(make.pdf(), "平面图.pdf"))
    status, taken = answer.status_code, answer.value
    assert status == 201
    assert (taken.name, taken.size, taken.media_type) == ("平面图.pdf", len(make.pdf()), "application/pdf")
    assert files.file_with_digest(taken.digest).size == taken.size


def test_no_plaintext_and_nothing_waiting_is_left(place: Path) -> None:
    rest.upload_file(request_with(make.pdf(b"% LIN\n"), "a.pdf"))
    kept = [path for path in place.rglob("*") if path.is_file()]
    assert len(kept) == 1 and b"LIN" not in kept[0].read_bytes()


def test_a_stranger_is_told_to_sign_in() -> None:
    with pytest.raises(NotAllowed, match="登录"):
        rest.upload_file(request_with(make.pdf(), "a.pdf", STRANGER))


def test_a_form_without_a_file_is_told_so() -> None:
    request = RequestFactory().post("/api/v1/files", {"other": "x"})
    request.actor = Actor(account_id=1)
    with pytest.raises(FileRefused, match="没有收到文件"):
        rest.upload_file(request)


def test_a_file_over_the_limit_is_stopped_while_it_arrives(monkeypatch, place: Path) -> None:
    monkeypatch.setattr(uploads, "max_bytes", lambda at: 200_000)
    with pytest.raises(files.FileTooLarge):
        rest.upload_file(request_with(make.pdf(b"%" + bytes(400_000) + b"\n"), "a.pdf"))
    assert not [path for path in place.rglob("*") if path.is_file()]


def test_an_upload_that_says_it_is_too_large_is_answered_unread() -> None:
    limit = UploadLimit(lambda request: pytest.fail("read"))
    request = RequestFactory().post("/api/v1/files", {"file": SimpleUploadedFile("a.pdf", b"x")})
    request.META["CONTENT_LENGTH"] = str(200 * 1_048_576)
    answer = limit(request)
    assert answer.status_code == 413
    assert answer["Content-Type"] == "application/problem+json"
    assert "50 MB" in json.loads(answer.content)["detail"]


def test_a_form_of_many_files_has_a_limit_too() -> None:
    request = RequestFactory().post("/desk/x", {"file": SimpleUploadedFile("a.pdf", b"x")})
    request.META["CONTENT_LENGTH"] = str(200 * 1_048_576)
    answer = UploadLimit(lambda request: pytest.fail("read"))(request)
    assert answer.status_code == 413
    assert "合计超过 150 MB" in answer.content.decode()


def test_what_says_itself_that_it_is_too_large_is_not_read_without_the_middleware_either() -> None:
    request = request_with(make.pdf(), "a.pdf")
    request.META["CONTENT_LENGTH"] = str(200 * 1_048_576)
    with pytest.raises(files.FileTooLarge):
        rest.upload_file(request)


def test_uploads_left_half_written_are_swept(place: Path) -> None:
    (place / "incoming").mkdir()
    (place / "incoming" / "left").write_bytes(b"x")
    assert files.sweep_incoming(datetime.now(UTC)) == 0
    assert files.sweep_incoming(datetime.now(UTC) + timedelta(days=2)) == 1


def test_uploads_are_limited_in_number() -> None:
    actor = Actor(account_id=7)
    for _ in range(rest.A_MINUTE):
        rest.check_rate(actor, AT)
    with pytest.raises(TooMany, match="每分钟"):
        rest.check_rate(actor, AT)


def served(content: bytes, name: str, *, inline: bool):
    taken = rest.upload_file(request_with(content, name)).value
    return rest.file_response(files.file_with_digest(taken.digest), inline=inline)


def test_a_picture_may_be_shown_but_never_run() -> None:
    answer = served(make.png(), "林 晓燕.png", inline=True)
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"].startswith("sandbox;")
    assert answer["Content-Disposition"].startswith("inline; ")
    assert "filename*=UTF-8''%E6%9E%97%20%E6%99%93%E7%87%95.png" in answer["Content-Disposition"]
    assert b"".join(answer) == make.png()


def test_an_office_paper_is_always_saved() -> None:
    assert served(make.docx(), "申请.docx", inline=True)["Content-Disposition"].startswith("attachment; ")
