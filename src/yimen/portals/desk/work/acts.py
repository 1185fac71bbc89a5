"""What the form of each act shows: choices from the standard, limits of the law, who approves."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.portals.desk.work.payloads import FORM_PREFIX, form_of_application
from yimen.portals.desk.work.wordings import REASONS

LAWFUL = {
    "hearing": "听证", "tender": "招标", "auction": "拍卖", "inspection": "检验", "testing": "检测",
    "quarantine": "检疫", "appraisal": "鉴定", "expert_review": "专家评审",
}  # fmt: skip
"""行政许可法第四十五条."""
ORDER = (
    "decide", "pass_step", "accept", "deliver", "correct", "supply", "resume", "check_promise", "request_correction",
    "refuse_acceptance", "return_step", "suspend", "extend", "terminate", "revoke", "withdraw", "submit",
)  # fmt: skip
"""What is most likely next stands first."""
USUAL = frozenset({"decide", "pass_step", "accept", "deliver"})
"""Their form is open at once; the others open when chosen."""
KEYS = {
    "accept": "a", "request_correction": "b", "refuse_acceptance": "n", "pass_step": "p", "decide": "d",
    "deliver": "f", "suspend": "s", "resume": "r", "extend": "e", "return_step": "t", "correct": "c", "supply": "u",
    "check_promise": "h", "terminate": "z", "revoke": "v", "withdraw": "w",
}  # fmt: skip
ENDING = frozenset({"decide", "refuse_acceptance", "terminate", "withdraw"})
"""What these do to other cases of the same application is said before they are done."""
ICONS = {
    "accept": "check", "request_correction": "list-checks", "refuse_acceptance": "ban", "pass_step": "check",
    "decide": "stamp", "deliver": "hand-helping", "suspend": "circle-pause", "resume": "clock", "extend": "calendar-days",
    "return_step": "undo-2", "correct": "files", "supply": "files", "check_promise": "shield-check", "terminate": "x", "revoke": "ban",
    "withdraw": "undo-2",
}  # fmt: skip


def buttons_of(possible: list[str], case: cases.Case, actor: Actor) -> list[dict[str, str]]:
    """The acts possible now — these and no others — the likeliest first.

    Deciding stands first only when it is this actor's turn: while steps wait for their opinion, passing them does.
    """
    order = list(ORDER)
    if "pass_step" in possible and my_steps(case, actor):
        order.remove("pass_step")
        order.insert(0, "pass_step")
    if case.state == cases.CaseState.SUBMITTED:
        order.remove("decide")
        order.insert(order.index("accept") + 1, "decide")
    return [
        {
            "name": name, "label": label_of(name, case), "key": KEYS.get(name, ""),
            "icon": ICONS.get(name, "circle"), "clause": cases.MACHINE.steps[name].clause,
        }
        for name in sorted(possible, key=lambda n: order.index(n) if n in order else 99)
    ]  # fmt: skip


def label_of(name: str, case: cases.Case) -> str:
    """The button's words: in one thing of several departments a correction is only put forward."""
    if name == "request_correction" and case.application.joint:
        return "提出补正意见"
    return cases.MACHINE.steps[name].label


def my_steps(case: cases.Case, actor: Actor) -> list[dict[str, Any]]:
    """Open review steps that this actor's post may pass."""
    plan = {s.code: s for s in case.published.content.steps}
    mine = []
    for code in cases.open_reviews(case.published.content.steps, case.flow):
        step = plan[code]
        if actor.posts and step.post not in actor.posts:
            continue
        signed = case.flow[code].get("by", [])
        mine.append(
            {
                "value": code, "label": step.name, "points": step.points, "officers": step.officers,
                "signed": len(signed), "by_me": actor.account_id in signed,
            }
        )  # fmt: skip
    return mine


