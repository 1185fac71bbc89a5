"""Numbers of people and enterprises as pure text: what is wrong, and what would be right.

Resident identity numbers follow GB 11643-1999, unified social credit codes GB 32100-2015. The check digits come
from python-stdnum. Its list of counties is not used (a number of an abolished county stays valid), nor its rule
that a credit code begins with digits (GB 32100 table 1 also has A, N and Y for the registering authority).
"""

import re
import unicodedata
from datetime import date

from stdnum.cn import ric, uscc

from yimen.kernel.errors import Invalid

RESIDENT_ID = "resident_id"
RESIDENCE_PERMIT = "residence_permit"
HK_MACAO_PERMIT = "hk_macao_permit"
TAIWAN_PERMIT = "taiwan_permit"
PASSPORT = "passport"

USCC_LENGTH = ID_LENGTH = 18
USCC_ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
USCC_LOOKALIKES = {"O": "数字0", "I": "数字1", "Z": "数字2", "S": "数字5", "V": "字母U或Y"}
EARLIEST_BIRTH = date(1850, 1, 1)
PROVINCES = frozenset(
    [
        "11",
        "12",
        "13",
        "14",
        "15",
        "21",
        "22",
        "23",
        "31",
        "32",
        "33",
        "34",
        "35",
        "36",
        "37",
        "41",
        "42",
        "43",
        "44",
        "45",
        "46",
        "50",
        "51",
        "52",
        "53",
        "54",
        "61",
        "62",
        "63",
        "64",
        "65",
    ]
)
PERMIT_PROVINCES = frozenset({"71", "81", "82", "83"})
ENTITY_KINDS = {
    "91": "enterprise",
    "92": "individual_business",
    "93": "enterprise",
    "11": "government",
    "12": "institution",
}


def compact(text: str) -> str:
    """Full-width forms, spaces, hyphens and small letters made plain."""
    return re.sub(r"[\s\-—–.]", "", unicodedata.normalize("NFKC", text or "")).upper()


def _wrong(field: str, sentence: str) -> Invalid:
    return Invalid(sentence, fields={field: sentence})


def check_id_number(
    text: str, kind: str = RESIDENT_ID, on: date | None = None, field: str = "id_number"
) -> str:
    """Check an identity document's number and return it in its plain form.

    Args:
        text: as typed; full-width digits, spaces and a small x are accepted.
        kind: one of ``Person.IdKind``.
        on: today; a birth date after it is refused. Without it only the calendar is checked.
        field: the name under which the sentence goes back to the form.

    Raises:
        Invalid: with one sentence that says what is wrong and what would be right.
    """
    number = compact(text)
    if not number:
        raise _wrong(field, "请填写证件号码。")
    check = _OTHER_DOCUMENTS.get(kind)
    if check is not None:
        pattern, sentence = check
        if not re.fullmatch(pattern, number):
            raise _wrong(field, sentence)
        return number
    _check_resident(number, kind, on, field)
    return number


_OTHER_DOCUMENTS = {
    HK_MACAO_PERMIT: (
        r"[HM]\d{8}(\d{2})?",
        "港澳居民来往内地通行证号码应为字母H或M加8位数字（如H12345678），请对照证件核对。",
    ),
    TAIWAN_PERMIT: (
        r"\d{8}|\d{10}([A-Z]|\([A-Z0-9]\))?",
        "台湾居民来往大陆通行证号码应为8位数字，请对照证件核对。",
    ),
    PASSPORT: (r"[A-Z0-9]{5,17}", "护照号码应为5至17位字母和数字，不含其他符号，请对照证件核对。"),
}


def _check_resident(number: str, kind: str, on: date | None, field: str) -> None:
    if len(number) != ID_LENGTH:
        old = "15位的旧号码已经停用，" if len(number) == 15 else ""
        raise _wrong(field, f"身份证号码应为18位，您填写了{len(number)}位，{old}请对照身份证核对。")
    for place, character in enumerate(number[:-1], start=1):
        if not ("0" <= character <= "9"):
            raise _wrong(field, f"身份证号码第{place}位是“{character}”，前17位只能是数字，请核对。")
    if number[-1] not in "0123456789X":
        raise _wrong(field, f"身份证号码最后一位是“{number[-1]}”，只能是数字或字母X，请核对。")
    known = PERMIT_PROVINCES if kind == RESIDENCE_PERMIT else PROVINCES | PERMIT_PROVINCES
    if number[:2] not in known:
        raise _wrong(field, f"号码前两位“{number[:2]}”不是任何省份的代码，请核对前六位。")
    _check_birth(number, on, field)
    expected = ric.calc_check_digit(number)
    if number[-1] != expected:
        raise _wrong(
            field,
            f"身份证号码有误：按前17位计算，最后一位应为“{expected}”，您填写的是“{number[-1]}”，请逐位核对。",
        )


