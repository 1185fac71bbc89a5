"""The district's register of market entities: what items mean for it, and an entry for every invented enterprise."""

import random
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any

from yimen.foundation.identity.api import LegalEntity, Person
from yimen.foundation.orgs.models import Organisation
from yimen.kernel.clock import CHINA
from yimen.modules.items.models import Item
from yimen.modules.registration.models import (
    AbnormalEntry,
    Binding,
    CancellationNotice,
    EntityEvent,
    HeldName,
    MarketEntity,
    SearchEntry,
    change_row,
)
from yimen.modules.registration.queries.register import search_words
from yimen.modules.registration.rules.names import take_apart
from yimen.modules.registration.rules.trades import industry_of_division
from yimen.modules.registration.services.naming import fields_of
from yimen.modules.registration.states import ABNORMAL_REASONS, EntityKind, EntityState
from yimen.site.demo import invent
from yimen.site.demo.cast import DISTRICT

BINDINGS = (
    ("company-setup", "set_up", EntityKind.COMPANY), ("branch-setup", "set_up", EntityKind.BRANCH),
    ("sole-trader-setup", "set_up", EntityKind.SOLE_TRADER), ("partnership-setup", "set_up", EntityKind.PARTNERSHIP),
    ("company-change", "change", ""), ("sole-trader-change", "change", ""),
    ("company-cancel", "cancel", ""), ("sole-trader-cancel", "cancel", ""),
    ("temporary-premises", "premises", ""),
)  # fmt: skip
PLACES = ("粤海市", "澜江区")
SCOPES = {
    "餐饮": "餐饮服务；食品销售", "小吃": "小餐饮、小食杂、食品小作坊经营", "食品": "食品销售；食用农产品批发", "贸易": "国内贸易代理；日用百货销售",
    "科技": "技术服务、技术开发、技术咨询；软件开发", "建筑工程": "各类工程建设活动；建设工程施工", "物流": "道路货物运输（不含危险货物）；普通货物仓储服务",
    "医药": "药品零售；第二类医疗器械销售", "文化传播": "组织文化艺术交流活动；广告制作", "人力资源": "人力资源服务（不含职业中介活动、劳务派遣服务）",
    "教育咨询": "教育咨询服务（不含涉许可审批的教育培训活动）", "理发": "理发服务；生活美容服务", "五金": "五金产品零售；五金产品批发",
    "便利": "食品销售；日用百货销售；烟草制品零售",
}  # fmt: skip
"""Trade word to business scope, in the words of 经营范围规范表述."""
STANDINGS = (
    (EntityState.ABNORMAL, 14), (EntityState.CANCELLING, 3), (EntityState.CANCELLED, 9), (EntityState.REVOKED, 4),
)  # fmt: skip
FIRST_TROUBLED = 320
"""Entities before this place in the list act in the district's cases and stand well."""


def make_register(at: datetime) -> int:
    """Bind the district's items and enter every invented enterprise, some with a past; how many."""
    slugs = {slug: (act, kind) for slug, act, kind in BINDINGS}
    rows = Item.objects.filter(slug__in=slugs).values_list("id", "slug")
    Binding.objects.bulk_create(
        [Binding(item_id=pk, act=slugs[slug][0], kind=slugs[slug][1]) for pk, slug in rows if slug]
    )
    maker = _Maker(at)
    entities = MarketEntity.objects.bulk_create(
        [maker.entity(n, legal) for n, legal in enumerate(LegalEntity.objects.order_by("id"))]
    )
    SearchEntry.objects.bulk_create(
        [SearchEntry(entity_id=e.pk, words=search_words(e.name)) for e in entities]
    )
    HeldName.objects.bulk_create(
        [_held(e) for e in entities if e.state != EntityState.CANCELLED], ignore_conflicts=True
    )
    EntityEvent.objects.bulk_create([event for e in entities for event in maker.history(e)])
    maker.trouble(entities)
    return len(entities)


def _held(entity: MarketEntity) -> HeldName:
    parts = take_apart(entity.name, PLACES)
    return HeldName(
        registry=entity.registry,
        kind=HeldName.ENTITY,
        entity_id=entity.pk,
        held_from=entity.established_on,
        **fields_of(parts),
    )


