"""The trace as an auditor reads it: which events, told in words, within the reader's scope."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from yimen.foundation.identity import api as identity
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.masking import mask_name
from yimen.modules.cases import api as cases
from yimen.portals.console.permissions import TRACE_READ
from yimen.portals.console.reading import closing, day_of, opening, text_of
from yimen.portals.console.words import (
    ADMIN_SUBJECTS,
    READING,
    SUBJECTS,
    act_word,
    channel_word,
    subject_word,
)

ADMINISTRATION = "admin"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """What of the trace is shown; days in China, both included."""

    kind: str = ""
    key: str = ""
    actor: str = ""
    act: str = ""
    day_from: date | None = None
    day_to: date | None = None


def wanted_of(values: Mapping[str, str]) -> Wanted:
    kind = text_of(values, "kind", 30)
    return Wanted(
        kind=kind if kind in SUBJECTS or kind == ADMINISTRATION else "",
        key=text_of(values, "key", 64),
        actor=text_of(values, "actor", 40),
        act=text_of(values, "act", 40),
        day_from=day_of(values, "from"),
        day_to=day_of(values, "to"),
    )


def sees_everything(actor: Actor) -> bool:
    """Is the reader's grant without limits of place?"""
    return Scope() in actor.scopes(TRACE_READ)


def events_visible_to(actor: Actor) -> "QuerySet[trace.Event]":
    """All events for an unlimited reader; else those of the cases in scope, and the readings of these."""
    rows = trace.recent_events().order_by(
        "-at", "-id"
    )  # a period is cut out of the list, not looked for in it
    if sees_everything(actor):
        return rows
    numbers = cases.cases_in_scope(actor).values("number")
    return rows.filter(subject_kind__in=["case", f"{READING}case"], subject_key__in=numbers)


def found(actor: Actor, wanted: Wanted) -> "QuerySet[trace.Event]":
    """Acts (not readings), newest first."""
    rows = events_visible_to(actor).filter(_period(wanted))
    if wanted.kind == ADMINISTRATION:
        rows = rows.filter(subject_kind__in=ADMIN_SUBJECTS)
    elif wanted.kind:
        rows = rows.filter(subject_kind=wanted.kind)
    else:
        rows = rows.exclude(subject_kind__startswith=READING)
    if wanted.act:
        rows = rows.filter(act=wanted.act)
    return rows


def readings(actor: Actor, wanted: Wanted) -> "QuerySet[trace.Event]":
    """Who saw whose personal data, newest first (个人信息保护法第五十一条)."""
    return events_visible_to(actor).filter(_period(wanted), subject_kind__startswith=READING)


def _period(wanted: Wanted) -> Q:
    q = Q()
    if wanted.key:
        q &= Q(subject_key__startswith=wanted.key)
    if wanted.actor:
        q &= Q(actor_name__startswith=wanted.actor)
    if wanted.day_from:
        q &= Q(at__gte=opening(wanted.day_from))
    if wanted.day_to:
        q &= Q(at__lt=closing(wanted.day_to))
    return q


@dataclass(frozen=True)
class Line:
    """An event in words; the name of a resident is masked."""

    event: trace.Event
    who: str
    act: str
    subject: str
    channel: str
    from_word: str
    to_word: str

    @property
    def is_case(self) -> bool:
        return self.event.subject_kind.removeprefix(READING) == "case"


def told(events: Iterable[trace.Event]) -> list[Line]:
    """Events in words; one statement finds which actors are residents."""
    events = list(events)
    ids = {e.actor_id for e in events if e.actor_id is not None}
    staff = set(
        identity.Account.objects.filter(pk__in=ids)
        .exclude(kind=identity.Account.Kind.RESIDENT)
        .values_list("pk", flat=True)
    )
    return [
        Line(
            event,
            _who(event, staff),
            act_word(event.act),
            subject_word(event.subject_kind),
            channel_word(event.channel),
            _state(event.from_state),
            _state(event.to_state),
        )
        for event in events
    ]


def _who(event: trace.Event, staff: set[int]) -> str:
    masked = event.actor_id is not None and event.actor_id not in staff
    name = mask_name(event.actor_name) if masked else event.actor_name
    return f"{name}（代{mask_name(event.on_behalf)}）" if event.on_behalf else name


def _state(state: str) -> str:
    return cases.STATE_LABELS[cases.CaseState(state)] if state in set(cases.CaseState) else state
