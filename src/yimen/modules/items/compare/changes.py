"""Structured differences between two contents: lists are matched by key, so that a moved row is not a new one."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from yimen.modules.items.content import Limit, StandardContent
from yimen.modules.items.lint.spans import longer, span
from yimen.modules.items.wording import (
    AUDIENCE_WORDS,
    CHANNEL_WORDS,
    DELIVERY_WORDS,
    DEPTH_WORDS,
    FIELD_WORDS,
    LEVEL_WORDS,
    limit_words,
)


class Effect(StrEnum):
    """What a change means for the person who applies."""

    EASIER = "easier"
    HARDER = "harder"
    NEUTRAL = "neutral"


@dataclass(frozen=True, kw_only=True)
class Change:
    """One difference.

    Args:
        part: field of the content, such as ``materials``.
        key: which row of a list, "" for a single field.
        kind: added, removed, changed or moved.
        before, after: plain values; None where there is none. For ``moved`` the order of keys.
        sentence: what changed, in plain Chinese.
        effect: easier, harder or neutral.
    """

    part: str
    key: str
    kind: str
    before: Any
    after: Any
    sentence: str
    effect: Effect = Effect.NEUTRAL

    @property
    def part_words(self) -> str:
        return FIELD_WORDS.get(self.part, self.part)


Plain = dict[str, Any]
Row = Mapping[str, Any]

_BY_CODE = ("code",)
LISTS: dict[str, tuple[str, ...]] = {
    "materials": _BY_CODE,
    "steps": _BY_CODE,
    "situations": _BY_CODE,
    "special_procedures": ("code", "name"),
    "basis": ("kind", "law", "article"),
    "conditions": ("text",),
    "fees": ("name",),
    "results": ("name",),
    "places": ("name", "window"),
    "faq": ("question",),
}
"""Lists of rows and the fields by which rows of two versions are the same row."""
_CHOICES: dict[str, Mapping[str, str]] = {
    "audience": AUDIENCE_WORDS,
    "channels": CHANNEL_WORDS,
    "delivery": DELIVERY_WORDS,
}
_NAMED: dict[str, Mapping[str, str]] = {"level": LEVEL_WORDS, "online_depth": DEPTH_WORDS}
_DEPTHS = ("I", "II", "III", "IV")
_TITLE = {
    "materials": "name",
    "steps": "name",
    "situations": "question",
    "special_procedures": "name",
    "basis": "law",
    "conditions": "text",
    "fees": "name",
    "results": "name",
    "places": "name",
    "faq": "question",
}
_MORE_IS_HARDER = frozenset({"materials", "conditions", "fees", "special_procedures", "situations", "steps"})
_MORE_IS_EASIER = frozenset({"places", "faq"})


def compare(old: StandardContent, new: StandardContent) -> list[Change]:
    """Every difference, in the order of the schema; an empty list when the contents are equal."""
    before, after = old.model_dump(mode="json"), new.model_dump(mode="json")
    found: list[Change] = []
    for part in StandardContent.model_fields:
        if before[part] == after[part]:
            continue
        if part in LISTS:
            found += _rows(part, before[part], after[part])
        else:
            found.append(_single(part, before[part], after[part]))
    return found


def apply(old: StandardContent, changes: Sequence[Change]) -> StandardContent:
    """Carry changes out on a content: ``apply(old, compare(old, new)) == new``, so that nothing is lost."""
    plain = old.model_dump(mode="json")
    for part in dict.fromkeys(change.part for change in changes):
        own = [change for change in changes if change.part == part]
        plain[part] = _applied_rows(part, plain[part], own) if part in LISTS else own[-1].after
    return StandardContent.model_validate(plain)


def keyed(part: str, rows: Sequence[Row]) -> dict[str, Row]:
    """Rows by key; a repeated key gets a number so that no row is lost."""
    found: dict[str, Row] = {}
    for row in rows:
        base = key = "｜".join(str(row.get(field) or "") for field in LISTS[part])
        number = 1
        while key in found:
            number += 1
            key = f"{base}#{number}"
        found[key] = row
    return found


def _applied_rows(part: str, rows: Sequence[Row], changes: Sequence[Change]) -> list[Row]:
    held = dict(keyed(part, rows))
    order = list(held)
    for change in changes:
        if change.kind == "removed":
            held.pop(change.key)
            order.remove(change.key)
        elif change.kind == "moved":
            order = list(change.after)
        else:
            held[change.key] = change.after
            if change.kind == "added":
                order.append(change.key)
    return [held[key] for key in order]


def _rows(part: str, before: Sequence[Row], after: Sequence[Row]) -> list[Change]:
    old, new = keyed(part, before), keyed(part, after)
    found = [_removed(part, key, row) for key, row in old.items() if key not in new]
    found += [
        _altered(part, key, old[key], row) for key, row in new.items() if key in old and old[key] != row
    ]
    added = [key for key in new if key not in old]
    found += [_added(part, key, new[key]) for key in added]
    kept = [key for key in old if key in new]
    if [*kept, *added] != list(new):
        words = FIELD_WORDS[part]
        found.append(
            Change(
                part=part,
                key="",
                kind="moved",
                before=kept,
                after=list(new),
                sentence=f"{words}的先后顺序有调整。",
            )
        )
    return found


def _title(part: str, row: Row) -> str:
    text = str(row.get(_TITLE[part]) or "")
    return f"“{text[:60]}{'…' if len(text) > 60 else ''}”"


def _removed(part: str, key: str, row: Row) -> Change:
    words = {
        "materials": "不再需要提交",
        "fees": "不再收取",
        "conditions": "取消了受理条件",
        "steps": "减少了审查环节",
    }
    lead = words.get(part, f"{FIELD_WORDS[part]}删去")
    effect = (
        Effect.EASIER
        if part in _MORE_IS_HARDER
        else Effect.HARDER
        if part in _MORE_IS_EASIER
        else Effect.NEUTRAL
    )
    return Change(
        part=part,
        key=key,
        kind="removed",
        before=row,
        after=None,
        sentence=f"{lead}{_title(part, row)}。",
        effect=effect,
    )


def _added(part: str, key: str, row: Row) -> Change:
    words = {
        "materials": "新增申请材料",
        "fees": "新增收费",
        "conditions": "新增受理条件",
        "steps": "新增审查环节",
    }
    lead = words.get(part, f"{FIELD_WORDS[part]}增加")
    effect = (
        Effect.HARDER
        if part in _MORE_IS_HARDER
        else Effect.EASIER
        if part in _MORE_IS_EASIER
        else Effect.NEUTRAL
    )
    tail = ""
    if part == "materials" and row.get("sources"):
        tail, effect = "（可以免提交）", Effect.NEUTRAL
    if part == "fees" and float(row.get("amount") or 0) == 0:
        effect = Effect.NEUTRAL
    return Change(
        part=part,
        key=key,
        kind="added",
        before=None,
        after=row,
        sentence=f"{lead}{_title(part, row)}{tail}。",
        effect=effect,
    )


def _altered(part: str, key: str, before: Row, after: Row) -> Change:
    fields = [field for field in after if before.get(field) != after.get(field)]
    details, effects = [], []
    for field in fields:
        detail, effect = _detail(part, field, before.get(field), after.get(field))
        details.append(detail)
        effects.append(effect)
    return Change(
        part=part,
        key=key,
        kind="changed",
        before=before,
        after=after,
        sentence=f"{FIELD_WORDS[part]}{_title(part, after)}：{'，'.join(details)}。",
        effect=_together(effects),
    )


def _together(effects: Sequence[Effect]) -> Effect:
    if Effect.HARDER in effects:
        return Effect.HARDER
    return Effect.EASIER if Effect.EASIER in effects else Effect.NEUTRAL


def _detail(part: str, field: str, before: Any, after: Any) -> tuple[str, Effect]:
    words = FIELD_WORDS.get(field, field)
    if (
        field in ("originals", "copies", "amount", "officers", "days")
        and _numeric(before)
        and _numeric(after)
    ):
        less_is_easier = field != "days" and field != "officers"
        effect = _by_size(float(before), float(after)) if less_is_easier else Effect.NEUTRAL
        return f"{words}由{before}改为{after}", effect
    if field == "limit" and isinstance(before, dict) and isinstance(after, dict):
        return f"时限由{_limit(before)}改为{_limit(after)}", Effect.NEUTRAL
    if field == "sources":
        gained = len(after or ()) - len(before or ())
        if gained:
            return ("新增免提交途径", Effect.EASIER) if gained > 0 else ("减少了免提交途径", Effect.HARDER)
        return "免提交途径有变化", Effect.NEUTRAL
    if field == "main" and part == "materials":
        return (
            ("改为主要材料，不能容缺", Effect.HARDER) if after else ("改为次要材料，可以后补", Effect.EASIER)
        )
    if field == "required_when" and not before:
        return "改为只在部分情形需要", Effect.EASIER
    if field == "required_when" and not after:
        return "改为所有情形都需要", Effect.HARDER
    return f"{words}有修改", Effect.NEUTRAL


def _numeric(value: Any) -> bool:
    try:
        float(value)
    except (TypeError, ValueError):
        return False
    return True


def _by_size(before: float, after: float) -> Effect:
    if after == before:
        return Effect.NEUTRAL
    return Effect.EASIER if after < before else Effect.HARDER


def _limit(value: Row | None) -> str:
    return limit_words(int(value["amount"]), str(value["unit"])) if value else "没有"


def _single(part: str, before: Any, after: Any) -> Change:
    maker = _SINGLE.get(part)
    if maker is not None:
        sentence, effect = maker(before, after)
    elif part in _CHOICES:
        sentence, effect = _choices(part, before, after)
    elif part in _NAMED:
        sentence, effect = _named(part, before, after)
    elif isinstance(after, str) and isinstance(before, str) and len(before) + len(after) <= 80:
        sentence, effect = f"{FIELD_WORDS[part]}由“{before or '空'}”改为“{after or '空'}”。", Effect.NEUTRAL
    else:
        sentence, effect = f"{FIELD_WORDS[part]}有修改。", Effect.NEUTRAL
    return Change(
        part=part, key="", kind="changed", before=before, after=after, sentence=sentence, effect=effect
    )


def _limit_change(words: str, counts: bool) -> Callable[[Any, Any], tuple[str, Effect]]:
    def make(before: Row, after: Row) -> tuple[str, Effect]:
        if (before["amount"], before["unit"]) == (after["amount"], after["unit"]):
            return f"{words}的说明或者依据有修改。", Effect.NEUTRAL
        effect = _limit_effect(before, after) if counts else Effect.NEUTRAL
        return f"{words}由{_limit(before)}改为{_limit(after)}。", effect

    return make


def _limit_effect(before: Row, after: Row) -> Effect:
    old, new = Limit.model_validate(dict(before)), Limit.model_validate(dict(after))
    if longer(new, old) or (old.amount == 0 and new.amount):
        return Effect.HARDER
    if longer(old, new) or (new.amount == 0 and old.amount):
        return Effect.EASIER
    return _by_size(sum(span(old.amount, old.unit)), sum(span(new.amount, new.unit)))


def _visits(before: int, after: int) -> tuple[str, Effect]:
    return f"到现场次数由{before}次改为{after}次。", _by_size(before, after)


def _instant(_: bool, after: bool) -> tuple[str, Effect]:
    return ("改为当场办结的即办件。", Effect.EASIER) if after else ("不再是当场办结的即办件。", Effect.HARDER)


def _offered(words: str) -> Callable[[Any, Any], tuple[str, Effect]]:
    def make(before: Any, after: Any) -> tuple[str, Effect]:
        if not before:
            return f"新开通{words}。", Effect.EASIER
        if not after:
            return f"不再提供{words}。", Effect.HARDER
        return f"{words}的办法有修改。", Effect.NEUTRAL

    return make


def _form(before: Row, after: Row) -> tuple[str, Effect]:
    def asked(form: Row) -> dict[str, bool]:
        return {f["element"]: f["required"] for section in form["sections"] for f in section["fields"]}

    old, new = asked(before), asked(after)
    fewer, more = len(old.keys() - new.keys()), len(new.keys() - old.keys())
    if fewer or more:
        told = "，".join(w for n, w in ((fewer, f"少填{fewer}项"), (more, f"多填{more}项")) if n)
        return f"申请表{told}。", _by_size(len(old), len(new))
    return "申请表的内容有调整。", _by_size(sum(old.values()), sum(new.values()))


_SINGLE: dict[str, Callable[[Any, Any], tuple[str, Effect]]] = {
    "legal_limit": _limit_change("法定办结时限", counts=False),
    "promised_limit": _limit_change("承诺办结时限", counts=True),
    "visits": _visits,
    "instant": _instant,
    "tolerance": _offered("容缺受理"),
    "promise": _offered("告知承诺"),
    "online_payment": _offered("网上支付"),
    "form": _form,
}


def _choices(part: str, before: Sequence[str], after: Sequence[str]) -> tuple[str, Effect]:
    words = _CHOICES[part]
    gained = [words.get(v, v) for v in after if v not in before]
    lost = [words.get(v, v) for v in before if v not in after]
    told = "，".join(
        w for some, w in ((gained, f"增加{'、'.join(gained)}"), (lost, f"减少{'、'.join(lost)}")) if some
    )
    effect = Effect.HARDER if lost else Effect.EASIER if gained else Effect.NEUTRAL
    return f"{FIELD_WORDS[part]}{told or '的顺序有调整'}。", effect


def _named(part: str, before: str, after: str) -> tuple[str, Effect]:
    words = _NAMED[part]
    effect = Effect.NEUTRAL
    if part == "online_depth":
        effect = _by_size(-_DEPTHS.index(before), -_DEPTHS.index(after))
    return f"{FIELD_WORDS[part]}由{words.get(before, before)}改为{words.get(after, after)}。", effect
