"""Publishing stage plans."""

import json
from datetime import date, datetime
from hashlib import sha256

from django.db import transaction

from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid
from yimen.modules.projects.content import StagePlanContent
from yimen.modules.projects.models import StagePlan
from yimen.modules.projects.services.planning import items_named


def publish_plan(
    code: str, content: StagePlanContent, valid_from: date, actor: Actor, at: datetime
) -> StagePlan:
    """Publish a version of a stage plan; the one before ends the day it begins. The same content again changes nothing.

    Raises:
        Invalid: an item or a lead department that the platform does not know.
    """
    _check_names(content)
    plain = content.model_dump(mode="json")
    digest = sha256(json.dumps(plain, ensure_ascii=False, sort_keys=True).encode()).hexdigest()
    with transaction.atomic():
        last = StagePlan.objects.select_for_update().filter(code=code).order_by("-version").first()
        if last is not None and last.digest == digest and last.valid_to is None:
            return last
        if last is not None:
            last.valid_to = max(valid_from, last.valid_from)
            last.save(update_fields=["valid_to"])
        made = StagePlan.objects.create(
            code=code, version=last.version + 1 if last else 1, content=plain, digest=digest,
            valid_from=valid_from, published_at=at,
        )  # fmt: skip
        trace.append("stage_plan", code, "publish", actor, at, note=f"{content.name} 第{made.version}版")
    return made


def _check_names(content: StagePlanContent) -> None:
    wanted = [item.item for stage in content.stages for item in stage.items]
    known = items_named(wanted)
    if unknown := [code for code in wanted if code not in known]:
        sentence = f"没有这些事项：{'、'.join(unknown)}。请核对事项编码。"
        raise Invalid(sentence, fields={"stages": sentence})
    leads = {stage.lead for stage in content.stages}
    if missing := sorted(leads - orgs.organisations_with_codes(leads).keys()):
        sentence = f"没有这些牵头部门：{'、'.join(missing)}。请核对机构编码。"
        raise Invalid(sentence, fields={"stages": sentence})
