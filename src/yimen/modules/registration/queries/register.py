"""The public register: search by name and code, one entity, its history, the abnormal list (条例第三十五条)."""

import re
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.db import connection
from django.db.models import Prefetch, Q, QuerySet

from yimen.foundation.identity.api import check_uscc
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.errors import Invalid, NotFound
from yimen.kernel.paging import Page, window
from yimen.kernel.reading import connection_of
from yimen.modules.registration.models import (
    AbnormalEntry,
    CancellationNotice,
    EntityEvent,
    MarketEntity,
    PremisesCertificate,
    SearchEntry,
)
from yimen.modules.registration.rules.names import plain_name
from yimen.modules.registration.states import LIST, LIVING, NOTICE, READ, REVOKE, EntityState

BROAD = 400
"""Up to so many hits are put in order; of more, the first by number are shown."""
MOST_COUNTED = 2_000
"""Nobody turns so many pages: beyond it the list says 'more than'."""
LONGEST_QUERY = 60
BUSINESS_LICENCE = "营业执照"
"""As results and materials of items name it."""
COMMON = frozenset(("有限", "限公", "公司", "限责", "责任", "任公", "股份", "份有"))
"""Pieces that most names have: kept out of the index, for they tell nothing apart."""
_CODE = re.compile(r"[0-9A-Z]{6,18}")
SQLITE_HITS = (
    "SELECT rowid FROM registration_search WHERE registration_search MATCH %s ORDER BY rowid LIMIT %s"
)
SQLITE_IN_STATE = (
    "SELECT e.id FROM registration_search f JOIN registration_marketentity e ON e.id = f.rowid "
    "WHERE registration_search MATCH %s AND e.state = %s ORDER BY f.rowid LIMIT %s"
)
_MATCHING = (
    "SELECT entity_id AS id FROM registration_searchentry WHERE registration_tokens(words) @@ %s::tsquery"
)
POSTGRESQL_HITS = f"WITH hits AS MATERIALIZED ({_MATCHING} LIMIT %s) SELECT id FROM hits ORDER BY id"
POSTGRESQL_IN_STATE = (
    f"WITH hits AS MATERIALIZED ({_MATCHING}) "
    "SELECT e.id FROM hits JOIN registration_marketentity e USING (id) WHERE e.state = %s ORDER BY e.id LIMIT %s"
)


@dataclass(frozen=True, kw_only=True)
class Found(Page[MarketEntity]):
    """A page of the register; ``more`` = there are more than were counted."""

    more: bool = False
    said: str = field(default="")


def pieces(name: str) -> list[str]:
    """A name in pieces of two characters, without those that most names have."""
    plain = re.sub(r"[（）·\s]", "", plain_name(name))
    return list(dict.fromkeys(p for n in range(len(plain) - 1) if (p := plain[n : n + 2]) not in COMMON))


def search_words(name: str) -> str:
    """What the index keeps of a name."""
    return " ".join(pieces(name)) or "无"


def search(q: str, *, state: str = "", page: int = 1, size: int = 20) -> Found:
    """Entities whose name holds every word asked for, or whose code begins so; an empty question shows the newest.

    Raises:
        Invalid: one character finds everything and nothing.
    """
    offset, limit, number = window(page, size)
    text = plain_name(q.replace("\x00", ""))[:LONGEST_QUERY]
    typed = re.sub(r"[\s\-—.]", "", text).upper()
    if not text:
        return _newest(state, offset, limit, number)
    if _CODE.fullmatch(typed) and any(sign.isdigit() for sign in typed):
        return _by_code(typed, state, offset, limit, number)
    words = [word for part in q.split() if (word := plain_name(part)[:LONGEST_QUERY])]
    wanted = list(dict.fromkeys(piece for word in words for piece in pieces(word)))[:40]
    if not wanted:
        raise Invalid(
            "请写得更具体。",
            fields={"q": "至少写名称里的两个字，“有限公司”这样的字词不算；也可以写代码的前六位以上。"},
        )
    return _by_pieces(wanted, text, state, offset, limit, number)


