"""Rules q01 to q22 of guide quality, as far as the schema leaves room to break them."""

import re

from yimen.modules.items.content import ItemType, StandardContent
from yimen.modules.items.lint.findings import Check, Context, Found, Rule, Severity
from yimen.modules.items.lint.spans import longer, steps_total
from yimen.modules.items.wording import limit_words

PRACTICE = "办事指南质量规则"
_PHONE = re.compile(r"\(?0\d{2,3}\)?-?\d{7,8}|1[3-9]\d{9}|\d{5}|400-?\d{3}-?\d{4}|0\d{2,3}-\d{5}")
_LANDLINE = re.compile(r"\d{7,8}")
_DOOR = re.compile(r"\d+\s*号|[一二三四五六七八九十0-9]+\s*楼|窗口|大厅|[0-9A-Z]+室|路|街")
_LICENCE_NAME = re.compile(r"(证|证书|执照|许可证)$")
PERSON_THEMES = frozenset(
    [
        "生育收养",
        "户籍办理",
        "民族宗教",
        "教育科研",
        "就业创业",
        "设立变更",
        "婚姻登记",
        "优待抚恤",
        "出境入境",
        "社会救助",
        "离职退休",
        "死亡殡葬",
    ]
)


def instant_means_nought(content: StandardContent, _: Context) -> Found:
    if (
        content.promised_limit.amount == 0
        and not content.instant
        and content.promised_limit.note != UNCONFIRMED
    ):
        yield "instant", "承诺时限是当场办结，办件类型应为即办件，请勾选“即办件”，或者改写承诺时限。"
    if content.instant and len(content.steps) > 1:
        yield "steps", "即办件当场审当场办，不应再有多个审查环节，请只留一个，或者取消“即办件”。"


def instant_only_nought(content: StandardContent, _: Context) -> Found:
    if content.instant and content.promised_limit.amount > 1:
        words = limit_words(content.promised_limit.amount, content.promised_limit.unit)
        yield "promised_limit", f"承诺时限是{words}，属于承诺件，请取消“即办件”，或者把承诺时限改为当场办结。"
    if not content.instant and content.promised_limit.amount and not content.steps:
        yield "steps", "承诺件先审后批，应至少列出一个审查环节。"


def result_kind_fits(content: StandardContent, _: Context) -> Found:
    for i, result in enumerate(content.results):
        if _LICENCE_NAME.search(result.name) and result.kind in ("approval", "report", "service"):
            yield f"results.{i}.kind", f"“{result.name}”是证照，结果种类应选“证照”，由出证办结。"
        if result.name.endswith(("批复", "批文", "决定书")) and result.kind in (
            "licence",
            "report",
            "service",
        ):
            yield f"results.{i}.kind", f"“{result.name}”是批文，结果种类应选“批文”，由审批办结。"
        if result.kind == "licence" and not result.licence_type:
            yield f"results.{i}.licence_type", f"“{result.name}”应写明证照类型，发证时才能生成电子证照。"


def result_is_shown(content: StandardContent, _: Context) -> Found:
    if not content.results:
        yield "results", "还没有写办理结果，请写明办成之后拿到什么。"
    for i, result in enumerate(content.results):
        if result.kind in ("licence", "approval") and not result.sample:
            yield f"results.{i}.sample", f"“{result.name}”没有结果样本，请补上，办事人可以先看到样子。"


def visit_has_reason(content: StandardContent, _: Context) -> Found:
    if content.visits and not content.visit_reason.strip():
        yield "visit_reason", f"要到现场{content.visits}次，请写明必须到现场的原因，没有法定原因的改为0次。"
    if not content.visits and content.visit_reason.strip():
        yield "visit_reason", "到现场次数为0，不应再写必须到现场的原因，请删去。"


def no_visit_needs_a_way(content: StandardContent, _: Context) -> Found:
    online = {"online", "mobile"} & set(content.channels)
    if not content.visits and not online and "courier" not in content.channels:
        yield "channels", "不用到现场又不能网上办，应允许快递申请，请加上“快递申请”。"


