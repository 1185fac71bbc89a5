"""Which fields the author's form has, in which groups."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from yimen.modules.forms.api import ELEMENTS
from yimen.modules.items.api.words import (
    AUDIENCE_WORDS,
    BASIS_WORDS,
    CHANNEL_WORDS,
    DELIVERY_WORDS,
    DEPTH_WORDS,
    LEVEL_WORDS,
    MATERIAL_KIND_WORDS,
    MEDIUM_WORDS,
    POST_WORDS,
    PROCEDURE_WORDS,
    RESULT_WORDS,
    TRUST_WORDS,
)
from yimen.modules.items.content import ITEM_TYPE_LABELS

Options = tuple[tuple[str, str], ...]


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