def _newest(state: str, offset: int, limit: int, number: int) -> Found:
    rows = MarketEntity.objects.filter(state=state) if state else MarketEntity.objects.all()
    count = _capped(rows)
    return Found(
        count=min(count, MOST_COUNTED), more=count > MOST_COUNTED, number=number, size=limit,
        results=_page(rows.order_by("-id"), offset, limit),
    )  # fmt: skip


def _by_code(typed: str, state: str, offset: int, limit: int, number: int) -> Found:
    """Whole codes are checked, so that a slip is named instead of finding nothing."""
    if len(typed) == 18:
        rows = MarketEntity.objects.filter(uscc=check_uscc(typed, "q"))
    else:
        rows = MarketEntity.objects.filter(uscc__gte=typed, uscc__lt=typed + "~")
    if state:
        rows = rows.filter(state=state)
    count = _capped(rows)
    return Found(
        count=min(count, MOST_COUNTED), more=count > MOST_COUNTED, number=number, size=limit,
        results=_page(rows.order_by("uscc"), offset, limit),
    )  # fmt: skip


def _by_pieces(wanted: list[str], text: str, state: str, offset: int, limit: int, number: int) -> Found:
    hits = _hits(wanted, MOST_COUNTED + 1, state)
    count = len(hits)
    if count <= BROAD:
        rows = MarketEntity.objects.filter(pk__in=hits)
        found = sorted(rows, key=lambda e: (*_far(e.name, text), len(e.name), e.pk))[offset : offset + limit]
    else:
        by_id = MarketEntity.objects.in_bulk(hits[offset : offset + limit])
        found = [by_id[pk] for pk in hits[offset : offset + limit] if pk in by_id]
    more = count > MOST_COUNTED
    return Found(count=min(count, MOST_COUNTED), more=more, number=number, size=limit, results=found)


def _far(name: str, text: str) -> tuple[bool, bool, bool]:
    """How far a name is from what was typed: the same, begins with it, holds it."""
    return name != text, not name.startswith(text), text not in name


def _hits(wanted: list[str], most: int, state: str = "") -> list[int]:
    """Numbers of the entities that hold every piece (and are in a state), lowest first, up to ``most``."""
    if connection.vendor == "postgresql":
        value = " & ".join("'" + p.replace("\\", "").replace("'", "''") + "'" for p in wanted)
        statement = POSTGRESQL_IN_STATE if state else POSTGRESQL_HITS
    else:
        value = " ".join('"' + p.replace('"', '""') + '"' for p in wanted)
        statement = SQLITE_IN_STATE if state else SQLITE_HITS
    with connection_of(SearchEntry).cursor() as cursor:
        cursor.execute(statement, [value, state, most] if state else [value, most])
        return [int(row[0]) for row in cursor.fetchall()]


def _capped(rows: QuerySet[MarketEntity]) -> int:
    return rows.order_by().values("pk")[: MOST_COUNTED + 1].count()


def _page(rows: QuerySet[MarketEntity], offset: int, limit: int) -> list[MarketEntity]:
    return list(rows[offset : offset + limit]) if offset <= MOST_COUNTED else []


def entity_with_code(text: str) -> MarketEntity:
    """The entity of a credit code, with its history, entries and notices.

    Raises:
        Invalid: the code is mistyped; says which character and why.
        NotFound: nobody is registered here under this code.
    """
    code = check_uscc(text.replace("\x00", "")[:60])
    found = (
        MarketEntity.objects.filter(uscc=code)
        .select_related("parent", "legal_entity")
        .prefetch_related(
            Prefetch("events", EntityEvent.objects.order_by("at", "id")),
            Prefetch("abnormal_entries", AbnormalEntry.objects.order_by("-listed_at")),
            Prefetch(
                "notices", CancellationNotice.objects.order_by("-starts_on").prefetch_related("objections")
            ),
            Prefetch("premises", PremisesCertificate.objects.order_by("-valid_from")),
        )
        .first()
    )
    if found is None:
        raise NotFound(f"没有统一社会信用代码为 {code} 的登记。")
    return found


