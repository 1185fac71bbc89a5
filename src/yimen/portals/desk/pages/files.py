"""Files: scans taken at the desk, materials of a case, papers."""

from django.http import HttpRequest, JsonResponse
from django.http.response import HttpResponseBase
from django.views.decorators.http import require_GET, require_POST

from yimen.foundation.files import api as files
from yimen.foundation.files.rest import check_rate, file_response, uploaded_file
from yimen.foundation.trace import api as trace
from yimen.kernel.access import access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import NotFound, Refusal
from yimen.modules.cases import api as cases
from yimen.modules.issuing import api as issuing
from yimen.portals.desk.grants import READ


@access(READ)
@require_POST
def upload(request: HttpRequest) -> HttpResponseBase:
    """Take in one scan; the page posts its digest afterwards."""
    actor = actor_of_request(request)
    try:
        check_rate(actor, now())
        sent = uploaded_file(request)
        with sent:
            sent.seek(0)
            stored = files.store(sent.name or "", sent.file, actor, now())  # type: ignore[arg-type]
    except Refusal as refusal:
        return JsonResponse({"detail": refusal.message, "code": refusal.code}, status=400)
    name = files.name_given(stored, actor)
    return JsonResponse(
        {"digest": stored.digest, "name": name, "size": stored.size, "media_type": stored.media_type},
        status=201,
    )


@access(READ)
@require_GET
def material_file(request: HttpRequest, number: str, material: int) -> HttpResponseBase:
    """The file of a material, for whoever may see its case; opening it is recorded as a reading."""
    actor = actor_of_request(request)
    case = cases.case_with_number(number, actor)
    found = cases.Material.objects.filter(pk=material, case=case).select_related("file").first()
    if found is None or found.file is None:
        raise NotFound("没有找到这份材料，可能已经被替换。")
    trace.record_reading(actor, "case", case.number, f"查看材料：{found.name}"[:200], now())
    return file_response(found.file, inline="save" not in request.GET)


@access(READ)
@require_GET
def paper(request: HttpRequest, code: str) -> HttpResponseBase:
    """A paper issued in a case, as PDF."""
    document = issuing.readable_document(code, actor_of_request(request))
    return file_response(document.file, inline="save" not in request.GET, name=f"{document.title}.pdf")


@access(READ)
@require_GET
def paper_of_act(request: HttpRequest, number: str, sequence: int) -> HttpResponseBase:
    """The paper that an act requires, made now if the worker has not come to it yet."""
    case = cases.case_with_number(number, actor_of_request(request))
    if not trace.events_of("case", case.number).filter(sequence=sequence).exists():
        raise NotFound("没有这一步记录。")
    papers = issuing.issue_for_act(case.pk, sequence)
    if not papers:
        raise NotFound("这一步不用出具文书。")
    return file_response(papers[0].file, inline=True, name=f"{papers[0].title}.pdf")
