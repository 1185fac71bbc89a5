"""What a new version of a standard changes for one person (pure): only what touches the answers given so far."""

from collections.abc import Mapping
from typing import Any

from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.items.content import Limit, StandardContent

UNITS = {
    "working_day": "个工作日", "calendar_day": "天", "month": "个月", "year": "年",
    "working_hour": "个工作小时", "hour": "小时",
}  # fmt: skip


def changes_for(before: StandardContent, after: StandardContent, values: Mapping[str, Any]) -> list[str]:
    """Sentences for the person who was filling in under ``before``; empty when nothing touches them.

    Args:
        values: answers to the questions and the form, as typed.
    """
    return [
        *_questions(before, after),
        *_materials(before, after, values),
        *_fields(before, after, values),
        *_terms(before, after),
    ]


def limit_words(limit: Limit) -> str:
    return f"{limit.amount}{UNITS[limit.unit]}" if limit.amount else "当场办结"


def _questions(before: StandardContent, after: StandardContent) -> list[str]:
    known = {s.code: s for s in before.situations}
    told = [f"多了一个问题：{s.question}" for s in after.situations if s.code not in known]
    left = {s.code for s in after.situations}
    told += [f"不再问：{s.question}" for s in before.situations if s.code not in left]
    changed = [s for s in after.situations if s.code in known and known[s.code].options != s.options]
    return told + [f"“{s.question}”的选项变了，请再看一下。" for s in changed]


def _materials(before: StandardContent, after: StandardContent, values: Mapping[str, Any]) -> list[str]:
    old = {m.code: m.name for m in cases.required_materials(before, values)}
    new = {m.code: m.name for m in cases.required_materials(after, values)}
    return [f"要多交一份：{name}" for code, name in new.items() if code not in old] + [
        f"不用再交：{name}" for code, name in old.items() if code not in new
    ]


def _fields(before: StandardContent, after: StandardContent, values: Mapping[str, Any]) -> list[str]:
    def shown(content: StandardContent) -> dict[str, str]:
        own = {f.element for f in content.form.fields()}
        typed = {code: value for code, value in values.items() if code in own}
        known = {s.code: values[s.code] for s in content.situations if s.code in values}
        return {f.element: content.form.label(f) for f in forms.visible_fields(content.form, typed, known)}

    old, new = shown(before), shown(after)
    return [f"申请表多了一项：{label}" for code, label in new.items() if code not in old] + [
        f"申请表不再要填：{label}（您填过的内容不会交出去）"
        for code, label in old.items()
        if code not in new and values.get(code) not in (None, "")
    ]


def _terms(before: StandardContent, after: StandardContent) -> list[str]:
    told = []
    if (before.promised_limit.amount, before.promised_limit.unit) != (
        after.promised_limit.amount, after.promised_limit.unit,
    ):  # fmt: skip
        told.append(
            f"承诺的时间由{limit_words(before.promised_limit)}改为{limit_words(after.promised_limit)}。"
        )
    if {(f.name, f.amount) for f in before.fees} != {(f.name, f.amount) for f in after.fees}:
        fees = "、".join(f"{f.name} {f.amount}{f.unit}" for f in after.fees)
        told.append(f"收费变了：{fees or '不收费'}。")
    return told
