"""Documents made from the form, for the applicant: PDF to sign, Word to go on writing."""

from urllib.parse import quote

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from yimen.foundation.trace import api as trace
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import NotFound
from yimen.modules.registration.papers import render_deed
from yimen.modules.registration.queries.filings import filing_of

TYPES = {
    "pdf": "application/pdf",
    "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
}


@require_GET
@access(SIGNED_IN)
def filing(request: HttpRequest, number: str) -> HttpResponse:
    """The list of documents of one application."""
    context = {"filing": filing_of(number, actor_of_request(request)), "nav_current": "hall:my"}
    return render(request, "registration/filing.html", context)


@require_GET
@access(SIGNED_IN)
def deed(request: HttpRequest, number: str, deed: str, form: str) -> HttpResponse:
    """One document; the same form gives the same file. Whoever fetched it is in the trace: it names people."""
    if form not in TYPES:
        raise NotFound("只有 pdf 和 docx 两种格式。")
    actor = actor_of_request(request)
    found = filing_of(number, actor)
    wanted = next((one for one in found.deeds if one.code == deed), None)
    if wanted is None:
        raise NotFound("这份申请没有这个文件。")
    trace.record_reading(actor, "application", found.number, f"下载{wanted.title[:60]}", now())
    response = HttpResponse(render_deed(wanted, found.on, form), content_type=TYPES[form])
    name = quote(f"{wanted.title}.{form}")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{name}"
    return response