def entity_of_code(code: str) -> MarketEntity | None:
    """The entity of a checked code; only its own row."""
    return MarketEntity.objects.filter(uscc=code).select_related("legal_entity", "parent").first()


FORM_KINDS = {
    "company": "company", "joint_stock": "company", "branch": "branch", "sole_trader": "household",
    "partnership": "partnership", "sole_proprietorship": "sole", "cooperative": "cooperative", "other": "other",
}  # fmt: skip
"""Our kinds as the data element ``entity_kind`` names them."""


def known_facts(legal_entity_id: int) -> dict[str, Any]:
    """What the register knows of an applicant, by the facts that data elements name (国务院令第716号第七条: not asked again).

    Empty for one that is not registered here.
    """
    entity = MarketEntity.objects.filter(legal_entity_id=legal_entity_id).first()
    if entity is None:
        return {}
    address = {"division": entity.division, "detail": entity.address}
    return {
        "kind": FORM_KINDS[entity.kind],
        "address": address,
        "premises_address": address,
        "registered_capital": f"{entity.capital:.2f}" if entity.capital is not None else "",
        "business_scope": entity.scope,
        "established_on": entity.established_on.isoformat(),
        "legal_representative_name": entity.representative,
    }


def licences_held(legal_entity_id: int, on: date) -> frozenset[str]:
    """The business licence of a living entity of this register, named as results of items name it."""
    running = Q(term_until=None) | Q(term_until__gte=on)
    rows = MarketEntity.objects.filter(running, legal_entity_id=legal_entity_id, state__in=LIVING)
    return frozenset({BUSINESS_LICENCE}) if rows.exists() else frozenset()


def branches_of(entity: MarketEntity) -> QuerySet[MarketEntity]:
    return MarketEntity.objects.filter(parent=entity).order_by("id")[:50]


def xs_visible_to(actor: Actor, rows: QuerySet[MarketEntity] | None = None) -> QuerySet[MarketEntity]:
    """The rows that a registrar works on: those within the scopes of his grants of the register."""
    rows = MarketEntity.objects.all() if rows is None else rows
    reach = Q(pk__in=[])
    scopes = {scope for grant in (READ, LIST, REVOKE, NOTICE) for scope in actor.scopes(grant)}
    for scope in scopes:
        if scope == Scope():
            return rows
        if scope.centre_id is None:
            one = Q(division__startswith=scope.division)
            reach |= one if scope.organisation_id is None else one & Q(organisation_id=scope.organisation_id)
    return rows.filter(reach)


def watched(actor: Actor, state: str, q: str) -> QuerySet[MarketEntity]:
    """What a registrar's list shows: a state, or part of a name."""
    rows = xs_visible_to(actor)
    rows = rows.filter(state=state) if state in set(EntityState) else rows
    if q:
        wanted = pieces(q)[:40]
        named = Q(pk__in=_hits(wanted, MOST_COUNTED)) if wanted else Q(pk__in=[])
        rows = rows.filter(Q(uscc=q.upper()) | named)
    return rows.order_by("-id")


def premises_of(number: str) -> PremisesCertificate:
    """A certificate of temporary premises by its number.

    Raises:
        NotFound: there is none.
    """
    found = PremisesCertificate.objects.filter(number=number[:30]).select_related("entity", "renews").first()
    if found is None:
        raise NotFound("没有这个编号的临时经营场所证明，请对照证明上的编号核对。")
    return found


def premises_valid_for(holder: str, address: str, on: date) -> PremisesCertificate | None:
    """The certificate by which somebody may register at an address on a day."""
    rows = PremisesCertificate.objects.filter(holder=holder, valid_from__lte=on, valid_until__gte=on)
    return rows.filter(address=address).order_by("-valid_until").first()
