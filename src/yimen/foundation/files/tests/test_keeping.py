"""Kept once, sealed, found whole or not at all."""

import io
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.db.models import Q

from yimen.foundation.files import api as files
from yimen.foundation.files import queries, vault
from yimen.foundation.files.errors import FileRefused, ScannerAway
from yimen.foundation.files.limits import key, root
from yimen.foundation.files.models import Upload
from yimen.foundation.files.places import place
from yimen.foundation.files.scanners import clamd
from yimen.foundation.files.scanners.builtin import EICAR
from yimen.foundation.files.tests import factories as make
from yimen.foundation.identity import api as identity
from yimen.foundation.identity.tests.factories import person
from yimen.foundation.outbox import api as outbox
from yimen.kernel.actor import PLATFORM, STRANGER, Actor

AT = datetime(2026, 2, 11, 2, tzinfo=UTC)
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, settings) -> Path:
    settings.FILES_ROOT = tmp_path
    return tmp_path


def actor_named(username: str) -> Actor:
    return Actor(account_id=get_user_model().objects.create(username=username).pk, name=username)


def put(content: bytes, name: str, actor: Actor = PLATFORM, at: datetime = AT, **more):
    return files.store(name, io.BytesIO(content), actor, at, **more)


def test_a_file_comes_back_as_it_went_in() -> None:
    content = make.pdf(b"%" + bytes(range(256)) * 2000 + b"\n")
    stored = put(content, "C:\\材料\\平面图.pdf", actor_named("lin"))
    assert (stored.name, stored.size, stored.media_type) == ("平面图.pdf", len(content), "application/pdf")
    with files.open_file(stored.digest) as file:
        assert file.read() == content
        file.seek(65_530)
        assert file.read(20) == content[65_530:65_550]


@pytest.mark.parametrize("size", [0, 1, 65_535, 65_536, 65_537, 131_072, 200_001])
def test_every_length_is_sealed_and_opened(folder: Path, size: int) -> None:
    writer = vault.Writer(folder, key())
    writer.write(b"a" * size)
    digest = writer.finish()
    place().keep(writer.done(), digest)
    with files.open_file(digest) as file:
        assert file.read() == b"a" * size


def test_nothing_readable_lies_on_the_disk(folder: Path) -> None:
    put(make.pdf(b"% LIN XIAOYAN 440101199001011234\n"), "a.pdf")
    kept = [path for path in folder.rglob("*") if path.is_file()]
    assert len(kept) == 1
    assert b"LIN" not in kept[0].read_bytes() and b"%PDF" not in kept[0].read_bytes()


def test_equal_content_is_kept_once_and_each_person_may_use_it(folder: Path) -> None:
    lin, wu = actor_named("lin"), actor_named("wu")
    first, second = put(make.pdf(), "林的.pdf", lin), put(make.pdf(), "吴的.pdf", wu)
    assert first.pk == second.pk
    assert len([path for path in folder.rglob("*") if path.is_file()]) == 1
    assert files.name_given(second, lin) == "林的.pdf"
    assert files.name_given(second, wu) == "吴的.pdf"
    assert files.may_use(first.digest, lin) and files.may_use(first.digest, wu)


def test_only_who_handed_it_in_may_use_a_draft() -> None:
    stored = put(make.pdf(), "a.pdf", actor_named("lin"))
    assert not files.may_use(stored.digest, actor_named("wu"))
    assert not files.may_use(stored.digest, STRANGER)
    assert not files.may_use("../../etc/passwd", actor_named("sun"))


def test_a_name_without_extension_gets_the_right_one() -> None:
    assert put(make.jpeg(), "IMG_0001").name == "IMG_0001.jpg"


def test_two_hundred_megabytes_are_stopped_at_the_limit(folder: Path) -> None:
    stream = make.Endless(200 * 1_048_576)
    with pytest.raises(files.FileTooLarge) as caught:
        files.store("大.pdf", stream, PLATFORM, AT, limit=2 * 1_048_576)
    assert "2 MB" in caught.value.message
    assert stream.taken <= 2 * 1_048_576 + vault.CHUNK
    assert not [path for path in folder.rglob("*") if path.is_file()]


def test_the_limit_is_fifty_megabytes() -> None:
    assert files.max_bytes(AT) == 50 * 1_048_576


def test_a_refused_file_leaves_nothing(folder: Path) -> None:
    with pytest.raises(FileRefused):
        put(make.infected(), "a.pdf")
    assert not [path for path in folder.rglob("*") if path.is_file()]
    assert not files.StoredFile.objects.exists()


def damage(folder: Path, digest: str, change) -> None:
    path = vault.path_of(folder, digest)
    path.write_bytes(change(path.read_bytes()))


CHANGES = {
    "one bit": lambda b: b[:-40] + bytes([b[-40] ^ 1]) + b[-39:],
    "cut off": lambda b: b[:-1],
    "last chunk gone": lambda b: b[: vault.HEAD + vault.CHUNK + vault.TAG],
    "emptied": lambda b: b"",
    "head only": lambda b: b[: vault.HEAD],
    "more behind": lambda b: b + bytes(100),
    "plain text": lambda b: b"%PDF-1.7 hello" * 100,
}


@pytest.mark.parametrize("how", CHANGES)
def test_a_file_changed_on_the_disk_gives_a_clear_error(folder: Path, how: str) -> None:
    stored = put(make.pdf(b"%" + bytes(150_000) + b"\n"), "a.pdf")
    damage(folder, stored.digest, CHANGES[how])
    with pytest.raises(files.FileDamaged) as caught:
        files.open_file(stored.digest)
    assert "损坏" in caught.value.message


