"""The official item code of Guangdong (31 characters) and what can be doubtful about a code (pure).

Composition read off real codes: 1-18 USCC of the implementing body, 19 level (2 province, 3 city, 4 county), 20-21 source of the
base item (44 Guangdong, 00 national), 22-23 type, 24-28 serial, 29-31 number of the handling item (000 = not split).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from stdnum.cn import uscc as uscc_number

from yimen.modules.items.content import ITEM_TYPE_CODES, ITEM_TYPE_LABELS, ItemType

ITEM_CODE_LENGTH = 31
LEVEL_CODES: Mapping[str, str] = MappingProxyType(
    {"1": "state", "2": "province", "3": "city", "4": "county", "5": "town"}
)
SOURCE_CODES: Mapping[str, str] = MappingProxyType({"44": "广东省", "00": "国家"})
TYPE_NAMES: Mapping[str, str] = MappingProxyType(
    {code: ITEM_TYPE_LABELS[kind] for kind, code in ITEM_TYPE_CODES.items()} | {"02": "行政处罚"}
)
TYPE_OF_CODE: Mapping[str, ItemType] = MappingProxyType(
    {code: kind for kind, code in ITEM_TYPE_CODES.items()}
)
_CODE = re.compile(r"[0-9A-Za-z][0-9A-Za-z._-]*")
_SICHUAN = re.compile(r"(?P<catalogue>.+?)-(?P<area>\d{12})-(?P<sub>\d{3})-(?P<body>[0-9A-Z]{9,18})-\d-\d{2}")


@dataclass(frozen=True, kw_only=True)
class ParsedCode:
    """An item code taken apart.

    Args:
        form: ``guangdong`` (31 characters), ``sichuan`` (catalogue-area-000-body-1-00) or ``unknown``.
        doubts: sentences about what is doubtful, empty when nothing is.
    """

    code: str
    form: str
    uscc: str = ""
    level: str = ""
    source: str = ""
    type: str = ""
    serial: str = ""
    sub: str = ""
    area: str = ""
    catalogue: str = ""
    doubts: tuple[str, ...] = ()


def uscc_problem(text: str) -> str:
    """What is wrong with a unified social credit code (GB 32100-2015), "" when nothing is."""
    if len(text) != 18:
        return f"统一社会信用代码应为18位，现为{len(text)}位。"
    if not uscc_number.is_valid(text):
        return f"统一社会信用代码“{text}”的校验位不对，请核对有没有抄错。"
    return ""


def compose_item_code(
    uscc: str, level: str, source: str, type: str, serial: int | str, sub: int | str = 0
) -> str:
    """Compose the 31 characters.

    Args:
        uscc: of the implementing body.
        level: ``2`` province, ``3`` city, ``4`` county, ``5`` town; or the word of the schema (``county``).
        source: ``44`` or ``00``.
        type: two digits, or the kind of the schema (``permit``).
        serial: number of the base item, up to 99999.
        sub: number of the handling item, 0 when not split.

    Raises:
        ValueError: a part cannot be what it should be; the message says which, in Chinese.
    """
    if problem := uscc_problem(uscc):
        raise ValueError(problem)
    level = next((code for code, word in LEVEL_CODES.items() if word == level), level)
    type = next((code for kind, code in ITEM_TYPE_CODES.items() if kind.value == type), type)
    parts = (
        (level, LEVEL_CODES, "层级应为2（省级）、3（市级）、4（县级）之一。"),
        (source, SOURCE_CODES, "来源应为44（广东省）或00（国家）。"),
        (type, TYPE_NAMES, "事项类型代码应为01、05、07、08、09、20、21之一。"),
    )
    for value, known, sentence in parts:
        if value not in known:
            raise ValueError(sentence)
    if not 0 <= int(serial) <= 99_999 or not 0 <= int(sub) <= 999:
        raise ValueError("序号应在0到99999之间，办理项序号应在0到999之间。")
    return f"{uscc}{level}{source}{type}{int(serial):05d}{int(sub):03d}"


def parse_item_code(code: str) -> ParsedCode:
    """Take a code apart and tell what is doubtful; never raises."""
    text = code.strip().upper()
    found = _SICHUAN.fullmatch(text)
    if found:
        return _sichuan(text, found)
    if len(text) == ITEM_CODE_LENGTH and text.isalnum() and not uscc_problem(text[:18]):
        return _guangdong(text)
    if len(text) == ITEM_CODE_LENGTH and text[18:].isdigit():
        return _guangdong(text)
    return ParsedCode(
        code=text,
        form="unknown",
        doubts=(f"事项编码共{len(text)}位，不是规定的31位，也不是可识别的其他省份格式，请核对。",),
    )


def _guangdong(text: str) -> ParsedCode:
    level, source, kind, serial, sub = text[18], text[19:21], text[21:23], text[23:28], text[28:]
    checks = (
        (uscc_problem(text[:18]), bool(uscc_problem(text[:18]))),
        (f"第19位层级“{level}”不在2（省级）、3（市级）、4（县级）之内。", level not in LEVEL_CODES),
        (f"第20至21位来源“{source}”不是44（广东省）或00（国家）。", source not in SOURCE_CODES),
        (f"第22至23位类型“{kind}”不是已知的事项类型代码。", kind not in TYPE_NAMES),
        ("第24至31位应为数字。", not (serial + sub).isdigit()),
    )
    return ParsedCode(
        code=text,
        form="guangdong",
        uscc=text[:18],
        level=level,
        source=source,
        type=kind,
        serial=serial,
        sub=sub,
        doubts=tuple(sentence for sentence, wrong in checks if wrong),
    )


def _sichuan(text: str, found: re.Match[str]) -> ParsedCode:
    body = found["body"]
    doubts = []
    if len(body) == 18:
        doubts += [problem] if (problem := uscc_problem(body)) else []
    else:
        doubts.append(f"编码中的实施主体“{body}”是{len(body)}位旧机构代码，应换成18位统一社会信用代码。")
    return ParsedCode(
        code=text,
        form="sichuan",
        uscc=body if len(body) == 18 else "",
        sub=found["sub"],
        area=found["area"],
        catalogue=found["catalogue"],
        doubts=tuple(doubts),
    )


def code_shape_problem(code: str, longest: int) -> str:
    """Why a text cannot be an item code at all, "" when it can."""
    if not code:
        return "请填写事项编码。"
    if len(code) > longest:
        return f"事项编码最多{longest}位，现为{len(code)}位。"
    if not _CODE.fullmatch(code):
        return "事项编码只能用字母、数字和连接符，例如 11440113MB2C92966P4000131024000。"
    return ""