def _check_birth(number: str, on: date | None, field: str) -> None:
    year, month, day = number[6:10], number[10:12], number[12:14]
    try:
        born = date(int(year), int(month), int(day))
    except ValueError:
        raise _wrong(field, f"号码第7至14位的出生日期“{year}年{month}月{day}日”不存在，请核对。") from None
    if born < EARLIEST_BIRTH:
        raise _wrong(field, f"号码第7至14位的出生年份“{year}”过早，请核对。")
    if on is not None and born > on:
        raise _wrong(field, f"号码第7至14位的出生日期“{year}年{month}月{day}日”晚于今天，请核对。")


def birth_date(number: str) -> date:
    """The birth date inside a checked eighteen-digit number."""
    return date(int(number[6:10]), int(number[10:12]), int(number[12:14]))


def sex(number: str) -> str:
    """男 or 女, from a checked eighteen-digit number (odd sequence numbers are male)."""
    return "男" if int(number[16]) % 2 else "女"


def check_uscc(text: str, field: str = "uscc") -> str:
    """Check a unified social credit code (统一社会信用代码) and return it in its plain form.

    Raises:
        Invalid: names the wrong character and its place, or the check digit that would be right.
    """
    code = compact(text)
    if not code:
        raise _wrong(field, "请填写统一社会信用代码。")
    if len(code) != USCC_LENGTH:
        hint = (
            "15位的是原工商注册号，请改填营业执照上的18位代码。"
            if len(code) == 15
            else "请对照营业执照核对。"
        )
        raise _wrong(field, f"统一社会信用代码应为18位，您填写了{len(code)}位，{hint}")
    for place, character in enumerate(code, start=1):
        if character not in USCC_ALPHABET:
            raise _wrong(field, _strange_character(place, character))
        if 3 <= place <= 8 and not character.isdigit():
            raise _wrong(field, f"第{place}位是“{character}”，第3至8位是登记地区代码，只能是数字，请核对。")
    expected = uscc.calc_check_digit(code)
    if code[-1] != expected:
        raise _wrong(
            field,
            f"统一社会信用代码有误：按前17位计算，最后一位应为“{expected}”，您填写的是“{code[-1]}”，请逐位核对。",
        )
    return code


def _strange_character(place: int, character: str) -> str:
    if character in USCC_LOOKALIKES:
        return (
            f"第{place}位是字母“{character}”，统一社会信用代码不使用字母I、O、S、V、Z，"
            f"请核对是否应为{USCC_LOOKALIKES[character]}。"
        )
    return f"第{place}位“{character}”不是数字或大写字母，请核对。"


def entity_kind(code: str) -> str:
    """The kind of a legal entity, from the first two places of its checked code."""
    return ENTITY_KINDS.get(code[:2], "social_organisation" if code[0] == "5" else "other")


def check_phone(text: str, field: str = "phone") -> str:
    """Check a telephone number: a mainland mobile, or a fixed line with its area code."""
    number = compact(text)
    number = re.sub(r"^\+?86(?=1\d{10}$)", "", number)
    if re.fullmatch(r"1[3-9]\d{9}", number) or re.fullmatch(r"0\d{9,11}", number):
        return number
    if re.fullmatch(r"\d+", number) and number.startswith("1"):
        raise _wrong(field, f"手机号码应为11位，您填写了{len(number)}位或号段不存在，请核对。")
    raise _wrong(field, "请填写11位手机号码，或带区号的固定电话（如020-12345678）。")


def check_person_name(text: str, field: str = "name") -> str:
    """Check a person's name: rare characters and the dot of minority names are welcome, digits are not."""
    name = re.sub(r"\s+", " ", re.sub(r"[•・‧∙●⋅．]", "·", (text or "").strip()))
    if not name:
        raise _wrong(field, "请填写姓名。")
    for character in name:
        if not (
            character.isalpha() or character in "·' -." or unicodedata.category(character) in ("Mn", "Co")
        ):
            raise _wrong(field, f"姓名中的“{character}”不是文字，请按证件上的姓名填写。")
    if not 2 <= len(name) <= 50:
        raise _wrong(field, "姓名应为2至50个字，请按证件上的姓名填写。")
    return name
