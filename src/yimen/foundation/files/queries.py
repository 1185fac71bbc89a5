"""Reading files and what is known of them. Who may read a file is decided by whoever refers to it."""

import io
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from yimen.foundation.files import vault
from yimen.foundation.files.errors import FileMissing
from yimen.foundation.files.limits import key
from yimen.foundation.files.models import StoredFile, Upload
from yimen.foundation.files.places import place
from yimen.foundation.identity import api as identity
from yimen.kernel.actor import Actor


def file_with_digest(digest: str) -> StoredFile:
    """The file with this content digest.

    Raises:
        FileMissing: there is none.
    """
    found = StoredFile.objects.filter(digest=digest).first()
    if found is None:
        raise FileMissing()
    return found


def open_file(digest: str) -> io.BufferedReader:
    """The plain content, to be read and closed by the caller; proven whole before the first byte.

    Raises:
        FileMissing: there is none.
        FileDamaged: it was changed or cut off where it lies.
        FilesAway: the store of the files does not answer.
    """
    return vault.opened(place().open(digest), key(), digest)


def may_use(digest: str, actor: Actor) -> bool:
    """May the actor put this file into an application of theirs? Only what they handed in themselves."""
    if actor.account_id is None:
        return False
    return Upload.objects.filter(file__digest=digest, account_id=actor.account_id).exists()


def usable_files(digests: Iterable[str], actor: Actor) -> dict[str, StoredFile]:
    """Those of these files that the actor handed in, by digest, in one statement."""
    if actor.account_id is None:
        return {}
    own = StoredFile.objects.filter(digest__in=set(digests), uploads__account_id=actor.account_id)
    return {found.digest: found for found in own}


def name_given(stored: StoredFile, actor: Actor) -> str:
    """The name under which this person handed the content in; the first name when they did not."""
    if actor.account_id is None:
        return stored.name
    own = Upload.objects.filter(file=stored, account_id=actor.account_id)
    return own.values_list("name", flat=True).first() or stored.name


_kept: list[Q] = []


def keep_while(condition: Q) -> None:
    """Let files stay for which a condition holds although no table refers to them; declared once, when a folder is loaded.

    Args:
        condition: on ``StoredFile``; a sealed draft, for instance, cannot refer to its files by a foreign key.
    """
    if condition not in _kept:
        _kept.append(condition)


def unreferenced(older_than: datetime) -> QuerySet[StoredFile]:
    """Files handed in before a moment that nothing refers to: left-over drafts.

    Letters of authority (``identity.Representation.evidence``) are named by their digest, not by a foreign key.
    """
    letters = identity.Representation.objects.filter(evidence=OuterRef("digest"))
    rows = StoredFile.objects.filter(~Exists(letters), stored_at__lt=older_than)
    rows = rows.exclude(uploads__uploaded_at__gte=older_than)
    for condition in _kept:
        rows = rows.exclude(condition)
    for relation in StoredFile._meta.related_objects:
        if relation.related_model is not Upload:
            manager = relation.related_model._default_manager
            rows = rows.filter(~Exists(manager.filter(**{relation.field.name: OuterRef("pk")})))
    return rows