def fully_online_means_no_visit(content: StandardContent, _: Context) -> Found:
    if content.online_depth == "IV" and content.visits:
        yield (
            "visits",
            f"全程网办的事项不用到现场，而这里写了{content.visits}次，请改为0次，或者调低网办深度。",
        )
    if content.online_depth in ("III", "IV") and not {"online", "mobile"} & set(content.channels):
        yield "channels", "网办深度是网上受理以上，办理形式应有“网上办理”。"


def phones(content: StandardContent, _: Context) -> Found:
    for field, words in (("consult_phone", "咨询电话"), ("complaint_phone", "投诉电话")):
        text = getattr(content, field).strip()
        if not text:
            continue
        if _LANDLINE.fullmatch(text):
            yield field, f"{words}“{text}”没有区号，请写成“020-{text}”这样。"
        elif not _PHONE.search(text):
            yield field, f"{words}“{text}”不像电话号码，请核对。"
    if content.consult_phone.strip() and content.consult_phone.strip() == content.complaint_phone.strip():
        yield "complaint_phone", "投诉电话与咨询电话相同，投诉应由另外的人接听，请换一个号码。"


def contact_given(content: StandardContent, _: Context) -> Found:
    for field, words in (("consult_phone", "咨询电话"), ("complaint_phone", "投诉电话")):
        if not getattr(content, field).strip():
            yield field, f"没有{words}，请填写。"


def hours_say_working_days(content: StandardContent, _: Context) -> Found:
    for i, place in enumerate(content.places):
        if not re.search(r"工作日|周[一二三四五六日天]|星期|每天|每日|节假日|24小时", place.hours):
            yield (
                f"places.{i}.hours",
                "办公时间没有写明是工作日还是每天，请写成“工作日 9:00—12:00，14:00—17:30”。",
            )


def places_are_exact(content: StandardContent, _: Context) -> Found:
    if "window" in content.channels and not content.places:
        yield "places", "可以到窗口办理，请写明办理地点。"
    for i, place in enumerate(content.places):
        if not place.window and not _DOOR.search(place.address):
            yield f"places.{i}.address", f"“{place.name}”的地址没有具体到门牌或者窗口号，请补充。"


def contact_addresses(content: StandardContent, _: Context) -> Found:
    for field, words in (("consult_address", "咨询地址"), ("complaint_address", "投诉地址")):
        if not getattr(content, field).strip():
            yield field, f"没有{words}，请填写。"


def themes_fit_audience(content: StandardContent, _: Context) -> Found:
    personal = PERSON_THEMES & set(content.themes)
    if personal and "person" not in content.audience:
        yield "themes", f"主题“{'、'.join(sorted(personal))}”面向自然人，而服务对象没有自然人，请改其中一处。"


def permit_has_a_question(content: StandardContent, _: Context) -> Found:
    if content.type is ItemType.PERMIT and not content.faq:
        yield "faq", "行政许可事项至少要有一条常见问题，请写办事人最常问的一个。"


def permit_lists_its_course(content: StandardContent, _: Context) -> Found:
    if content.type is ItemType.PERMIT and not content.steps and not content.instant:
        yield "steps", "行政许可事项应逐个列出审查环节。"


def steps_within_promise(content: StandardContent, _: Context) -> Found:
    promise = content.promised_limit
    if content.instant or not content.steps or not promise.amount:
        return
    total = steps_total(content)
    room = promise.amount if promise.unit == "working_day" else None
    if promise.unit == "working_hour":
        room = promise.amount / 7  # type: ignore[assignment]
    if room is not None and total > room:
        yield (
            "steps",
            f"各环节时限合计{total:g}个工作日，超过承诺的{promise.amount}{'个工作日' if promise.unit == 'working_day' else '个工作小时'}，请压缩环节或者改写承诺。",
        )


