"""The same application twice on one day (重复提交): told by a keyed hash of all that was handed in, one row for each."""

import json
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from yimen.foundation.identity import api as identity
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Conflict
from yimen.modules.cases.models import Application, Material

FORM = "form"
"""The source of papers that the filled form itself stands for: they say nothing that the answers do not."""


def guard_of(
    application: Application,
    codes: Iterable[str],
    answers: Mapping[str, Any],
    materials: Iterable[Material],
    at: datetime,
) -> str:
    """What two identical applications of one day have in common; handed in at once or kept as a draft before.

    Args:
        codes: codes of the items.
        answers: the checked form.
        materials: as built for the cases, each with its file.
    """
    papers = {
        (
            m.case.published.code if m.case else "",
            m.requirement,
            m.source,
            m.file.digest if m.file else m.reference,
        )
        for m in materials
        if m.source != FORM
    }
    body = [
        application.person_id,
        application.entity_id,
        sorted(codes),
        answers,
        sorted(papers),
        f"{at.astimezone(CHINA):%Y-%m-%d}",
    ]
    return identity.keyed_hash(
        json.dumps(body, ensure_ascii=False, sort_keys=True, default=str), "application"
    )


def handed_in_already(guard: str | None) -> Conflict | None:
    """The refusal that names the application which holds this guard; ``None`` when none does."""
    earlier = Application.objects.filter(duplicate_guard=guard).first() if guard else None
    if earlier is None:
        return None
    return Conflict(
        f"同样的申请今天已经提交过了，编号 {earlier.number}，不用重复提交。",
        code="duplicate_application",
        fields={"number": earlier.number},
        would_pass="如需再办一次，请修改申请内容，或者先撤回前一次申请。",
    )
