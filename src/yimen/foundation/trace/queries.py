"""Reading and verifying the trace."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import wraps
from typing import Any, ParamSpec

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast

from yimen.foundation.trace import rules
from yimen.foundation.trace.models import Event, Seal
from yimen.kernel.secrets import derive

P = ParamSpec("P")


@dataclass(frozen=True)
class Break:
    """The first link of a chain or seal that does not hold."""

    subject: str
    sequence: int
    why: str


StateCheck = Callable[[str, list[Event]], str | None]
_state_checks: dict[str, StateCheck] = {}


def check_states_with(subject_kind: str, check: StateCheck) -> None:
    """Let the owner of a subject compare its stored state with the one rebuilt from events.

    Args:
        check: ``(subject_key, events) -> sentence or None``; called with the whole chain.
    """
    _state_checks[subject_kind] = check


def events_of(subject_kind: str, subject_key: str) -> QuerySet[Event]:
    """One subject's chain in order."""
    return Event.objects.filter(subject_kind=subject_kind, subject_key=subject_key).order_by("sequence")


def recent_events(subject_kind: str = "", actor_id: int | None = None) -> QuerySet[Event]:
    """Newest first, for the audit pages."""
    rows = Event.objects.order_by("-id")
    if subject_kind:
        rows = rows.filter(subject_kind__startswith=subject_kind)
    if actor_id is not None:
        rows = rows.filter(actor_id=actor_id)
    return rows


def told_when_unreadable(
    verify: Callable[P, Iterator[Break]],
) -> Callable[P, Iterator[Break]]:
    """A stored value that cannot even be read was changed too: that is a break, not a crash."""

    @wraps(verify)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Iterator[Break]:
        try:
            yield from verify(*args, **kwargs)
        except (AttributeError, TypeError, ValueError) as unreadable:
            yield Break(" ".join(map(str, args)) or "trace", 0, f"存储的内容无法读取（{unreadable}）")

    return guarded


@told_when_unreadable
def verify_chain(subject_kind: str, subject_key: str) -> Iterator[Break]:
    """Recompute one chain and compare the subject's state with it."""
    rows = _with_raw_moment(events_of(subject_kind, subject_key))
    yield from _verify_rows(subject_kind, subject_key, list(rows))


@told_when_unreadable
def verify_all() -> Iterator[Break]:
    """Recompute every chain, then every seal; constant memory but for one chain."""
    chain: list[Event] = []
    rows = _with_raw_moment(Event.objects.order_by("subject_kind", "subject_key", "sequence"))
    for event in rows.iterator(chunk_size=5000):
        if chain and (chain[0].subject_kind, chain[0].subject_key) != (event.subject_kind, event.subject_key):
            yield from _verify_rows(chain[0].subject_kind, chain[0].subject_key, chain)
            chain = []
        chain.append(event)
    if chain:
        yield from _verify_rows(chain[0].subject_kind, chain[0].subject_key, chain)
    yield from verify_seals()


@told_when_unreadable
def verify_seals() -> Iterator[Break]:
    """Recompute every seal over the events it covers."""
    key, previous, reached = derive(settings.DATA, "trace-seal"), "", 0
    for expected, seal in enumerate(Seal.objects.order_by("number").iterator(), start=1):
        place = f"seal {seal.number}"
        if seal.number != expected or seal.previous != previous or seal.first_event != reached + 1:
            yield Break(place, seal.number, "封存记录不连续，有封存被删除或改动")
        if seal.signature != rules.seal_signature(key, seal.__dict__, seal.at):
            yield Break(place, seal.number, "封存签名不符，封存记录被改动")
        rows = Event.objects.filter(id__gte=seal.first_event, id__lte=seal.last_event).order_by("id")
        root, count = rules.seal_root(rows.values_list("id", "hash").iterator(chunk_size=5000))
        if (root, count) != (seal.root, seal.count):
            yield Break(
                place, seal.number, f"封存的{seal.count}条记录与现存{count}条不一致，有记录被增、删或改动"
            )
        previous, reached = seal.signature, seal.last_event


def _verify_rows(subject_kind: str, subject_key: str, events: list[Event]) -> Iterator[Break]:
    subject = f"{subject_kind} {subject_key}"
    head = rules.Head()
    for event in events:
        why = _fault(event, head)
        if why:
            yield Break(subject, event.sequence, why)
            return
        head = rules.Head(event.sequence, event.hash)
    check = _state_checks.get(subject_kind)
    why = check(subject_key, events) if check else None
    if why:
        yield Break(subject, head.length, why)


def _fault(event: Event, head: rules.Head) -> str | None:
    if event.at is None:
        return "时间无法读取"
    if event.sequence != head.length + 1:
        return f"缺少第{head.length + 1}条记录"
    if event.previous != head.hash:
        return "与上一条记录不相连"
    if event.hash != rules.event_hash(event.__dict__, event.at):
        return "内容被改动"
    if getattr(event, "raw_at", None) not in (None, _stored_moment(event.at)):
        return "时间的存储内容被改动"
    return None


def _with_raw_moment(rows: QuerySet[Event]) -> QuerySet[Any]:
    """SQLite keeps moments as text that parses in several spellings: compare the spelling too."""
    if connection.vendor != "sqlite":
        return rows
    return rows.annotate(raw_at=Cast("at", TextField()))


def _stored_moment(at: datetime) -> str:
    return connection.ops.adapt_datetimefield_value(at.astimezone(UTC)) or ""