def no_fee_no_payment(content: StandardContent, _: Context) -> Found:
    if content.online_payment and not any(fee.amount for fee in content.fees):
        yield "online_payment", "不收费的事项不应支持网上支付，请取消勾选，或者补上收费项目。"


def promise_within_law(content: StandardContent, _: Context) -> Found:
    if (
        longer(content.promised_limit, content.legal_limit) == "surely"
        and content.legal_limit.note != UNCONFIRMED
    ):
        yield (
            "promised_limit",
            (
                f"承诺时限{limit_words(content.promised_limit.amount, content.promised_limit.unit)}"
                f"长于法定时限{limit_words(content.legal_limit.amount, content.legal_limit.unit)}，承诺不能比法定更长。"
            ),
        )


def promise_perhaps_longer(content: StandardContent, _: Context) -> Found:
    if longer(content.promised_limit, content.legal_limit) == "perhaps":
        yield (
            "promised_limit",
            (
                f"承诺时限{limit_words(content.promised_limit.amount, content.promised_limit.unit)}与法定时限"
                f"{limit_words(content.legal_limit.amount, content.legal_limit.unit)}单位不同，遇到长假可能更长，建议用同一单位。"
            ),
        )


def units_are_named(content: StandardContent, _: Context) -> Found:
    for field in ("legal_limit", "promised_limit"):
        note = getattr(content, field).note
        if re.search(r"\d+\s*(天|日)(?!历)", note) and not re.search(r"工作日|自然日|日历", note):
            yield f"{field}.note", "时限说明里的“天”没有写明是工作日还是自然日，请写清楚。"


def limits_confirmed(content: StandardContent, _: Context) -> Found:
    for field, words in (("legal_limit", "法定办结时限"), ("promised_limit", "承诺办结时限")):
        if getattr(content, field).note == UNCONFIRMED:
            yield field, f"导入的资料没有{words}，请按依据核定后填写，并删去“{UNCONFIRMED}”。"


UNCONFIRMED = "待核定"
"""The note of a limit that an import did not know."""


def _rule(
    code: str, title: str, check: Check, severity: Severity = Severity.WARNING, clause: str = PRACTICE
) -> Rule:
    return Rule(code=code, title=title, clause=clause, severity=severity, check=check)


E = Severity.ERROR
QUALITY: tuple[Rule, ...] = (
    _rule("q01", "当场办结的是即办件", instant_means_nought),
    _rule("q02", "承诺件先审后批", instant_only_nought),
    _rule("q03_q05", "结果种类与结果名称一致", result_kind_fits),
    _rule("q06", "结果有种类有样本", result_is_shown),
    _rule("q07_q09", "到现场次数与原因一致", visit_has_reason, clause="国发〔2018〕27号；办事指南质量规则"),
    _rule("q10", "不到现场须有别的办法", no_visit_needs_a_way),
    _rule("q11", "全程网办不到现场", fully_online_means_no_visit),
    _rule("q12", "咨询投诉电话不同且带区号", phones),
    _rule("q12_missing", "有咨询投诉电话", contact_given, E, "GB/T 39046-2020；行政许可法第三十条"),
    _rule("q13", "办公时间写明工作日", hours_say_working_days),
    _rule("q14", "办理地点到门牌窗口", places_are_exact, clause="行政许可法第三十条"),
    _rule("q15", "有咨询投诉地址", contact_addresses),
    _rule("q16", "主题与服务对象一致", themes_fit_audience),
    _rule("q17", "许可至少一条常见问题", permit_has_a_question),
    _rule("q18", "许可列出流程", permit_lists_its_course),
    _rule("q19", "环节时限不超过承诺", steps_within_promise, E),
    _rule("q20", "不收费不支付", no_fee_no_payment),
    _rule("q21", "承诺不长于法定", promise_within_law, E, "行政许可法第四十二条"),
    _rule("q21_unit", "承诺与法定单位不同", promise_perhaps_longer),
    _rule("q22", "时限写明单位", units_are_named),
    _rule("limit_unconfirmed", "时限已核定", limits_confirmed, E, "行政许可法第四十二条"),
)
