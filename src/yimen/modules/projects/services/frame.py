"""What every act on a project shares: take the row, ask who may, write the chain."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from yimen.foundation.orgs.api import Organisation
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.modules.projects.models import Project, Stage
from yimen.modules.projects.permissions import JOIN, LEAD
from yimen.modules.projects.queries.projects import owns, project_with_code, speaks_for
from yimen.modules.projects.states import EVENT_KIND


def taken(code: str, actor: Actor) -> Project:
    """The project, its row held for this transaction.

    Raises:
        NotFound: unknown or invisible.
    """
    project = project_with_code(code, actor)
    project.state = Project.objects.select_for_update().values_list("state", flat=True).get(pk=project.pk)
    return project


def must_own(actor: Actor, project: Project) -> None:
    """Raises NotAllowed for anybody but the owner's people."""
    if not owns(actor, project):
        raise NotAllowed(
            "只有建设单位可以办这一步。",
            would_pass="请建设单位的经办人登录以后办理，或者请法定代表人授权您。",
        )


def must_be_open(project: Project) -> None:
    """Raises NotPossible when all is done or ended."""
    if not project.is_open:
        raise NotPossible(f"项目{project.state_label}，不能再办理。", code="project_closed")


def leads(actor: Actor, stage: Stage) -> bool:
    """Is the actor of the department that leads the stage?"""
    return speaks_for(actor, stage.lead, LEAD)


def must_lead(actor: Actor, stage: Stage) -> None:
    """Raises NotAllowed for anybody but the lead department."""
    if not leads(actor, stage):
        raise NotAllowed(
            f"这一步由牵头部门{stage.lead.label}办理。",
            would_pass=f"请{stage.lead.label}有牵头权限的人员办理。",
        )


def joins_for(actor: Actor, organisation: Organisation) -> bool:
    """May the actor speak for this organisation in projects?"""
    return speaks_for(actor, organisation, JOIN, LEAD)


def record(
    project: Project,
    act: str,
    actor: Actor,
    at: datetime,
    *,
    note: str,
    clause: str = "",
    to_state: str = "",
    changed: Sequence[str] = (),
    data: Mapping[str, Any] | None = None,
) -> None:
    """Append to the project's chain; keep its head, its state and what else was changed.

    The head is read anew: deciding a case inside the same act may have let the project's stage pass meanwhile.

    Args:
        to_state: the project's state after it; "" = as it is.
        changed: names of fields of the project that the act has set.
    """
    rows = Project.objects.select_for_update().filter(pk=project.pk)
    length, last, before = rows.values_list("trace_length", "trace_head", "state").get()
    head = trace.append(
        EVENT_KIND, project.code, act, actor, at, head=trace.Head(length, last), from_state=before,
        to_state=to_state or before, clause=clause, note=note, data=data,
    )  # fmt: skip
    project.trace_length, project.trace_head, project.state = head.length, head.hash, to_state or before
    project.save(update_fields=["trace_length", "trace_head", "state", *changed])


def plain(text: object, name: str, label: str, *, least: int = 2, most: int = 2000) -> str:
    """A typed sentence without control characters.

    Raises:
        Invalid: too short or too long, beside its field.
    """
    cleaned = "".join(c for c in str(text or "") if c == "\n" or c.isprintable()).strip()
    if not least <= len(cleaned) <= most:
        wanted = f"{label}应当有{least}到{most}个字。" if cleaned else f"请填写{label}。"
        raise Invalid(wanted, fields={name: wanted})
    return cleaned
