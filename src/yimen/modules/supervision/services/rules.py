"""Write rules: every change is a new version, checked before it is kept, traced; old versions judge what happened in their day."""

from collections.abc import Mapping
from datetime import datetime
from typing import Annotated, Any, Literal

from django.db import transaction
from django.db.models import Q
from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.kernel.validation import invalid_from
from yimen.modules.supervision.models import Rule
from yimen.modules.supervision.queries.rules import latest_rule
from yimen.modules.supervision.rules.facts import DETECTORS
from yimen.modules.supervision.rules.seeds import SEEDS, Seed
from yimen.modules.supervision.rules.spec import problems_of
from yimen.modules.supervision.states import RULES

SUBJECT = "supervision_rule"
Line = Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=200)]
Days = Annotated[int, Field(ge=1, le=60)]


class RuleIn(BaseModel):
    """What a version of a rule says; days are working days."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    code: Annotated[str, StringConstraints(strip_whitespace=True, pattern=r"^[a-z][a-z0-9_]{2,39}$")]
    kind: Literal["time", "procedure", "content", "fee"]
    label: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=60)]
    detector: str = Field(max_length=30)
    condition: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=500)]
    clause: Line
    consequence: Annotated[str, StringConstraints(strip_whitespace=True, min_length=2, max_length=300)]
    colour: Literal["yellow", "red"] = "yellow"
    lead: int = Field(0, ge=0, le=30)
    answerable: bool = True
    division: Annotated[str, StringConstraints(pattern=r"^(\d{12})?$")] = ""
    replaces: Annotated[str, StringConstraints(pattern=r"^([a-z][a-z0-9_]{2,39})?$")] = ""
    statement_days: Days = 3
    decision_days: Days = 5
    appeal_days: Days = 5
    review_days: Days = 10


def save_rule(given: Mapping[str, Any], actor: Actor, at: datetime) -> Rule:
    """Keep a new rule, or the next version of one, switched off; the version in force stays in force.

    Raises:
        NotAllowed: the division lies outside the actor's.
        Invalid: the condition names no known fact, can never hold, or something else does not fit.
    """
    try:
        rule = RuleIn.model_validate(dict(given))
    except ValidationError as error:
        raise invalid_from(error) from error
    _check(rule)
    _reach(actor, rule.division)
    if rule.replaces and not rule.division:
        raise Invalid("代替通用规则的，要写明适用区划。", fields={"division": "请填写12位区划代码。"})
    with transaction.atomic():
        before = Rule.objects.select_for_update().filter(code=rule.code, is_latest=True).first()
        if before is not None:
            _reach(actor, before.division)
        Rule.objects.filter(code=rule.code, is_latest=True).update(is_latest=False)
        version = before.version + 1 if before else 1
        made = Rule.objects.create(
            **rule.model_dump(), version=version, is_latest=True, made_at=at, made_by_name=actor.name[:80]
        )
        changed = _changed(before, rule)
        trace.append(
            SUBJECT,
            rule.code,
            "save_rule",
            actor,
            at,
            clause=rule.clause,
            note=f"第{version}版",
            data=changed,
        )
    return made


def _check(rule: RuleIn) -> None:
    problems = problems_of(rule.detector, rule.condition)
    if problems:
        field = "detector" if problems[0].code == "detector" else "condition"
        known = DETECTORS.get(rule.detector)
        could = "、".join(f.name for f in known.all_facts) if known else ""
        raise Invalid(
            "规则的条件有问题：" + "".join(p.sentence for p in problems),
            fields={field: "".join(p.sentence for p in problems)},
            would_pass=f"这个监察点可以用：{could}。" if could else "",
        )


def may_change(rule: Rule, actor: Actor) -> bool:
    """May the actor write the next version of this rule, or only one of the own division that replaces it there?"""
    try:
        _reach(actor, rule.division)
    except NotAllowed:
        return False
    return True


def local_code(rule: Rule, division: str) -> str:
    """The code of a division's own rule in place of a general one."""
    return f"{rule.code[:26]}_{orgs.prefix_of(division)}"


def _reach(actor: Actor, division: str) -> None:
    if actor == PLATFORM:
        return
    within = any(
        division.startswith(s.division) and s.organisation_id is None and s.centre_id is None
        for s in actor.scopes(RULES)
    )
    if not within:
        raise NotAllowed("您只能编写本辖区的规则，请把适用区划改为本辖区。")


def _changed(before: Rule | None, rule: RuleIn) -> dict[str, Any]:
    if before is None:
        return {"new": rule.model_dump()}
    return {
        name: {"from": getattr(before, name), "to": value}
        for name, value in rule.model_dump().items()
        if getattr(before, name) != value
    }


@transaction.atomic
def switch_on(code: str, actor: Actor, at: datetime) -> Rule:
    """Put the newest version in force from now on; the one before it ends at the same moment.

    Raises:
        NotPossible: it is in force already.
        Invalid: its condition is no longer valid (a fact was taken away since).
    """
    rule = latest_rule(code)
    _reach(actor, rule.division)
    if rule.is_on:
        raise NotPossible("这一版已经启用了。")
    problems = problems_of(rule.detector, rule.condition)
    if problems:
        raise Invalid("规则的条件有问题：" + "".join(p.sentence for p in problems))
    _end(code, at)
    if rule.valid_from is not None:
        rule = _again(rule, actor, at)
    rule.is_on, rule.valid_from, rule.valid_to = True, at, None
    rule.save(update_fields=["is_on", "valid_from", "valid_to"])
    trace.append(SUBJECT, code, "switch_on", actor, at, clause=rule.clause, note=f"第{rule.version}版")
    return rule


def _again(rule: Rule, actor: Actor, at: datetime) -> Rule:
    """A version that was in force before comes back as the next one: a version has one period."""
    Rule.objects.filter(pk=rule.pk).update(is_latest=False)
    rule.pk, rule.version, rule.made_at, rule.made_by_name = None, rule.version + 1, at, actor.name[:80]
    rule._state.adding = True
    rule.is_latest = True
    rule.save(force_insert=True)
    return rule


@transaction.atomic
def switch_off(code: str, actor: Actor, at: datetime) -> int:
    """End the version in force; cards already issued go on."""
    _reach(actor, latest_rule(code).division)
    ended = _end(code, at)
    if not ended:
        raise NotPossible("这条规则没有启用。")
    trace.append(SUBJECT, code, "switch_off", actor, at)
    return ended


def _end(code: str, at: datetime) -> int:
    running = Rule.objects.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at), code=code, is_on=True)
    return running.update(is_on=False, valid_to=at)


def seed_rules(at: datetime) -> int:
    """Put the start set in force where a code is not known yet; those already there stay as the place left them."""
    known = set(Rule.objects.values_list("code", flat=True))
    fresh = [_seeded(seed, at) for seed in SEEDS if seed.code not in known]
    Rule.objects.bulk_create(fresh)
    return len(fresh)


def _seeded(seed: Seed, at: datetime) -> Rule:
    return Rule(
        code=seed.code, kind=seed.kind, label=seed.label, detector=seed.detector, condition=seed.condition,
        clause=seed.clause, colour=seed.colour, lead=seed.lead, answerable=seed.answerable,
        consequence=seed.consequence, is_on=True, valid_from=at, made_at=at, made_by_name="一门平台",
    )  # fmt: skip