class _Maker:
    """Makes believable entries, the same for the same seed but for the day they are anchored to."""

    def __init__(self, at: datetime, seed: int = 2026) -> None:
        self.at, self.chance = at, random.Random(seed)
        self.today = at.astimezone(CHINA).date()
        self.authority = Organisation.objects.get(code="scjgj")
        self.heads = [person.name for person in invent.people(700, seed=77)]
        self.states = [state for state, n in STANDINGS for _ in range(n)]

    def entity(self, place: int, legal: LegalEntity) -> MarketEntity:
        """The entry of one enterprise."""
        parts = take_apart(legal.name, PLACES)
        trader = legal.uscc.startswith("92")
        began = self.today - timedelta(days=self.chance.randrange(260, 7000))
        troubled = place - FIRST_TROUBLED
        state = self.states[troubled] if 0 <= troubled < len(self.states) else EntityState.ACTIVE
        ended = self.today - timedelta(days=20 + place % 90) if state in ("cancelled", "revoked") else None
        return MarketEntity(
            uscc=legal.uscc, name=legal.name, kind=EntityKind.SOLE_TRADER if trader else EntityKind.COMPANY, state=state,
            registry=DISTRICT, division=f"449901{1 + place % 10:03d}000", authority=self.authority.name,
            organisation=self.authority, address=f"便民路{1 + place % 90}号{'首层' if trader else f'{2 + place % 8}楼'}",
            representative=self.heads[place % len(self.heads)],
            capital=None if trader else Decimal(self.chance.choice((10, 50, 100, 200, 500, 1000)) * 10_000),
            industry=industry_of_division(parts.trade_code), scope=SCOPES.get(parts.trade, "日用百货销售"), established_on=began,
            approved_on=began, ended_on=ended, legal_entity=legal,
        )  # fmt: skip

    def history(self, entity: MarketEntity) -> list[EntityEvent]:
        """Set-up, for one in six a change of address since, and how it ended."""
        events = [
            self._event(
                entity, "set_up", entity.established_on, clause="市场主体登记管理条例第十九条、第二十一条"
            )
        ]
        if entity.pk % 6 == 0:
            moved = entity.established_on + (self.today - entity.established_on) / 2
            changes = [change_row("住所（经营场所）", f"旧街{entity.pk % 70 + 1}号", entity.address)]
            events.append(
                self._event(entity, "change", moved, changes=changes, clause="市场主体登记管理条例第二十四条")
            )
        if entity.state == EntityState.CANCELLED:
            events.append(
                self._event(entity, "cancel", entity.ended_on, clause="市场主体登记管理条例第三十一条")
            )
        if entity.state == EntityState.REVOKED:
            events.append(
                self._event(
                    entity,
                    "revoke",
                    entity.ended_on,
                    note="自行停业连续六个月以上（演示文号）",
                    clause="公司法第二百六十条第一款",
                )
            )
        return events

    def _event(self, entity: MarketEntity, kind: str, on: date | None, **more: object) -> EntityEvent:
        then = datetime.combine(on or self.today, time(10), CHINA)
        return EntityEvent(entity_id=entity.pk, kind=kind, at=then, by=entity.authority, **more)

    def trouble(self, entities: Sequence[MarketEntity]) -> None:
        """Entries on the abnormal list and running notices, with the lines they left."""
        entries, notices, events = [], [], []
        for n, entity in enumerate(e for e in entities if e.state == EntityState.ABNORMAL):
            reason = list(ABNORMAL_REASONS)[n % 4]
            label, clause = ABNORMAL_REASONS[reason]
            since = self.today - timedelta(days=40 + 7 * n)
            then = datetime.combine(since, time(10), CHINA)
            entries.append(
                AbnormalEntry(
                    entity=entity,
                    reason=reason,
                    clause=clause,
                    note=label,
                    listed_at=then,
                    listed_by=entity.authority,
                )
            )
            events.append(self._event(entity, "list_abnormal", since, note=label, clause=clause))
        for n, entity in enumerate(e for e in entities if e.state == EntityState.CANCELLING):
            since = self.today - timedelta(days=3 + 9 * n)
            ends = since + timedelta(days=20)
            notices.append(
                CancellationNotice(
                    entity=entity, starts_on=since, ends_on=ends, apply_until=ends + timedelta(days=20),
                    published_at=datetime.combine(since, time(10), CHINA), published_by=entity.name,
                )
            )  # fmt: skip
            events.append(
                EntityEvent(
                    entity_id=entity.pk,
                    kind="publish_notice",
                    at=datetime.combine(since, time(10), CHINA),
                    by=entity.name,
                    note=f"公告到{ends}期满。",
                    clause="市场主体登记管理条例第三十三条",
                )
            )
        AbnormalEntry.objects.bulk_create(entries)
        CancellationNotice.objects.bulk_create(notices)
        EntityEvent.objects.bulk_create(events)


BRANDS = ("晨光朝云明远鑫荣华泰安康宁和平福禄", "霖涛峰岭舟航帆港湾桥渡阁轩庭苑居")


def own_values(
    values: dict[str, Any], person: Person, entity: LegalEntity, slug: str, on: date
) -> dict[str, Any]:
    """Answers about registration that fit whoever applies: names of people and enterprises that exist, amounts that add up.

    Args:
        values: the dictionary's examples for the whole form.
        slug: of the item. on: about the day of the application.
    """
    head = {"name": person.name, "id_number": person.id_number, "phone": person.phone}
    own: dict[str, Any] = {
        f"{who}_{what}": head[what] for who in ("legal_representative", "applicant") for what in head
    }
    own |= {
        "entity_name": entity.name,
        "entity_uscc": entity.uscc,
        "branch_of_uscc": entity.uscc,
        "name_promise": True,
    }
    own["entity_proposed_name"] = _proposed(person.pk, entity, slug)
    if slug == "temporary-premises":
        own |= {"application_kind": "new", "lease_until": str(on + timedelta(days=300))}
    if "shareholders" in values:
        [row] = values["shareholders"]
        amounts = ("600000", "400000") if slug == "partnership-setup" else ("1000000",)
        own["shareholders"] = [
            row
            | {
                "shareholder_name": f"{person.name}{'之友' * n}",
                "contribution_amount": amount,
                "contribution_until": "",
            }
            for n, amount in enumerate(amounts)
        ]
        own["registered_capital"] = "1000000"
    return values | {code: value for code, value in own.items() if code in values and value}


def _proposed(serial: int, entity: LegalEntity, slug: str) -> str:
    """A new name for each applicant; a branch takes its enterprise's."""
    first, second = BRANDS
    brand = first[serial % len(first)] + second[serial // len(first) % len(second)]
    ends = {"sole-trader-setup": "小吃店", "partnership-setup": "咨询合伙企业（有限合伙）"}
    return (
        f"{entity.name}第一分公司"
        if slug == "branch-setup"
        else f"粤海市澜江区{brand}{ends.get(slug, '餐饮有限公司')}"
    )
