"""Is a name free? The answer by index: only names that could clash are looked at."""

from dataclasses import dataclass
from datetime import date

from django.db.models import Q

from yimen.foundation.orgs import api as orgs
from yimen.kernel.errors import Invalid
from yimen.modules.registration.models import HeldName
from yimen.modules.registration.rules import lookalikes
from yimen.modules.registration.rules.judging import Held, Verdict, judge
from yimen.modules.registration.rules.names import NameParts, plain_name, take_apart
from yimen.modules.registration.states import EntityKind

MOST_NEAR = 60
SUFFIXES = ("特别行政区", "自治区", "自治州", "自治县", "省", "市", "区", "县", "旗", "盟", "镇")
LONGEST_PLACE = 12
COUNTY = 3


@dataclass(frozen=True)
class Place:
    """Where a name says its enterprise is.

    Args:
        code: division of the deepest place found; "" none.
        names: every place name that may stand in the name.
        county_alone: a district of a city without that city (规定第七条).
    """

    code: str = ""
    names: tuple[str, ...] = ()
    county_alone: bool = False


def registry_of(division: str) -> str:
    """The county-level division whose authority registers; a higher one stands for itself."""
    return orgs.full_code(division[:6]) if division else ""


def bare(name: str) -> str:
    """粤海市 → 粤海; a name of two characters stays."""
    suffix = next((s for s in SUFFIXES if name.endswith(s) and len(name) - len(s) >= 2), "")
    return name.removesuffix(suffix)


def place_of(name: str, division: str = "") -> Place:
    """The place in a plain name, told apart by what stands before it: 鼓楼区 of 南京市, not of 福州市.

    Args:
        division: where the enterprise will be, if known; its own names are looked for first.
    """
    heads = {name[:n] for n in range(2, LONGEST_PLACE)}
    inside = name[name.find("（") + 1 : name.find("）")] if "（" in name else ""
    heads |= {inside} if inside else set()
    wanted = {head + suffix for head in heads for suffix in ("", "省", "市")}
    own = _chain(division) if division else []
    found = own or _chain_in(name, wanted)
    names = [n for d in found for n in ((d.name, bare(d.name)) if d.level < COUNTY else (d.name,))]
    written = [d for d in found if name.startswith(d.name)]
    alone = bool(written) and written[-1].level == COUNTY and written[-1].name.endswith("区")
    code = found[-1].code if found else ""
    return Place(code=code, names=tuple(names), county_alone=alone)


def _chain(division: str) -> list[orgs.Division]:
    """A division with those above it, the highest first; towns and villages do not stand in names."""
    codes = [orgs.full_code(division[:n]) for n in (2, 4, 6)]
    return list(orgs.Division.objects.filter(code__in=codes, level__lte=COUNTY).order_by("level"))


def _chain_in(name: str, wanted: set[str]) -> list[orgs.Division]:
    rows = list(
        orgs.Division.objects.filter(name__in=wanted, level__lte=COUNTY).order_by("level", "code")[:200]
    )
    chain: list[orgs.Division] = []
    rest = name
    for row in rows:
        if chain and not row.code.startswith(orgs.prefix_of(chain[-1].code)):
            continue
        for said in (row.name, bare(row.name)):
            if rest.startswith(said) or f"（{said}）" in name:
                chain.append(row)
                rest = rest.removeprefix(said)
                break
    if chain and chain[-1].level < COUNTY:
        chain += _county_after(rest, chain[-1])
    return chain


def _county_after(rest: str, above: orgs.Division) -> list[orgs.Division]:
    """The county that follows a city in the name: 粤海市｜澜江区."""
    heads = {rest[:n] for n in range(2, LONGEST_PLACE)}
    return (
        list(orgs.divisions_under(above.code, level=COUNTY).filter(name__in=heads).order_by("code")[:1])
        if rest
        else []
    )


def parts_of(name: str, division: str = "") -> tuple[NameParts, Place]:
    """A typed name taken apart, with its place."""
    plain = plain_name(name)
    place = place_of(plain, division)
    return take_apart(plain, place.names), place


def check_name(
    name: str, on: date, *, kind: str = EntityKind.COMPANY, division: str = "", parent: str = "", own: str = "",
    entity_id: int | None = None,
) -> Verdict:  # fmt: skip
    """May this name be registered? Identical, same trade name in one trade, sounding or looking alike (规定第十七条).

    Args:
        on: the day; what is held no longer does not count.
        division: where; default: the place that the name itself says.
        parent: for a branch, the name of its enterprise.
        own: number of the application whose own reservation does not count.
        entity_id: the entity whose own names do not count, for a change.

    Raises:
        Invalid: no name, no such kind, or nothing says where.
    """
    parts, place, registry = located(name, kind, division)
    held = [_held(row) for row in _near(parts, registry, on, own, entity_id)]
    return judge(parts, kind, held, parent, county_alone=place.county_alone)


def located(name: str, kind: str, division: str) -> tuple[NameParts, Place, str]:
    """A name, its place and its registry.

    Raises:
        Invalid: see ``check_name``.
    """
    if kind not in set(EntityKind):
        choices = "、".join(EntityKind)
        raise Invalid("没有这种主体类型。", fields={"kind": f"请从 {choices} 中选择。"})
    if not plain_name(name):
        raise Invalid("请填写要查的名称。", fields={"name": "例如：粤海市澜江区晨光餐饮有限公司。"})
    parts, place = parts_of(name, division)
    registry = registry_of(division or place.code)
    return parts, place, registry


def _near(parts: NameParts, registry: str, on: date, own: str, entity_id: int | None) -> list[HeldName]:
    clash = Q(name=parts.whole)
    if parts.brand:
        clash |= (
            Q(brand=parts.brand) | Q(sound=parts.sound) | Q(brand__in=lookalikes.seen_as(parts.brand)[:200])
        )
    rows = HeldName.objects.filter(clash, Q(held_until=None) | Q(held_until__gte=on), registry=registry)
    if own:
        rows = rows.exclude(kind=HeldName.RESERVED, application=own)
    if entity_id is not None:
        rows = rows.exclude(entity_id=entity_id)
    return list(rows.order_by("id")[:MOST_NEAR])


def _held(row: HeldName) -> Held:
    return Held(
        name=row.name, brand=row.brand, trade=row.trade, trade_code=row.trade_code, why=row.get_kind_display()
    )
