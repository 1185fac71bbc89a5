"""What a dashboard looks at: the filters of its address as places and days."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlencode

from django.db.models import Q

from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid, NotFound
from yimen.modules.insight.queries.asking import LEVELS, Where
from yimen.modules.insight.queries.names import CHANNELS
from yimen.modules.insight.queries.reach import cells_visible_to, top_division
from yimen.modules.insight.rules.periods import Period, period_of
from yimen.modules.items import api as items

FIELDS = ("from", "to", "division", "organisation", "centre", "item", "channel")


@dataclass(frozen=True, kw_only=True)
class Look:
    """The days, the place, and the rows that may be seen.

    Args:
        codes: the filters as they stand in the address.
        place: the prefix of the division looked at.
        notes: what of the address could not be meant.
    """

    period: Period
    where: Where
    reach: Q
    codes: Mapping[str, str]
    place: str
    notes: tuple[str, ...] = ()

    def address(self, **changes: str) -> str:
        """The query string of this look with some filters replaced; "" removes one."""
        parts = {k: v for k, v in {**self.codes, **changes}.items() if v}
        return f"?{urlencode(parts)}"

    def during(self, period: Period) -> "Look":
        return replace(self, period=period)


def look_of(values: Mapping[str, str], actor: Actor, today: date, grant: str = "") -> Look:
    """The look of an address; what it cannot mean is left out and said.

    Args:
        values: the query of the address; whatever may stand in it.
        grant: another grant than reading whose scopes count.
    """
    codes = {name: _text(values, name) for name in FIELDS}
    notes: list[str] = []
    period = _period(codes, today, notes)
    found: dict[str, int | None] = {}
    for name, find in (
        ("organisation", orgs.organisation_with_code),
        ("centre", orgs.centre_with_code),
        ("item", items.item_with_code),
    ):
        found[name] = None
        if codes[name]:
            try:
                found[name] = find(codes[name]).pk
            except NotFound as unknown:
                notes.append(unknown.message)
                codes[name] = ""
    if codes["channel"] not in CHANNELS:
        codes["channel"] = ""
    top = top_division(actor, grant) if grant else top_division(actor)
    place = _place(codes, top, notes)
    reach = cells_visible_to(actor, grant) if grant else cells_visible_to(actor)
    where = Where(division=place, channel=codes["channel"], **found)
    codes |= {"from": period.since.isoformat(), "to": period.until.isoformat()}
    return Look(
        period=period, where=where, reach=reach, codes=codes, place=place, notes=tuple(dict.fromkeys(notes))
    )


def _text(values: Mapping[str, str], name: str) -> str:
    return str(values.get(name) or "").replace("\x00", "").strip()[:64]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _period(codes: dict[str, str], today: date, notes: list[str]) -> Period:
    for name in ("from", "to"):
        if codes[name] and _day(codes[name]) is None:
            notes.append(f"“{codes[name]}”不是日期，没有用它。")
    try:
        return period_of(_day(codes["from"]), _day(codes["to"]), today)
    except Invalid as refusal:
        notes.append(f"{refusal.message}现在显示最近90天。")
        return period_of(None, None, today)


def _place(codes: dict[str, str], top: str, notes: list[str]) -> str:
    code = codes["division"]
    prefix = orgs.prefix_of(code) if len(code) == 12 and code.isdigit() else code
    if code and not (prefix.isascii() and prefix.isdigit() and len(prefix) in LEVELS.values()):
        notes.append(f"“{code}”不是区划代码，没有用它。")
        prefix = ""
    if not prefix.startswith(top):
        prefix = ""
    codes["division"] = prefix
    return prefix or top


def level_below(prefix: str) -> str | None:
    """The level to which one drills from a division; ``None`` below the village."""
    return next((name for name, length in LEVELS.items() if length > len(prefix)), None)


def crumbs(look: Look, actor: Actor) -> list[tuple[str, str]]:
    """The way down: (name, address) from the top of the scope to the division looked at."""
    top = top_division(actor)
    lengths = [n for n in (0, *LEVELS.values()) if len(top) <= n <= len(look.place)]
    prefixes = [look.place[:n] for n in lengths]
    codes = [orgs.full_code(p) for p in prefixes if p]
    names = dict(orgs.Division.objects.filter(code__in=codes).values_list("code", "name"))
    return [
        (
            names.get(orgs.full_code(p), p) if p else "全部",
            look.address(division=p if p != top else "", item=""),
        )
        for p in prefixes
    ]
