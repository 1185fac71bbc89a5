"""The author's form over a standard: which fields, in which groups, and from what was posted back to a content (pure).

What the form does not show (joint opinions of a step, validity of a result …) is kept from the stored row that a posted row came
from (``_was``), so that nothing is lost by editing here instead of in the YAML tab.
"""

import re
from collections.abc import Iterable, Mapping
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any

from yimen.modules.forms.api import ELEMENTS
from yimen.modules.items.content import ITEM_TYPE_LABELS
from yimen.modules.items.presenting import POST_WORDS
from yimen.modules.items.wording import (
    AUDIENCE_WORDS,
    BASIS_WORDS,
    CHANNEL_WORDS,
    DELIVERY_WORDS,
    DEPTH_WORDS,
    LEVEL_WORDS,
    MATERIAL_KIND_WORDS,
    MEDIUM_WORDS,
    PROCEDURE_WORDS,
    RESULT_WORDS,
    SOURCE_WORDS,
    TRUST_WORDS,
)

Options = tuple[tuple[str, str], ...]
MOST_ROWS = 200


def _options(words: Mapping[Any, str]) -> Options:
    return tuple((str(getattr(key, "value", key)), label) for key, label in words.items())


UNITS: Options = (
    ("working_day", "工作日"),
    ("calendar_day", "自然日"),
    ("month", "月"),
    ("year", "年"),
    ("working_hour", "工作小时"),
    ("hour", "小时"),
)


@dataclass(frozen=True)
class Spec:
    """One field of the form.

    Args:
        kind: text, long, int, choice, many, flag, lines (one entry a line), sources.
    """

    name: str
    label: str
    kind: str = "text"
    options: Options = ()
    hint: str = ""
    required: bool = False

    @property
    def wide(self) -> bool:
        return self.kind in ("long", "lines", "many", "sources")


@dataclass(frozen=True)
class Group:
    """A group of fields; with ``rows`` a list of rows of these fields."""

    key: str
    title: str
    specs: tuple[Spec, ...]
    rows: bool = False
    row_words: str = ""


@dataclass(frozen=True, kw_only=True)
class Control:
    """A field with its name in the page, its value and what is wrong with it."""

    spec: Spec
    name: str
    value: Any
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Row:
    number: int
    was: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, kw_only=True)
class Shown:
    group: Group
    controls: tuple[Control, ...] = ()
    rows: tuple[Row, ...] = ()
    errors: int = field(default=0)


