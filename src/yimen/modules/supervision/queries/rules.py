"""Reads of rules: in force now, in force when something happened, their versions."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from yimen.foundation.orgs import api as orgs
from yimen.kernel.errors import NotFound
from yimen.modules.supervision.models import Rule, TrialRun
from yimen.modules.supervision.rules.facts import DETECTORS
from yimen.modules.supervision.rules.spec import Finding

LATEST_ARRIVAL = timedelta(days=400)
"""So late an event may arrive and still be judged by the rule of its day."""


def in_force(at: datetime, *sources: str) -> list[Rule]:
    """The rules switched on at a moment, optionally only those over some sources (clocks, chains, sets)."""
    rows = Rule.objects.filter(_holding(at)).order_by("kind", "code")
    return _localised(
        [rule for rule in rows if not sources or DETECTORS[rule.detector].source in sources], at
    )


def _localised(rules: list[Rule], at: datetime) -> list[Rule]:
    """Each rule with the divisions that have one of their own instead: local data goes before the general."""
    own = Rule.objects.filter(_holding(at)).exclude(replaces="").values_list("replaces", "division")
    divisions: dict[str, tuple[str, ...]] = {}
    for code, division in own:
        divisions[code] = (*divisions.get(code, ()), orgs.prefix_of(division))
    for rule in rules:
        rule.without = divisions.get(rule.code, ())
    return rules


def _holding(at: datetime) -> Q:
    return Q(valid_from__lte=at) & (Q(valid_to__isnull=True) | Q(valid_to__gt=at))


def lately_in_force(at: datetime, *sources: str) -> list[Rule]:
    """Every version that held at some time an event may still arrive from."""
    rows = Rule.objects.filter(valid_from__lte=at)
    rows = rows.filter(Q(valid_to__isnull=True) | Q(valid_to__gt=at - LATEST_ARRIVAL)).order_by(
        "code", "version"
    )
    return _localised([rule for rule in rows if DETECTORS[rule.detector].source in sources], at)


def by_rule_of_the_day(findings: Iterable[Finding], rules: Iterable[Rule]) -> Iterator[Finding]:
    """Only findings whose version of the rule was in force when it happened."""
    spans = {(r.code, r.version): (r.valid_from, r.valid_to) for r in rules}
    for finding in findings:
        since, until = spans[finding.rule.code, finding.rule.version]
        if since is not None and since <= finding.seen.at and (until is None or finding.seen.at < until):
            yield finding


def latest_rules() -> QuerySet[Rule]:
    """The newest version of every rule."""
    return Rule.objects.filter(is_latest=True).order_by("kind", "code")


def versions_of(code: str) -> QuerySet[Rule]:
    return Rule.objects.filter(code=code).order_by("-version")


def latest_rule(code: str) -> Rule:
    """The newest version of a rule.

    Raises:
        NotFound: there is none.
    """
    found = Rule.objects.filter(code=code.replace("\x00", ""), is_latest=True).first()
    if found is None:
        raise NotFound(f"没有代码为“{code[:40]}”的监察规则。")
    return found


def rule_in_force(code: str, at: datetime) -> Rule | None:
    return Rule.objects.filter(_holding(at), code=code).first()


def trial_with_id(key: int) -> TrialRun:
    """A trial run.

    Raises:
        NotFound: there is none.
    """
    found = TrialRun.objects.select_related("rule").filter(pk=min(key, 2**63 - 1)).first()
    if found is None:
        raise NotFound("没有找到这次试跑。")
    return found
