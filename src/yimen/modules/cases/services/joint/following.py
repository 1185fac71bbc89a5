"""After an act upon one case of a joint application: what it means for the others, in the same transaction."""

from datetime import datetime

from yimen.kernel.actor import PLATFORM
from yimen.modules.cases.models import Application, Case, CaseLink, Material
from yimen.modules.cases.services import clocks
from yimen.modules.cases.services.acts.base import Done, NoPayload, Work
from yimen.modules.cases.services.joint import promising, telling
from yimen.modules.cases.services.settling import settle
from yimen.modules.cases.states import BEFORE_DECISION, MACHINE, UNSUCCESSFUL, CaseState
from yimen.modules.forms import api as forms

FAILED = {
    CaseState.NOT_ACCEPTED: "没有被受理",
    CaseState.REFUSED: "没有获得准予",
    CaseState.WITHDRAWN: "已由申请人撤回",
    CaseState.TERMINATED: "已终止办理",
}


def follow(case: Case, at: datetime) -> None:
    """Let the other cases of a joint application follow what just happened to this one.

    A granted case releases those that waited for it and hands them its result; one that failed ends them or has the
    applicant asked for what it would have supplied. When every department has looked, the one notice of correction goes
    out. The joint promise starts, pauses and stops with the cases; results that go out together start their ten days
    with the last decision.
    """
    if not case.application.joint:
        return
    application = Application.objects.select_for_update().get(pk=case.application_id)
    state = CaseState(case.state)
    if state is CaseState.GRANTED or state in UNSUCCESSFUL:
        for later in _settle_links(case, met=state is CaseState.GRANTED):
            _move_on(later, at)
    telling.tell_when_all_have_looked(application, at)
    promising.follow_joint_promise(application, at)
    if application.together and state not in BEFORE_DECISION:
        _start_common_delivery(application, at)


def _settle_links(case: Case, *, met: bool) -> list[Case]:
    """Mark what waited for this case; returns the waiting cases it concerns, locked."""
    links = CaseLink.objects.filter(earlier=case, state="pending")
    concerned = list(links.values_list("later_id", flat=True))
    if not concerned:
        return []
    links.update(state="met" if met else "failed")
    rows = Case.objects.filter(pk__in=concerned, state=CaseState.WAITING).select_related("application")
    return list(rows.select_for_update(of=("self",)).order_by("id"))


def _move_on(later: Case, at: datetime) -> None:
    """End, release, or leave waiting, as all links of the case say together."""
    links = list(later.waits_for.select_related("earlier").order_by("id"))
    fatal = [link for link in links if link.state == "failed" and link.when_failed == "terminate"]
    if fatal:
        _end(later, fatal[0], at)
    elif all(link.state != "pending" for link in links):
        _release(later, links, at)


def _end(later: Case, link: CaseLink, at: datetime) -> None:
    name, how = link.earlier.published.content.name, FAILED[CaseState(link.earlier.state)]
    reason = f"“{name}”{how}，本事项以它为前提，终止办理；前提满足后可以重新申请。"
    clocks.cancel_all(later, at)
    done = Done(note=reason, clause=link.clause, data={"reason": reason, "because_of": link.earlier.number})
    work = Work(later, PLATFORM, at, NoPayload())
    settle(work, MACHINE.steps["terminate"], done)
    follow(later, at)


def _release(later: Case, links: list[CaseLink], at: datetime) -> None:
    """The later organ has the earlier one's written completion: now it has received the application."""
    names = {m.code: m.name for m in later.published.content.materials}
    said, lacking = [], []
    rows = []
    for link in links:
        earlier = link.earlier
        title = earlier.published.content.name
        supplied = [names[code] for code in link.supplies if code in names]
        if link.state == "met":
            brought = [found.name for code in link.brings if (found := forms.element_named(code))]
            said.append(
                f"“{title}”已办结"
                + (f"，其结果作为“{'”“'.join(supplied)}”" if supplied else "")
                + (f"，带来{'、'.join(brought)}" if brought else "")
            )
            rows += [
                _result_as_material(later, code, names[code], earlier, at)
                for code in link.supplies
                if code in names
            ]
        else:
            said.append(f"“{title}”{FAILED[CaseState(earlier.state)]}")
            lacking += supplied
    if lacking:
        said.append(f"“{'”“'.join(lacking)}”改由申请人提供")
    Material.objects.bulk_create(rows)
    later.received_at = at
    clocks.start(later, [clocks.telling_spec(later)], at)
    clause = next((link.clause for link in links if link.clause), "")
    done = Done(
        note="；".join(said),
        clause=clause,
        data={"after": [link.earlier.number for link in links], "lacking": lacking},
    )
    settle(Work(later, PLATFORM, at, NoPayload()), MACHINE.steps["release"], done)


def _result_as_material(later: Case, code: str, name: str, earlier: Case, at: datetime) -> Material:
    return Material(
        application_id=later.application_id, case=later, requirement=code, name=name, source="result",
        reference=earlier.number, trust="A", handed_in_at=at,
    )  # fmt: skip


def _start_common_delivery(application: Application, at: datetime) -> None:
    rows = application.cases.select_for_update().order_by("id")
    cases = list(rows)
    if any(case.state in BEFORE_DECISION for case in cases):
        return
    for case in cases:
        if case.state in (CaseState.GRANTED, CaseState.REFUSED) and case.due_at is None:
            case.application = application
            clocks.start_delivery(case, at)
            case.save(update_fields=["due_at"])