def shown_for(
    name: str, case: cases.Case, actor: Actor, typed: Mapping[str, Any], at: datetime
) -> dict[str, Any]:
    """What the form of one act reads beside the case."""
    content = case.published.content
    basis = [f"《{b.law}》{b.article}" for b in content.basis[:8]]
    context: dict[str, Any] = {"reasons": REASONS, "basis": basis}
    if name in ENDING and case.application.joint:
        context["effects"] = cases.effects_of_ending(case)
    if name == "pass_step":
        context["steps"] = my_steps(case, actor)
    elif name == "return_step":
        passed = [s for s in content.steps if case.flow.get(s.code, {}).get("s") == "passed"]
        context["passed"] = [(s.code, s.name) for s in passed]
    elif name == "suspend":
        context["procedures"] = _procedures(case)
    elif name == "extend":
        context["allowed"] = cases.extension_of(content.legal_limit)
    elif name in ("request_correction", "supply", "correct"):
        context["lines"] = _lines(name, case, typed, at)
        if name == "correct":
            context |= _form_to_correct(case, typed, at)
    return context


def _procedures(case: cases.Case) -> list[dict[str, str]]:
    own = [p for p in case.published.content.special_procedures if p.excluded]
    found = [
        {
            "value": p.code, "label": p.name,
            "hint": p.clause + (f"，{p.limit.amount}个工作日" if p.limit and p.limit.unit == "working_day" else ""),
        }
        for p in own
    ]  # fmt: skip
    known = {p.code for p in own}
    return found + [
        {"value": code, "label": label, "hint": ""}
        for code, label in LAWFUL.items()
        if code not in known and not own
    ]


def _lines(name: str, case: cases.Case, typed: Mapping[str, Any], at: datetime) -> list[dict[str, Any]]:
    """The requirements that a form lists, each with its state and what is typed for it."""
    content = case.published.content
    rows = list(cases.Material.objects.filter(case=case).exclude(state="replaced").order_by("id"))
    held = {row.requirement: row for row in rows}
    required = {m.code for m in cases.required_materials(content, case.application.facts(at))}
    if name == "supply":
        wanted = [m for m in content.materials if m.code in held and held[m.code].state == "owed"]
    elif name == "correct":
        told = {line["requirement"] for line in _notice(case)}
        wanted = [m for m in content.materials if m.code in told]
    else:
        wanted = [m for m in content.materials if m.code in required or m.code in held]
    chosen = set(typed.getlist("missing")) if hasattr(typed, "getlist") else set()
    reasons = {line["requirement"]: line["reason"] for line in _notice(case)}
    lines = []
    for m in wanted:
        row = held.get(m.code)
        spared = m.kind == "form" and bool(content.form.sections)
        lacking = row is None and not spared and not any(s.kind == "shared_data" for s in m.sources)
        lines.append(
            {
                "code": m.code, "name": m.name, "row": row, "lacking": lacking, "told": reasons.get(m.code, ""),
                "checked": m.code in chosen if typed else lacking,
                "reason": typed.get(f"reason-{m.code}", f"未提交{m.name}，请补交。" if lacking else ""),
            }
        )  # fmt: skip
    if name == "request_correction":
        lines.append(
            {
                "code": "form", "name": "申请表填写内容", "row": None, "lacking": False, "told": reasons.get("form", ""),
                "checked": "form" in chosen, "reason": typed.get("reason-form", ""),
            }
        )  # fmt: skip
    return lines


def _notice(case: cases.Case) -> list[dict[str, str]]:
    found = cases.last_notice(case).get("missing") or []
    return [line for line in found if isinstance(line, dict)] if isinstance(found, list) else []


def _form_to_correct(case: cases.Case, typed: Mapping[str, Any], at: datetime) -> dict[str, Any]:
    """The form to be corrected, where the notice named it."""
    if not any(line["requirement"] == "form" for line in _notice(case)):
        return {}
    definition = form_of_application(case)
    stored = case.application.form
    values = forms.posted_values(definition, typed, FORM_PREFIX) if typed else stored  # type: ignore[arg-type]
    on = at.astimezone(CHINA).date()
    body = forms.render_form(
        definition,
        {**stored, **values},
        {},
        FORM_PREFIX,
        known=case.application.facts(at),
        divisions=forms.division_choices(f"{case.division[:6]}000000", on),
        summary=False,
    )
    return {"form_body": body}
