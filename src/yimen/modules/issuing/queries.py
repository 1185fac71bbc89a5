"""Finding papers."""

from collections.abc import Iterable

from yimen.foundation.documents.api import check_verification_code
from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotFound
from yimen.modules.cases import api as cases
from yimen.modules.issuing.models import Document


def documents_of(applications: Iterable[int]) -> list[Document]:
    """The papers of applications, oldest first, in one statement."""
    rows = Document.objects.filter(application_id__in=list(applications)).select_related(
        "organisation", "case"
    )
    return list(rows.order_by("issued_at", "id"))


def readable_document(code: str, actor: Actor) -> Document:
    """A paper the actor may read: whoever sees its case.

    Raises:
        NotFound: unknown or not the actor's.
    """
    document = (
        Document.objects.select_related("file", "application", "case").filter(verification_code=code).first()
    )
    if document is None or not _may_read(document, actor):
        raise NotFound("没有找到这份文书，或者您无权查看。")
    return document


def _may_read(document: Document, actor: Actor) -> bool:
    """Never the sentence of the case itself: it would tell a guesser that the code exists, and the case's number."""
    try:
        if document.case is not None:
            cases.case_with_number(document.case.number, actor)
        else:
            cases.application_with_number(document.application.number, actor)
    except NotFound:
        return False
    return True


def verified(code: str) -> Document | None:
    """What anybody may learn of a code printed on a paper: kind, number, who issued it and when.

    Raises:
        Invalid: the code itself is mistyped; the sentence says how.
    """
    plain = check_verification_code(code)
    rows = Document.objects.select_related(
        "organisation", "application__person", "application__entity", "case", "file"
    )
    return rows.filter(verification_code=plain).first()
