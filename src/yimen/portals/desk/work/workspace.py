"""What the workspace shows of one case, in a handful of statements."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.forms import api as forms
from yimen.modules.issuing import api as issuing
from yimen.portals.desk.lists.inbox import Left, left_of_clock
from yimen.portals.desk.work.payloads import form_of_application
from yimen.portals.desk.work.thing import openable_of, thing_of

VIEWS = (("file", "材料和申请表"), ("course", "办理经过"), ("time", "时间账"), ("papers", "文书"))
CHANNELS = {
    "window": "窗口", "online": "网上", "mobile": "手机", "kiosk": "自助机", "courier": "邮寄", "api": "接口", "system": "系统",
}  # fmt: skip
TONES = {
    "granted": "done", "delivered": "done", "refused": "late", "not_accepted": "late", "correction_requested": "soon",
}  # fmt: skip
BESIDE_THE_TABLE = {
    "give_opinion": "答复征求意见", "propose_correction": "提出补正意见，待汇总", "replace_material": "同步更换材料",
}  # fmt: skip
"""Acts in the trace that are no row of the table."""
TOLD_ELSEWHERE = '"told_in"'
"""In the data of a notice of correction: its lines stand on the paper of another case of the same application."""
WITH_PAPER = {
    "request_correction", "accept", "refuse_acceptance", "suspend", "extend", "deliver", "terminate", "withdraw", "decide",
}  # fmt: skip


@dataclass(kw_only=True)
class Sheet:
    """One material of the case: the requirement with what stands for it."""

    code: str
    name: str
    rows: list[cases.Material] = field(default_factory=list)
    spared: str = ""
    main: bool = True

    @property
    def state(self) -> str:
        if not self.rows:
            return "spared" if self.spared else "missing"
        states = {row.state for row in self.rows}
        return "rejected" if "rejected" in states else "owed" if "owed" in states else "provided"


def sheets_of(case: cases.Case, at: datetime) -> list[Sheet]:
    """Every requirement that applies, and every thing handed in, in the order of the guide: one statement."""
    content = case.published.content
    rows = (
        cases.Material.objects.filter(case=case)
        .exclude(state="replaced")
        .select_related("file")
        .order_by("id")
    )
    held: dict[str, list[cases.Material]] = {}
    for row in rows:
        held.setdefault(row.requirement, []).append(row)
    required = {m.code for m in cases.required_materials(content, case.application.facts(at))}
    sheets = []
    for m in content.materials:
        if m.code not in required and m.code not in held:
            continue
        spared = "由申请表代替" if m.kind == "form" and content.form.sections else ""
        shared = next((s.name for s in m.sources if s.kind == "shared_data"), "")
        spared = spared or (f"从“{shared}”核对" if shared else "")
        sheets.append(Sheet(code=m.code, name=m.name, rows=held.pop(m.code, []), spared=spared, main=m.main))
    return sheets + [Sheet(code=code, name=left[0].name, rows=left) for code, left in held.items()]


def form_of(case: cases.Case, at: datetime, *, masked: bool) -> list[forms.PresentedSection]:
    """The filled form in words, with the answers to the situation questions first."""
    values = case.application.form
    on = at.astimezone(CHINA).date()
    definition = form_of_application(case)
    sections = forms.present(
        definition,
        values,
        case.application.facts(at),
        masked=masked,
        division_name=place_names(on),
    )
    questions = tuple(
        forms.PresentedField(element=q.code, label=q.question, text=str(values[q.code]))
        for q in case.published.content.situations
        if q.code in values
    )
    first = [forms.PresentedSection(title="情形", fields=questions)] if questions else []
    return first + sections


def place_names(on: date) -> Callable[[str], str]:
    """Names of division codes, each asked for once."""
    known: dict[str, str] = {}

    def name(code: str) -> str:
        if code not in known:
            known[code] = orgs.division_named(code, on) if code.isdigit() else code
        return known[code]

    return name


@dataclass(frozen=True, kw_only=True)
class Running:
    """One clock of the case as the page shows it."""

    clock: deadlines.Clock
    left: Left


def clocks_of(case: cases.Case, at: datetime) -> list[Running]:
    """Open clocks first, the soonest first; one statement for the case, one for its steps."""
    found = list(deadlines.clocks_of("case", [case.number])[case.number])
    keys = [f"{case.number}:{code}" for code in case.flow]
    for row in deadlines.clocks_of("case_step", keys).values() if keys else ():
        found += [clock for clock in row if clock.is_open]
    found.sort(key=lambda c: (not c.is_open, c.due_at is None, c.due_at or c.started_at, c.pk))
    return [Running(clock=clock, left=left_of_clock(clock, at)) for clock in found]


def course_of(case: cases.Case) -> list[dict[str, Any]]:
    """The trace as a timeline, newest first."""
    events = list(trace.events_of("case", case.number))
    shown = []
    for event in reversed(events):
        step = cases.MACHINE.steps.get(event.act)
        shown.append(
            {
                "at": event.at, "title": step.label if step else BESIDE_THE_TABLE.get(event.act, event.act),
                "who": f"{event.actor_name}（{CHANNELS.get(event.channel, event.channel)}）", "note": event.note,
                "clause": event.clause, "tone": TONES.get(event.to_state, ""), "sequence": event.sequence,
                "paper": event.act in WITH_PAPER and TOLD_ELSEWHERE not in (event.data or ""),
            }
        )  # fmt: skip
    return shown


def steps_of(case: cases.Case) -> list[dict[str, str]]:
    """The review steps with how far each is."""
    shown = []
    words = {"passed": "done", "open": "current", "waiting": "todo", "skipped": "todo"}
    for step in case.published.content.steps:
        record = case.flow.get(step.code, {})
        state = str(record.get("s") or "waiting")
        if state == "skipped":
            continue
        signed = len(record.get("by", []))
        note = f"已签{signed}人，共{step.officers}人" if step.officers > 1 and state == "open" else ""
        shown.append({"label": step.name, "state": words.get(state, "todo"), "note": note})
    return shown


def opinions_of(case: cases.Case) -> list[cases.OpinionRequest]:
    """Joint opinions: asked, answered, silent."""
    rows = case.opinions.select_related("organisation", "answered_by").order_by("asked_at", "id")
    return list(rows)


def party_of(case: cases.Case, *, full: bool) -> dict[str, str]:
    """The applicant and whoever stands in, masked unless read in full."""
    application = case.application
    agent = application.agent
    told = {"kind": "entity" if application.entity else "person", "agent": "", "agent_number": ""}
    if application.entity:
        entity = application.entity
        phone = entity.phone if full else entity.masked_phone if entity.phone_sealed else ""
        told |= {"name": entity.name, "number": entity.uscc, "phone": phone}
    elif application.person:
        person = application.person
        told |= (
            {"name": person.name, "number": person.id_number, "phone": person.phone}
            if full
            else {"name": person.masked_name, "number": person.masked_id_number, "phone": person.masked_phone}
        )
    if agent:
        told |= {
            "agent": agent.name if full else agent.masked_name,
            "agent_number": agent.id_number if full else agent.masked_id_number,
        }
    return told


def corrected_at(case: cases.Case) -> datetime | None:
    """When the last correction came in; ``None`` while the first receipt is the only one."""
    return case.received_at if case.received_at != case.application.received_at else None


def siblings_of(case: cases.Case, actor: Actor) -> list[dict[str, Any]]:
    """The other cases of the application, each with whether the actor may open it."""
    rows = case.application.cases.exclude(pk=case.pk).select_related("item", "organisation").order_by("id")
    found = list(rows)
    openable = openable_of(case.application, actor) if found else set()
    return [{"case": other, "openable": other.pk in openable} for other in found]


def context_of(
    case: cases.Case, actor: Actor, at: datetime, view: str, *, full: bool = False
) -> Mapping[str, Any]:
    """What every view of the workspace reads; the costly parts only for the view that shows them."""
    running = clocks_of(case, at)
    context: dict[str, Any] = {
        "case": case,
        "corrected_at": corrected_at(case),
        "application": case.application,
        "content": case.published.content,
        "standard": case.published,
        "party": party_of(case, full=full),
        "full": full,
        "clocks": [r for r in running if r.clock.is_open],
        "stopped": [r for r in running if not r.clock.is_open],
        "steps": (steps := steps_of(case)),
        "waiting_for": [step["label"] for step in steps if step["state"] == "current"],
        "opinions": opinions_of(case),
        "reviewed": case.state in ("accepted", "in_review") and case.steps_done,
        "thing": (thing := thing_of(case, actor)),
        "siblings": [] if thing else siblings_of(case, actor),
        "views": VIEWS,
        "view": view,
        "nav_current": "desk:inbox",
    }
    if view == "file":
        context |= {"sheets": sheets_of(case, at), "sections": form_of(case, at, masked=not full)}
    elif view == "course":
        context["course"] = course_of(case)
    elif view == "papers":
        papers = issuing.documents_of([case.application_id])
        context["papers"] = [p for p in papers if p.case_id in (None, case.pk)]
    return context
