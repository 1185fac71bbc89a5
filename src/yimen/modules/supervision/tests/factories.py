"""Test doors of supervision: rules in force, an overdue case with its card, who watches and who answers."""

from datetime import datetime, timedelta
from typing import Any

from yimen.foundation.orgs.api import Organisation
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor, Scope
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, brought_to, make_account
from yimen.modules.items.tests.factories import make_organisation
from yimen.modules.supervision import api as supervision
from yimen.modules.supervision.models import Card, Rule
from yimen.modules.supervision.states import ANSWER, ANSWER_READ, JUDGE, RULES, SCORE, WATCH

LATE = AT + timedelta(days=40)
LONG_AGO = AT - timedelta(days=400)


def supervisor(name: str = "钱督查", division: str = "449901") -> Actor:
    account = make_account(display_name=name, kind="staff")
    scopes = (Scope(division=division),)
    return Actor(
        account_id=account.pk,
        name=name,
        grants={g: scopes for g in (WATCH, JUDGE, RULES, SCORE)},
        channel="window",
    )


def answerer(organisation: Organisation | None = None, name: str = "孙负责") -> Actor:
    organisation = organisation or make_organisation()
    account = make_account(display_name=name, kind="staff")
    scopes = (Scope(organisation_id=organisation.pk),)
    return Actor(
        account_id=account.pk, name=name, organisation_id=organisation.pk,
        grants={g: scopes for g in (ANSWER, ANSWER_READ)}, channel="window",
    )  # fmt: skip


def only(*codes: str, at: datetime = LONG_AGO) -> list[Rule]:
    """The start set in force since long ago, switched off but for these."""
    supervision.seed_rules(at)
    if codes:
        Rule.objects.exclude(code__in=codes).update(is_on=False, valid_from=None)
    return list(Rule.objects.filter(is_on=True))


def overdue_card(**content: Any) -> Card:
    """A red card over a promise broken in review."""
    only("overdue_promised")
    brought_to("in_review", content=content or None)
    supervision.sweep_clocks(LATE)
    return Card.objects.get()


def recorded(case: cases.Case, act: str, at: datetime, **more: Any) -> trace.Event:
    """An event as a connected system hands it in: put at the end of the case's chain, whatever the step table says."""
    case.refresh_from_db()
    values = {"from_state": case.state, "to_state": case.state} | more
    event, head = trace.prepare(
        "case", case.number, act, Actor(account_id=case.application.account_id, name="外部系统", channel="api"), at,
        trace.Head(case.trace_length, case.trace_head), **values,
    )  # fmt: skip
    trace.save([event])
    case.trace_length, case.trace_head = head.length, head.hash
    case.state = values["to_state"]
    case.save()
    return event
