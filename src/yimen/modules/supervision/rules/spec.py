"""A rule as a value, what a detector has seen, and a finding: a rule that counts what was seen (pure)."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from yimen.kernel.expressions import Problem, check, parse
from yimen.modules.supervision.rules.facts import DETECTORS, Detector

NEVER_EMPTY = "规则要有条件，写明什么情形才算。"


class Kind(StrEnum):
    TIME = "time"
    PROCEDURE = "procedure"
    CONTENT = "content"
    FEE = "fee"


KIND_LABELS = {Kind.TIME: "时限", Kind.PROCEDURE: "程序", Kind.CONTENT: "内容", Kind.FEE: "收费"}


class Colour(StrEnum):
    YELLOW = "yellow"
    RED = "red"


COLOUR_LABELS = {Colour.YELLOW: "黄牌", Colour.RED: "红牌"}


@dataclass(frozen=True, kw_only=True)
class Stages:
    """Working days of each stage of a card."""

    statement: int = 3
    decision: int = 5
    appeal: int = 5
    review: int = 10


@dataclass(frozen=True, kw_only=True)
class RuleSpec:
    """One version of a rule as the engine needs it.

    Args:
        code: stable name; ``version`` counts its versions.
        detector: which detector supplies the facts.
        condition: an expression of the house over the detector's facts; what it holds for becomes a finding.
        lead: working days ahead of the due day, for rules that warn; the fact ``lead`` has this value.
        division: division code prefix the rule is for; "" = everywhere.
        without: prefixes of divisions below that have a rule of their own instead.
    """

    code: str
    detector: str
    condition: str
    lead: int = 0
    version: int = 1
    division: str = ""
    without: tuple[str, ...] = ()
    label: str = ""

    def holds(self, facts: Mapping[str, Any]) -> bool:
        """Does the rule count what was seen? Unknown facts never make a card."""
        return self.verdict(facts) is True

    def verdict(self, facts: Mapping[str, Any]) -> bool | None:
        """True, false, or ``None`` while a fact it asks for is not known."""
        return parse(self.condition).evaluate({**facts, "lead": self.lead})

    def reaches(self, division: str) -> bool:
        return division.startswith(self.division) and not division.startswith(self.without or ("\0",))


@dataclass(frozen=True, kw_only=True)
class Holder:
    """In whose hands a case was at a moment.

    Args:
        name: as the ledger names it.
        organisation_id: ``None`` when it was nobody's fault that can be named: the applicant, a procedure of law.
        post: code of the post whose step was open; "" when unknown.
        step: name of that step.
    """

    name: str
    organisation_id: int | None = None
    post: str = ""
    step: str = ""


@dataclass(frozen=True, kw_only=True)
class Seen:
    """What a detector saw once, whether or not a rule counts it.

    Args:
        occasion: stable name of the occasion within the detector, so that the same one is never counted twice.
        at: when it happened.
        sequence: the trace event it hangs on; 0 where it hangs on a clock or a set of cases.
        clock_id, due_on: the clock, where it hangs on one.
    """

    detector: str
    occasion: str
    at: datetime
    organisation_id: int
    division: str
    case_id: int | None = None
    number: str = ""
    sequence: int = 0
    clock_id: int | None = None
    due_on: date | None = None
    holder: Holder | None = None
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class Finding:
    """A rule counts what was seen: the reference of a card, and of a planted fault that should be found."""

    rule: RuleSpec
    seen: Seen

    @property
    def key(self) -> tuple[str, str]:
        return self.rule.code, self.seen.occasion


@dataclass(frozen=True, kw_only=True)
class Period:
    """Half-open: from ``since`` up to ``until``."""

    since: datetime
    until: datetime

    def holds(self, at: datetime) -> bool:
        return self.since <= at < self.until


def detector_of(code: str) -> Detector | None:
    return DETECTORS.get(code)


def problems_of(detector: str, condition: str) -> list[Problem]:
    """What is wrong with a rule before it is ever run: an unknown fact, kinds that do not fit, never true."""
    known = DETECTORS.get(detector)
    if known is None:
        return [Problem(code="detector", sentence="请从列出的监察点里选择一个。")]
    if not condition.strip():
        return [Problem(code="empty", sentence=NEVER_EMPTY)]
    return check(condition, known.kinds)