S = Spec
GROUPS: tuple[Group, ...] = (
    Group(
        "basic",
        "基本信息",
        (
            S("name", "事项名称", required=True),
            S("type", "事项类型", "choice", _options(ITEM_TYPE_LABELS), required=True),
            S("level", "行使层级", "choice", _options(LEVEL_WORDS)),
            S("summary", "一句话说明", "long", hint="用邻居听得懂的话写：这是办什么的、什么时候要办。"),
            S("aliases", "常用叫法", "lines", hint="办事人会用什么词来找它，每行一个。"),
            S("audience", "服务对象", "many", _options(AUDIENCE_WORDS), required=True),
            S("themes", "主题", "lines", hint="每行一个。"),
            S("undertaking_office", "承办机构"),
            S("authority", "权限划分与行使内容", "long"),
            S("scope", "通办范围"),
        ),
    ),
    Group(
        "limits",
        "时限与跑动",
        (
            S("instant", "即办件（当场办结）", "flag"),
            S("legal_limit.amount", "法定办结时限", "int", required=True),
            S("legal_limit.unit", "单位", "choice", UNITS),
            S("legal_limit.clause", "时限依据", hint="例如：行政许可法第四十二条"),
            S("legal_limit.note", "法定时限说明"),
            S("promised_limit.amount", "承诺办结时限", "int", required=True),
            S("promised_limit.unit", "单位", "choice", UNITS),
            S("promised_limit.note", "承诺时限说明"),
            S("visits", "到现场次数", "int"),
            S("visit_reason", "必须到现场的原因"),
            S("online_depth", "网办深度", "choice", _options(DEPTH_WORDS)),
            S("channels", "办理形式", "many", _options(CHANNEL_WORDS)),
            S("delivery", "送达方式", "many", _options(DELIVERY_WORDS)),
            S("online_payment", "支持网上支付", "flag"),
        ),
    ),
    Group(
        "basis",
        "依据",
        (
            S("law", "法律法规名称", required=True),
            S("article", "条款", hint="例如：第三十五条第一款"),
            S("kind", "种类", "choice", _options(BASIS_WORDS)),
            S("text", "条文", "long"),
        ),
        True,
        "条依据",
    ),
    Group(
        "conditions",
        "受理条件",
        (
            S("text", "条件", "long", required=True),
            S("rule", "自动判断的规则", hint="可以不填。例如：age_on(birth_date) >= 18"),
            S("failing", "不满足时告诉办事人什么"),
        ),
        True,
        "个条件",
    ),
    Group(
        "situations",
        "情形（先问办事人的问题）",
        (
            S("code", "代码", hint="小写字母开头，例如 has_agent", required=True),
            S("question", "问题", required=True),
            S("options", "选项", "lines", hint="每行一个，至少两个。"),
        ),
        True,
        "个问题",
    ),
    Group(
        "materials",
        "申请材料",
        (
            S("name", "材料名称", required=True),
            S("code", "代码", hint="字母和数字，例如 id_card", required=True),
            S("kind", "种类", "choice", _options(MATERIAL_KIND_WORDS)),
            S("trust", "可信等级", "choice", _options(TRUST_WORDS)),
            S("originals", "原件份数", "int"),
            S("copies", "复印件份数", "int"),
            S("medium", "介质", "choice", _options(MEDIUM_WORDS)),
            S("main", "主要材料（不能后补）", "flag"),
            S("issuer", "出具单位"),
            S("required_when", "何时需要", hint="空着表示都需要；否则写规则。"),
            S("basis", "要求的依据"),
            S(
                "sources",
                "免提交途径",
                "sources",
                hint="每行一个，例如：电子证照 营业执照。种类有：电子证照、数据共享核验、告知承诺、其他事项的办理结果。",
            ),
            S("notes", "填报须知", "long"),
        ),
        True,
        "份材料",
    ),
    Group(
        "form_fields",
        "申请表",
        (
            S("section", "分组", required=True),
            S(
                "element",
                "填写项",
                "choice",
                tuple((code, e.name) for code, e in ELEMENTS.items()),
                required=True,
            ),
            S("label", "换个说法"),
            S("required", "必填", "flag"),
            S("when", "何时显示", hint="空着表示都显示；否则写规则。"),
            S("hint", "填写提示"),
        ),
        True,
        "个填写项",
    ),
    Group(
        "steps",
        "审查环节",
        (
            S("name", "环节名称", required=True),
            S("code", "代码", hint="小写字母开头，例如 review", required=True),
            S("post", "岗位", "choice", _options(POST_WORDS), required=True),
            S("limit.amount", "时限", "int"),
            S("limit.unit", "单位", "choice", UNITS),
            S("officers", "办理人数", "int"),
            S("after", "前置环节代码", "lines", hint="空着表示接在上一个环节之后。"),
            S("when", "何时适用", hint="空着表示都适用；否则写规则。"),
            S("points", "审查要点", "lines", hint="每行一条。"),
        ),
        True,
        "个环节",
    ),
    Group(
        "special_procedures",
        "特别程序（依法不计入时限）",
        (
            S("code", "种类", "choice", _options(PROCEDURE_WORDS)),
            S("name", "名称", required=True),
            S("limit.amount", "时限", "int"),
            S("limit.unit", "单位", "choice", UNITS),
            S("clause", "条款依据", required=True),
            S("excluded", "不计入办理时限", "flag"),
        ),
        True,
        "个程序",
    ),
    Group(
        "fees",
        "收费",
        (
            S("name", "收费项目", required=True),
            S("amount", "金额", required=True, hint="元"),
            S("unit", "单位"),
            S("basis", "收费依据", required=True),
            S("waiver", "减免"),
        ),
        True,
        "个项目",
    ),
    Group(
        "results",
        "办理结果",
        (
            S("name", "结果名称", required=True),
            S("kind", "种类", "choice", _options(RESULT_WORDS)),
            S("licence_type", "证照类型"),
            S("sample", "样本"),
            S("validity.amount", "有效期", "int"),
            S("validity.unit", "单位", "choice", UNITS),
        ),
        True,
        "个结果",
    ),
    Group(
        "places",
        "办理地点",
        (
            S("name", "名称", required=True),
            S("address", "地址", required=True),
            S("window", "窗口"),
            S("hours", "办公时间"),
            S("phone", "电话"),
        ),
        True,
        "个地点",
    ),
    Group(
        "contact",
        "咨询与投诉",
        (
            S("consult_phone", "咨询电话"),
            S("complaint_phone", "投诉电话"),
            S("consult_address", "咨询地址"),
            S("complaint_address", "投诉地址"),
            S("remedies", "救济途径", "long"),
        ),
    ),
    Group(
        "faq",
        "常见问题",
        (S("question", "问题", required=True), S("answer", "回答", "long", required=True)),
        True,
        "个问题",
    ),
)
GROUP_OF = {group.key: group for group in GROUPS}
_SOURCE_OF = {label: kind for kind, label in SOURCE_WORDS.items()} | {
    "数据共享": "shared_data",
    "其他事项结果": "output_of",
}


