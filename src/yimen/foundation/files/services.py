"""Taking a file in: sealed while it streams, checked, kept once. The only place that writes."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Protocol

from django.db import transaction
from django.db.models import ProtectedError

from yimen.foundation.files import rules, vault
from yimen.foundation.files.errors import FileRefused, FileTooLarge
from yimen.foundation.files.kinds import Kind
from yimen.foundation.files.limits import key, max_bytes, root
from yimen.foundation.files.models import StoredFile, Upload
from yimen.foundation.files.names import clean_name, extension_of
from yimen.foundation.files.places import place
from yimen.foundation.files.queries import unreferenced
from yimen.foundation.files.scanners import scanners
from yimen.foundation.params import api as params
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA

UPLOADED = "upload"
MOST_AT_ONCE = 2000
LEFT_OVER_DAYS = params.declare(
    "files.left_over_days",
    30,
    "上传后没有用上的文件保留天数",
    "个人信息保护法第十九条：保存期限应当为实现处理目的所必要的最短时间",
)


class Stream(Protocol):
    """Anything that gives bytes piece by piece: an upload, an open file, a BytesIO."""

    def read(self, size: int = ..., /) -> bytes: ...


def store(
    name: str,
    stream: Stream,
    actor: Actor,
    at: datetime,
    *,
    origin: str = UPLOADED,
    limit: int | None = None,
) -> StoredFile:
    """Take a file in. Equal content is kept once; each person who hands it in may use it.

    Args:
        name: the file name as the person wrote it; paths and odd characters are taken out.
        stream: the content; read once, piece by piece, never more than the limit and one piece.
        actor: who hands it in.
        at: when, aware UTC.
        origin: upload, scan, shared, platform.
        limit: the most bytes, default ``max_bytes(at)``.

    Raises:
        FileTooLarge, FileRefused: with a sentence for the person.
        ScannerAway: the virus scanner does not answer.
        FilesAway: the store of the files does not answer; nothing was recorded.
    """
    most = max_bytes(at) if limit is None else limit
    writer = vault.Writer(root(), key())
    try:
        while piece := stream.read(vault.CHUNK):
            if writer.size + len(piece) > most:
                raise FileTooLarge(most)
            writer.write(piece)
        digest = writer.finish()
        shown = clean_name(name)
        kind = _examine(writer, shown)
        if not extension_of(shown):
            shown = f"{shown}.{kind.extensions[0]}"
        place().keep(writer.done(), digest)
        return _record(digest, shown, writer.size, kind, actor, at, origin)
    finally:
        writer.drop()


def _examine(writer: vault.Writer, name: str) -> Kind:
    with writer.reader() as file:
        for scan in scanners():
            file.seek(0)
            if found := scan(vault.pieces(file)):
                raise FileRefused(
                    f"文件里查出病毒（{found}），没有上传；请先在本机查杀，换一份干净的文件。",
                    code="file_infected",
                )
        return rules.check_content(file, writer.size, name)


def _record(
    digest: str, name: str, size: int, kind: Kind, actor: Actor, at: datetime, origin: str
) -> StoredFile:
    with transaction.atomic():
        stored, _ = StoredFile.objects.get_or_create(
            digest=digest,
            defaults={
                "name": name,
                "size": size,
                "media_type": kind.media_type,
                "stored_at": at,
                "uploaded_by_id": actor.account_id,
                "origin": origin,
            },
        )
        if actor.account_id is not None:
            Upload.objects.update_or_create(
                file=stored, account_id=actor.account_id, defaults={"name": name, "uploaded_at": at}
            )
    return stored


def purge(files: Sequence[StoredFile]) -> int:
    """Forget files that nothing refers to (see ``queries.unreferenced``); give how many went.

    The row goes first: a file that somebody began to refer to meanwhile is protected by its foreign key.
    """
    gone = 0
    for stored in files:
        try:
            with transaction.atomic():
                StoredFile.objects.filter(pk=stored.pk).delete()
                place().remove(stored.digest)
        except ProtectedError:
            continue
        gone += 1
    return gone


def forget_left_over(at: datetime) -> int:
    """Forget uploads that were never used for ``files.left_over_days`` days; how many went, so many at once at most.

    What somebody put into a draft stays as long as there is a draft (see ``queries.keep_while``).
    """
    days = int(params.value(LEFT_OVER_DAYS.code, on=at.astimezone(CHINA).date()))
    old = unreferenced(at - timedelta(days=days)).filter(origin=UPLOADED)
    return purge(list(old.order_by("stored_at", "pk")[:MOST_AT_ONCE]))


def sweep_incoming(at: datetime) -> int:
    """Remove uploads that a dead process left half-written more than a day ago; give how many."""
    return vault.sweep(root(), (at - timedelta(days=1)).timestamp())
