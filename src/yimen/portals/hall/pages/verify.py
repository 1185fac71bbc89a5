"""Is this paper true? Anybody may ask: by the code printed on it, or with the file itself."""

import hashlib
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from yimen.foundation.documents import api as documents
from yimen.foundation.files.rest import uploaded_file
from yimen.kernel.access import PUBLIC, access
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, Refusal, TooMany
from yimen.modules.cases import api as cases
from yimen.modules.issuing import api as issuing
from yimen.portals.hall import rates
from yimen.portals.hall.pages.reading import address_of, text_of

PER_ADDRESS, AN_HOUR = 60, 3600
PIECE = 1_048_576


@require_http_methods(["GET", "POST"])
@access(PUBLIC)
def verify(request: HttpRequest, code: str = "") -> HttpResponse:
    """The question, the answer by code, and the comparison with an uploaded file."""
    typed = text_of(request, "code", 40) or code[:40]
    if not code and typed and request.method == "GET":
        return redirect("hall:verify_code", code=_plain(typed))
    context: dict[str, Any] = {"typed": typed, "nav_current": "hall:verify"}
    try:
        if typed or request.method == "POST":
            rates.count(f"verify.from.{address_of(request)}", PER_ADDRESS, AN_HOUR, now())
        document = issuing.verified(typed) if typed else None
        context |= _told(document, typed)
        if request.method == "POST":
            context |= _compared(request, document)
    except TooMany as refusal:
        return render(request, "hall/verify.html", context | {"mistyped": refusal.message}, status=429)
    except Invalid as wrong:
        return render(request, "hall/verify.html", context | {"mistyped": wrong.message}, status=422)
    except Refusal as refusal:
        return render(request, "hall/verify.html", context | {"file_error": refusal.message}, status=422)
    status = 404 if context.get("unknown") else 200
    return render(request, "hall/verify.html", context, status=status)


def _plain(typed: str) -> str:
    """An address can carry any text but a slash; the page says what is wrong with the rest."""
    return typed.replace("/", "").replace("\\", "") or "-"


def _told(document: issuing.Document | None, typed: str) -> dict[str, Any]:
    if document is None:
        return {"unknown": bool(typed)}
    case = document.case
    item = case.published.content.name if case else ""
    if case is None:
        names = cases.Case.objects.filter(application=document.application).order_by("id")
        item = "、".join(names.values_list("item__name", flat=True))
    return {
        "document": document,
        "item": item,
        "addressee": document.application.applicant_label,
        "case": case,
        "state": cases.STATE_LABELS[cases.CaseState(case.state)] if case else "",
        "shown_code": documents.shown_code(document.verification_code),
    }


def _compared(request: HttpRequest, document: issuing.Document | None) -> dict[str, Any]:
    """Compare the file's content, byte for byte, with what was issued; nothing of it is kept."""
    digest = hashlib.sha256()
    with uploaded_file(request) as upload:
        upload.seek(0)
        while piece := upload.read(PIECE):
            digest.update(piece)
    if document is not None:
        return {"same": document.file.digest == digest.hexdigest(), "compared": True}
    rows = issuing.Document.objects.select_related(
        "organisation", "application__person", "application__entity", "case", "file"
    )
    found = rows.filter(file__digest=digest.hexdigest()).first()
    return {"compared": True, "same": found is not None, "unknown": False} | (
        _told(found, "") if found else {}
    )