# ---- showing ------------------------------------------------------------------------------------------------------


def shown(data: Mapping[str, Any], errors: Mapping[str, str]) -> list[Shown]:
    """The groups with values and errors; ``data`` is a content or what was typed."""
    found = []
    for group in GROUPS:
        if group.rows:
            rows = tuple(
                Row(
                    number=n,
                    was=str(row.get("_was", n)),
                    controls=_controls(group, row, f"{group.key}.{n}.", errors),
                )
                for n, row in enumerate(_rows_of(group.key, data))
            )
            wrong = sum(bool(c.error) for row in rows for c in row.controls)
            found.append(Shown(group=group, rows=rows, errors=wrong))
        else:
            controls = _controls(group, data, "", errors)
            found.append(Shown(group=group, controls=controls, errors=sum(bool(c.error) for c in controls)))
    return found


def _rows_of(key: str, data: Mapping[str, Any]) -> list[dict[str, Any]]:
    if key == "form_fields":
        return form_rows(data)
    return [dict(row) for row in data.get(key) or () if isinstance(row, Mapping)]


def form_rows(data: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The form's sections as one flat list of fields."""
    if "form_fields" in data:
        return [dict(row) for row in data["form_fields"]]
    sections = (data.get("form") or {}).get("sections") or ()
    return [
        {**row, "section": section.get("title", ""), "_was": f"{i}.{j}"}
        for i, section in enumerate(sections)
        for j, row in enumerate(section.get("fields") or ())
    ]


def _controls(
    group: Group, data: Mapping[str, Any], lead: str, errors: Mapping[str, str]
) -> tuple[Control, ...]:
    found = []
    for spec in group.specs:
        name = lead + spec.name
        found.append(
            Control(
                spec=spec, name=name, value=_value(spec, _reach(data, spec.name)), error=_error(name, errors)
            )
        )
    return tuple(found)


def _error(name: str, errors: Mapping[str, str]) -> str:
    """The field's own error, or one of an entry inside it (``aliases.2``)."""
    if name in errors:
        return errors[name]
    return next((text for path, text in errors.items() if path.startswith(name + ".")), "")


def _reach(data: Mapping[str, Any], path: str) -> Any:
    value: Any = data
    for part in path.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _value(spec: Spec, value: Any) -> Any:
    if spec.kind == "sources" and isinstance(value, list | tuple):
        return "\n".join(_source_line(row) for row in value)
    if spec.kind == "lines" and isinstance(value, list | tuple):
        return "\n".join(map(str, value))
    if spec.kind == "many":
        return list(value or ())
    return "" if value is None else value


def _source_line(row: Any) -> str:
    if not isinstance(row, Mapping):
        return str(row)
    return " ".join(
        filter(None, (SOURCE_WORDS.get(row.get("kind", ""), ""), row.get("name", ""), row.get("code", "")))
    )


# ---- reading back -------------------------------------------------------------------------------------------------


class Posted(Mapping[str, str]):
    """What was posted: single values, and all values of a name."""

    def __init__(self, values: Mapping[str, list[str]]) -> None:
        self._values = values

    def __getitem__(self, name: str) -> str:
        return self._values[name][-1]

    def __iter__(self) -> Any:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def all(self, name: str) -> list[str]:
        return self._values.get(name, [])


def from_post(posted: Posted, stored: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed, over what is stored: ready to be checked by the schema, or to be shown again.

    Rows carry ``_was`` and the form its flat ``form_fields`` until ``finished``.
    """
    data = deepcopy(dict(stored))
    for group in GROUPS:
        if group.rows:
            old = {str(row.get("_was", n)): row for n, row in enumerate(_rows_of(group.key, stored))}
            data[group.key] = [_read_row(group, posted, n, old) for n in _numbers(group.key, posted)]
        else:
            _read(group, posted, "", data)
    return data


def _numbers(key: str, posted: Posted) -> Iterable[int]:
    pattern = re.compile(rf"{key}\.(\d{{1,4}})\.")
    found = {int(match[1]) for name in posted if (match := pattern.match(name))}
    return sorted(found)[:MOST_ROWS]


def _read_row(
    group: Group, posted: Posted, number: int, old: Mapping[str, Mapping[str, Any]]
) -> dict[str, Any]:
    was = posted.get(f"{group.key}.{number}._was", "")
    row = deepcopy(dict(old.get(was, {})))
    row["_was"] = was
    _read(group, posted, f"{group.key}.{number}.", row)
    return row


def _read(group: Group, posted: Posted, lead: str, into: dict[str, Any]) -> None:
    for spec in group.specs:
        name = lead + spec.name
        if spec.kind == "flag":
            _put(into, spec.name, name in posted)
        elif spec.kind == "many":
            _put(into, spec.name, posted.all(name))
        elif name in posted:
            _put(into, spec.name, _typed(spec, posted[name]))
    for part in ("limit", "validity"):
        limit = into.get(part)
        if isinstance(limit, dict) and limit.get("amount") in (None, ""):
            into[part] = None


def _typed(spec: Spec, text: str) -> Any:
    text = text.replace("\r\n", "\n").strip()
    if spec.kind == "lines":
        return [line.strip() for line in text.split("\n") if line.strip()]
    if spec.kind == "sources":
        return [_source(line) for line in text.split("\n") if line.strip()]
    if spec.kind == "int" and re.fullmatch(r"\d{1,6}", text):
        return int(text)
    return text


def _source(line: str) -> dict[str, str]:
    parts = re.split(r"[\s：:，,]+", line.strip(), maxsplit=2)
    return {
        "kind": _SOURCE_OF.get(parts[0], parts[0]),
        "name": parts[1] if len(parts) > 1 else "",
        "code": parts[2] if len(parts) > 2 else "",
    }


def _put(into: dict[str, Any], path: str, value: Any) -> None:
    *above, last = path.split(".")
    for part in above:
        inner = into.get(part)
        into[part] = inner = dict(inner) if isinstance(inner, Mapping) else {}
        into = inner
    into[last] = value


def finished(data: Mapping[str, Any]) -> dict[str, Any]:
    """What was typed as a content: empty numbers left out, the form put together, marks taken off."""
    plain = {key: value for key, value in data.items() if key != "form_fields"}
    for key in ("legal_limit", "promised_limit"):
        plain[key] = {k: v for k, v in (plain.get(key) or {}).items() if not (k == "amount" and v == "")}
    for key in ("visits",):
        if plain.get(key) == "":
            plain.pop(key)
    for group in GROUPS:
        if group.rows and group.key != "form_fields":
            plain[group.key] = [_clean(group, row) for row in plain.get(group.key) or ()]
    if "form_fields" in data:
        plain["form"] = _form(data)
    return plain


def _clean(group: Group, row: Mapping[str, Any]) -> dict[str, Any]:
    numbers = {spec.name for spec in group.specs if spec.kind == "int"}
    kept = {k: v for k, v in row.items() if k != "_was" and not (k in numbers and v == "")}
    if group.key == "fees" and kept.get("amount") == "":
        kept.pop("amount")
    return kept


def _form(data: Mapping[str, Any]) -> dict[str, Any]:
    """Neighbouring fields with the same group become one section; a section keeps its help and condition."""
    form = deepcopy(dict(data.get("form") or {}))
    old = {section.get("title"): section for section in form.get("sections") or ()}
    sections: list[dict[str, Any]] = []
    for row in data["form_fields"]:
        title = row.get("section") or ""
        if not sections or sections[-1]["title"] != title:
            kept = old.get(title, {})
            sections.append(
                {"title": title, "hint": kept.get("hint", ""), "when": kept.get("when", ""), "fields": []}
            )
        sections[-1]["fields"].append({k: v for k, v in row.items() if k not in ("section", "_was")})
    form["sections"] = sections
    return form


def rearranged(data: dict[str, Any], act: str) -> dict[str, Any]:
    """Carry out a row button: ``add:materials``, ``remove:materials:2``, ``up:materials:2``."""
    verb, _, rest = act.partition(":")
    key, _, text = rest.partition(":")
    if key not in GROUP_OF or not GROUP_OF[key].rows:
        return data
    rows = list(data.get(key) or ())
    number = int(text) if text.isdigit() and len(text) < 5 else -1
    if verb == "add" and len(rows) < MOST_ROWS:
        rows.append(_empty(GROUP_OF[key], rows))
    elif verb == "remove" and 0 <= number < len(rows):
        rows.pop(number)
    elif verb == "up" and 0 < number < len(rows):
        rows[number - 1], rows[number] = rows[number], rows[number - 1]
    return {**data, key: rows}


def _empty(group: Group, rows: list[Any]) -> dict[str, Any]:
    row: dict[str, Any] = {"_was": ""}
    if group.key == "materials":
        row |= {"code": f"m{len(rows) + 1}", "main": True, "trust": "C", "medium": "either"}
    if group.key == "form_fields" and rows:
        row["section"] = rows[-1].get("section", "")
    if group.key == "steps":
        row |= {"code": f"step{len(rows) + 1}", "post": "reviewer", "officers": 1}
    if group.key == "special_procedures":
        row["excluded"] = True
    return row
