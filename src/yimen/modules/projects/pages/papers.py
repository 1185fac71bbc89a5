"""The files of a pre-review, for whoever sees the project."""

from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_GET

from yimen.foundation.files.rest import file_response
from yimen.foundation.trace import api as trace
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.clock import now
from yimen.kernel.errors import NotFound
from yimen.modules.projects import api as projects
from yimen.modules.projects.models import PreReviewMaterial


@access(SIGNED_IN)
@require_GET
def early_material(request: HttpRequest, code: str, key: int) -> HttpResponseBase:
    """One file handed in with a pre-review; its reading is kept in the trace."""
    actor = actor_of_request(request)
    project = projects.project_with_code(code, actor)
    rows = PreReviewMaterial.objects.filter(pre_review__stage__project=project, pk=min(key, 2**62))
    found = rows.select_related("file").first()
    if found is None:
        raise NotFound("没有找到这份材料。")
    if project.owner_id not in actor.entity_ids:
        trace.record_reading(actor, "project", project.code, f"查看预审材料：{found.name}"[:200], now())
    return file_response(found.file, inline=True)
