"""One row of a catalogue to one item: what is known is taken, what is doubtful is said, nothing is invented."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from pydantic import ValidationError

from yimen.modules.authoring.intake.words import AUDIENCE, CHANNELS, LEVELS, SICHUAN_TYPES, TYPE_WORDS, UNITS
from yimen.modules.items.api.contents import (
    TYPE_OF_CODE,
    UNCONFIRMED,
    ParsedCode,
    code_shape_problem,
    longer,
    parse_item_code,
    uscc_problem,
)
from yimen.modules.items.api.words import place_words, sentences
from yimen.modules.items.content import (
    ITEM_TYPE_LABELS,
    Basis,
    Condition,
    ItemResult,
    ItemType,
    Limit,
    MaterialRequirement,
    StandardContent,
)

CODE_LENGTH = 64
ERROR, DOUBT, INFO = "error", "warning", "info"


@dataclass(frozen=True, kw_only=True)
class Note:
    """A remark about one row: ``error`` refuses the row, ``warning`` is a doubt, ``info`` says what was done."""

    row: int
    field: str
    severity: str
    code: str
    problem: str
    right: str = ""


@dataclass(kw_only=True)
class Draft:
    """An item as a row describes it; ``content`` is None when the row cannot be taken."""

    row: int
    code: str = ""
    base_code: str = ""
    slug: str = ""
    name: str = ""
    department: str = ""
    organisation: str = ""
    uscc: str = ""
    area: str = ""
    content: StandardContent | None = None
    notes: list[Note] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        return any(note.severity == ERROR for note in self.notes)

    def say(self, severity: str, field_name: str, code: str, problem: str, right: str = "") -> None:
        self.notes.append(
            Note(row=self.row, field=field_name, severity=severity, code=code, problem=problem, right=right)
        )


def draft_of(row: int, values: Mapping[str, Any]) -> Draft:
    """Read one row.

    Args:
        row: its number as people count: the header is row 1.
        values: by field (``intake.columns``).
    """
    if isinstance(values.get("content"), dict):
        return _whole(row, values)
    draft = Draft(row=row)
    for name in ("department", "organisation", "base_code", "slug"):
        setattr(draft, name, _text(values, name))
    draft.base_code = draft.base_code[:CODE_LENGTH]
    draft.name = _name(draft, values)
    parsed = _code(draft, values)
    kind = _type(draft, values, parsed)
    draft.uscc = _uscc(draft, values, parsed)
    draft.area = _area(draft, values, parsed)
    if kind is None or draft.refused:
        return draft
    try:
        draft.content = _content(draft, values, kind, parsed)
    except ValidationError as error:
        for path, sentence in sentences(error).items():
            draft.say(ERROR, path, "content", f"{place_words(path)}：{sentence}")
    return draft


def _whole(row: int, values: Mapping[str, Any]) -> Draft:
    """A row that carries a whole standard, as exported."""
    draft = Draft(row=row)
    for name in ("code", "base_code", "slug", "department", "organisation", "uscc", "area"):
        setattr(draft, name, _text(values, name)[:300])
    draft.name = str(values["content"].get("name") or "")[:300]
    if problem := code_shape_problem(draft.code, CODE_LENGTH):
        draft.say(ERROR, "code", "code_missing", problem)
    try:
        draft.content = StandardContent.model_validate(values["content"])
    except ValidationError as error:
        for path, sentence in sentences(error).items():
            draft.say(ERROR, path, "content", f"{place_words(path)}：{sentence}")
    return draft


def _text(values: Mapping[str, Any], name: str) -> str:
    value = values.get(name)
    if isinstance(value, list | tuple):
        return ";".join(str(part) for part in value)
    text = "" if value is None else str(value).strip()
    return "".join(c for c in text if c.isprintable() or c in "\n\t").removeprefix("'").strip()


def _name(draft: Draft, values: Mapping[str, Any]) -> str:
    name = _text(values, "name") or _text(values, "main_item")
    if len(name) < 2:
        draft.say(ERROR, "name", "name_missing", "没有事项名称。", "请填写事项名称。")
    elif len(name) > 300:
        draft.say(ERROR, "name", "name_long", f"事项名称有{len(name)}个字。", "请精简到300个字以内。")
    opened, closed = len(re.findall(r"[（(]", name)), len(re.findall(r"[）)]", name))
    if opened != closed:
        draft.say(
            DOUBT, "name", "brackets", f"事项名称的括号不成对：{name[:80]}。", "请核对名称是不是被截断。"
        )
    elif name.count("（") != name.count("）"):
        draft.say(
            DOUBT, "name", "brackets_mixed", "事项名称的括号一边全角、一边半角。", "请统一用全角括号“（）”。"
        )
    if "&" in name and re.search(r"&(amp|lt|gt|quot|nbsp|#\d+);", name):
        draft.say(DOUBT, "name", "entities", "事项名称里有网页转义字符。", "请改成正常的标点。")
    return name[:300]


def _code(draft: Draft, values: Mapping[str, Any]) -> ParsedCode:
    draft.code = _text(values, "code")
    if problem := code_shape_problem(draft.code, CODE_LENGTH):
        draft.say(ERROR, "code", "code_missing" if not draft.code else "code_shape", problem)
        draft.code = draft.code[:CODE_LENGTH]
        return ParsedCode(code=draft.code, form="unknown")
    parsed = parse_item_code(draft.code)
    for doubt in parsed.doubts:
        short = parsed.form == "unknown" and len(draft.code) < 40
        draft.say(
            DOUBT, "code", "code_short" if short else "code_doubt", doubt, "请到事项管理系统核对后更正编码。"
        )
    if not draft.base_code:
        draft.base_code = parsed.catalogue
    return parsed


def _type(draft: Draft, values: Mapping[str, Any], parsed: ParsedCode) -> ItemType | None:
    word, code = _text(values, "type"), _text(values, "type_code")
    named = TYPE_WORDS.get(word) or next((kind for kind in ItemType if kind.value == word), None)
    coded = _type_of_code(code or parsed.type, parsed)
    if named and coded and named is not coded:
        draft.say(
            DOUBT,
            "type",
            "type_mismatch",
            f"事项类型写的是“{word}”，类型代码“{code or parsed.type}”却是“{ITEM_TYPE_LABELS[coded]}”。",
            "请核对后统一；导入按文字。",
        )
    if named is None and coded is None:
        draft.say(
            ERROR,
            "type",
            "type_unknown",
            f"事项类型“{word or code}”无法识别。",
            f"应为：{'、'.join(ITEM_TYPE_LABELS.values())}。",
        )
    return named or coded


def _type_of_code(code: str, parsed: ParsedCode) -> ItemType | None:
    """The same digits differ by province: 20 is 其他行政权力 in Guangdong and 公共服务 in Sichuan."""
    if not code:
        return None
    if parsed.form == "guangdong":
        return TYPE_OF_CODE.get(code.zfill(2))
    return SICHUAN_TYPES.get(code.lstrip("0"))


def _uscc(draft: Draft, values: Mapping[str, Any], parsed: ParsedCode) -> str:
    given = _text(values, "uscc").upper()
    if given and (problem := uscc_problem(given)):
        draft.say(DOUBT, "uscc", "uscc_invalid", problem, "请按机构证书更正；未采用这个代码。")
        given = ""
    if given and parsed.uscc and given != parsed.uscc:
        draft.say(
            DOUBT,
            "uscc",
            "uscc_differs",
            f"统一社会信用代码{given}与事项编码中的{parsed.uscc}不同。",
            "请核对事项由哪个部门实施。",
        )
    if not given and parsed.uscc and not uscc_problem(parsed.uscc):
        return parsed.uscc
    if not given and not parsed.uscc and parsed.form != "unknown":
        draft.say(DOUBT, "uscc", "uscc_missing", "没有实施主体的统一社会信用代码。", "请补上18位代码。")
    return given


def _area(draft: Draft, values: Mapping[str, Any], parsed: ParsedCode) -> str:
    digits = re.sub(r"\D", "", _text(values, "area"))
    area = digits or parsed.area
    if area and len(area) not in (2, 4, 6, 9, 12):
        draft.say(DOUBT, "area", "area_shape", f"区划代码“{area}”应为12位。", "请核对区划代码。")
        return ""
    if area and parsed.area and area.ljust(12, "0") != parsed.area:
        draft.say(
            DOUBT,
            "area",
            "area_differs",
            f"区划代码{area}与事项编码中的{parsed.area}不同。",
            "请核对事项属于哪个区划。",
        )
    return area.ljust(12, "0") if area else ""


def _content(draft: Draft, values: Mapping[str, Any], kind: ItemType, parsed: ParsedCode) -> StandardContent:
    legal = _limit(draft, values, "legal")
    promised = _limit(draft, values, "promised")
    if legal.note != UNCONFIRMED and promised.note != UNCONFIRMED and longer(promised, legal) == "surely":
        draft.say(
            DOUBT,
            "promised_limit",
            "promise_longer",
            "承诺时限长于法定时限。",
            "承诺时限不能比法定时限更长。",
        )
    audience = _listed(_text(values, "audience"), AUDIENCE)
    channels = _listed(_text(values, "channels"), CHANNELS)
    depth = _text(values, "online_depth").upper().removesuffix("级")
    return StandardContent(
        name=draft.name,
        summary=_text(values, "summary"),
        aliases=tuple(_parts(_text(values, "aliases"))),
        type=kind,
        audience=audience or ("person", "enterprise"),
        level=_level(_text(values, "level"), parsed, draft.area),
        basis=tuple(_basis(part) for part in _parts(_text(values, "basis"))),
        conditions=tuple(Condition(text=part) for part in _parts(_text(values, "conditions"))),
        materials=tuple(
            MaterialRequirement(code=f"m{n}", name=part[:300])
            for n, part in enumerate(_parts(_text(values, "materials")), start=1)
        ),
        legal_limit=legal,
        promised_limit=promised,
        channels=channels or ("window",),
        online_depth=depth if depth in ("I", "II", "III", "IV") else "I",
        visits=_visits(draft, values),
        visit_reason=_text(values, "visit_reason"),
        scope=_text(values, "scope") or "本部门窗口",
        results=tuple(ItemResult(name=part[:300]) for part in _parts(_text(values, "result"))),
        consult_phone=_text(values, "consult_phone"),
        complaint_phone=_text(values, "complaint_phone"),
        authority=f"主项：{_text(values, 'main_item')}" if _text(values, "main_item") else "",
    )


def _parts(text: str) -> list[str]:
    return [part.strip() for part in re.split(r"[;；\n]|(?<!\d)、(?=\d)", text) if part.strip()]


def _basis(text: str) -> Basis:
    found = re.fullmatch(r"《?([^》]{2,200}?)》?\s*(第[一二三四五六七八九十百零〇0-9]+条.*)?", text)
    return Basis(law=found[1][:300], article=(found[2] or "")[:300]) if found else Basis(law=text[:300])


def _limit(draft: Draft, values: Mapping[str, Any], which: str) -> Limit:
    text, unit = _text(values, f"{which}_limit"), _text(values, f"{which}_unit")
    if not text:
        return Limit(amount=0, note=UNCONFIRMED)
    if re.search(r"即办|当场|即时|立即", text):
        return Limit(amount=0)
    found = re.fullmatch(r"(\d{1,4})(?:\.0)?\s*\(?（?(个?[一-鿿]{0,4}|[a-z_]*)）?\)?", text)
    word = (found[2] if found and found[2] else unit).strip()
    known = UNITS.get(word) or UNITS.get(word.removeprefix("个"))
    if found is None or int(found[1]) > 3650:
        draft.say(
            DOUBT,
            f"{which}_limit",
            "limit_unreadable",
            f"时限“{text}{unit}”无法识别。",
            "应写成“20个工作日”这样。",
        )
        return Limit(amount=0, note=UNCONFIRMED)
    if known is None:
        draft.say(
            DOUBT,
            f"{which}_limit",
            "limit_unit",
            f"时限“{text}{unit}”没有写明单位，暂按工作日。",
            "请写明工作日还是自然日。",
        )
    elif word in ("天", "日"):
        draft.say(
            DOUBT,
            f"{which}_limit",
            "limit_unit",
            f"时限“{text}{unit}”的“{word}”没有写明工作日还是自然日，暂按自然日。",
            "请写明。",
        )
    return Limit(amount=int(found[1]), unit=known or "working_day")


def _visits(draft: Draft, values: Mapping[str, Any]) -> int:
    text = _text(values, "visits")
    found = re.search(r"\d+", text)
    if text and (found is None or int(found[0]) > 10):
        draft.say(DOUBT, "visits", "visits", f"到现场次数“{text}”无法识别，暂按1次。", "请填写0到10的数字。")
        return 1
    return int(found[0]) if found else 1


def _level(text: str, parsed: ParsedCode, area: str) -> str:
    by_code = {"1": "state", "2": "province", "3": "city", "4": "county", "5": "town", "6": "village"}
    if text in by_code:
        return by_code[text]
    for word, level in LEVELS:
        if text.startswith(word):
            return level
    if parsed.level in by_code:
        return by_code[parsed.level]
    digits = len(area.rstrip("0")) if area else 6
    return "province" if digits <= 2 else "city" if digits <= 4 else "county" if digits <= 6 else "town"


def _listed(text: str, table: Any) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for word, value in table if word in text or value in text))