def test_a_file_put_in_the_place_of_another_is_noticed(folder: Path) -> None:
    a, b = put(make.pdf(), "a.pdf"), put(make.png(), "b.png")
    vault.path_of(folder, a.digest).write_bytes(vault.path_of(folder, b.digest).read_bytes())
    with pytest.raises(files.FileDamaged):
        files.open_file(a.digest)


def test_handing_it_in_again_heals_a_damaged_file(folder: Path) -> None:
    stored = put(make.pdf(), "a.pdf")
    damage(folder, stored.digest, CHANGES["cut off"])
    put(make.pdf(), "a.pdf")
    with files.open_file(stored.digest) as file:
        assert file.read() == make.pdf()


@pytest.mark.parametrize("digest", ["", "../../../etc/passwd", "0" * 63, "G" * 64, "a" * 64])
def test_no_digest_leads_out_of_the_folder(digest: str) -> None:
    with pytest.raises(files.FileMissing):
        files.open_file(digest)


def test_the_test_virus_is_found_even_across_two_chunks() -> None:
    for offset in (0, vault.CHUNK - 30):
        with pytest.raises(FileRefused) as caught:
            put(make.pdf(b"%" + b"x" * offset + EICAR + b"\n"), "a.pdf")
        assert caught.value.code == "file_infected"


def test_a_scanner_is_asked_and_heeded(settings) -> None:
    settings.FILES_SCANNERS = [f"{__name__}.finds_something"]
    with pytest.raises(FileRefused, match=r"Test\.Worm"):
        put(make.pdf(), "a.pdf")


def finds_something(chunks) -> str:
    return "Test.Worm" if b"%PDF" in b"".join(chunks) else ""


class Clamd:
    """The other end of clamd's socket: takes INSTREAM, answers what it is told to."""

    def __init__(self, answer: bytes) -> None:
        self.answer, self.received = answer, b""

    def __enter__(self):
        return self

    def __exit__(self, *args: object) -> None: ...

    def sendall(self, data: bytes) -> None:
        self.received += data

    def recv(self, size: int) -> bytes:
        answer, self.answer = self.answer, b""
        return answer


@pytest.mark.parametrize(
    ("answer", "found"),
    [(b"stream: OK\0", ""), (b"stream: Win.Test.EICAR_HDB-1 FOUND\0", "Win.Test.EICAR_HDB-1")],
)
def test_clamd_is_spoken_to_in_its_own_words(settings, monkeypatch, answer: bytes, found: str) -> None:
    settings.FILES_CLAMD = "127.0.0.1:3310"
    link = Clamd(answer)
    monkeypatch.setattr(clamd, "connect", lambda address: link)
    assert clamd.scan([b"abc", b"de"]) == found
    assert link.received == b"zINSTREAM\0\0\0\0\x03abc\0\0\0\x02de\0\0\0\0"


@pytest.mark.parametrize("answer", [b"", b"INSTREAM size limit exceeded. ERROR\0"])
def test_a_scanner_without_a_verdict_lets_nothing_in(settings, monkeypatch, answer: bytes) -> None:
    settings.FILES_CLAMD = "127.0.0.1:3310"
    monkeypatch.setattr(clamd, "connect", lambda address: Clamd(answer))
    with pytest.raises(ScannerAway):
        clamd.scan([b"abc"])


def test_drafts_left_over_can_be_found_and_forgotten() -> None:
    lin = actor_named("lin")
    old = put(make.pdf(), "a.pdf", lin)
    fresh = put(make.png(), "b.png", lin, AT + timedelta(days=40))
    rows = list(files.unreferenced(AT + timedelta(days=30)))
    assert rows == [old]
    assert files.purge(rows) == 1
    assert not vault.path_of(root(), old.digest).exists()
    assert list(files.StoredFile.objects.all()) == [fresh]
    assert Upload.objects.count() == 1


def test_a_draft_handed_in_again_lately_is_kept() -> None:
    lin = actor_named("lin")
    put(make.pdf(), "a.pdf", lin)
    put(make.pdf(), "a.pdf", lin, AT + timedelta(days=40))
    assert not files.unreferenced(AT + timedelta(days=30)).exists()


def test_what_nobody_used_is_forgotten_after_a_month(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "_kept", [])
    files.keep_while(Q(uploads__account__username="wu"))
    lin, wu, clerk = actor_named("lin"), actor_named("wu"), actor_named("chen")
    unused = put(make.pdf(), "a.pdf", lin)
    letter = put(make.png(), "letter.png", clerk)
    kept = put(make.jpeg(), "c.jpg", wu)
    agent, mother = person("林晓燕"), person("王桂芳")
    identity.grant_representation(
        agent=agent, principal_person=mother, actor=PLATFORM, at=AT, evidence=letter.digest
    )
    assert files.forget_left_over(AT + timedelta(days=30)) == 0
    assert files.forget_left_over(AT + timedelta(days=31)) == 1
    assert set(files.StoredFile.objects.all()) == {letter, kept}
    assert not vault.path_of(root(), unused.digest).exists()


def test_the_sweeps_are_repeated_duties() -> None:
    outbox.run_due_duties(AT)
    assert {"files.sweep_incoming", "files.forget_left_over"} <= {row.name for row in outbox.schedules()}
