"""The groups of the author's form: what each control is called and how its text becomes part of the content (pure)."""

from dataclasses import dataclass
from typing import Literal

Kind = Literal["text", "long", "lines", "rule", "days", "audience", "choice"]


@dataclass(frozen=True, kw_only=True)
class FieldSpec:
    """One control.

    Args:
        options: name of the list that a choice takes: ``leads``, ``members``, ``handover``, ``failed``.
    """

    name: str
    label: str
    kind: Kind = "text"
    hint: str = ""
    required: bool = False
    options: str = ""

    @property
    def wide(self) -> bool:
        return self.kind in ("long", "lines")


@dataclass(frozen=True, kw_only=True)
class GroupSpec:
    """One group of controls; ``rows`` may be added, moved and removed.

    Args:
        bare: for rows that are lists rather than named parts: the one control whose lines they are.
    """

    key: str
    title: str
    fields: tuple[FieldSpec, ...]
    rows: bool = True
    row_words: str = "项"
    help: str = ""
    bare: str = ""


def _f(name: str, label: str, kind: Kind = "text", **more: object) -> FieldSpec:
    return FieldSpec(name=name, label=label, kind=kind, **more)  # type: ignore[arg-type]


REFERENCES = "每行一份材料，写成“事项/材料代码”；只写事项，指它的办理结果。代码见右边的一套材料。"
GROUPS: tuple[GroupSpec, ...] = (
    GroupSpec(
        key="basic",
        title="基本信息",
        rows=False,
        fields=(
            _f("name", "名称", required=True),
            _f("lead", "牵头部门", "choice", options="leads", required=True),
            _f("summary", "一句话说明", "long", hint="让街坊一看就懂。"),
            _f("aliases", "大家怎么叫它", "lines", hint="每行一个，用来搜索。"),
            _f("audience", "面向谁", "audience", required=True),
            _f("trade", "行业", hint="开办某个行业时填写，例如：餐饮业。"),
            _f("handover", "结果怎样交给申请人", "choice", options="handover"),
            _f(
                "joint_limit",
                "联办承诺（工作日）",
                "days",
                hint="留空按各事项的承诺计算；只能更短，不能更长。",
            ),
            _f("consult_phone", "咨询电话"),
        ),
    ),
    GroupSpec(
        key="members",
        title="包含的事项",
        row_words="个事项",
        fields=(
            _f("item", "事项", hint="简称或者编码。", required=True),
            _f("when", "什么情况下要办", "rule", hint="留空表示总要办，例如：sells_tobacco = '卖'"),
            _f("note", "给申请人的说明"),
        ),
    ),
    GroupSpec(
        key="questions",
        title="先问申请人的问题",
        row_words="个问题",
        help="这些回答决定要办哪些事项。事项自己的情形不用写在这里，会自动合并提问。",
        fields=(
            _f("code", "代码", hint="小写字母和下划线，写条件时用。", required=True),
            _f("question", "问题", required=True),
            _f("options", "选项", "lines", hint="每行一个，至少两个。", required=True),
            _f("hint", "提示"),
            _f("when", "什么情况下才问", "rule"),
        ),
    ),
    GroupSpec(
        key="given",
        title="不用问、由这件事决定的情形",
        row_words="条",
        help="例如新生儿参保，参保身份一定是“新生儿”，就不用再问。",
        fields=(
            _f("code", "情形代码", required=True),
            _f("answer", "回答", hint="该情形的选项之一。", required=True),
            _f("when", "什么情况下", "rule"),
        ),
    ),
    GroupSpec(
        key="same",
        title="确认是同一份材料",
        row_words="组",
        fields=(_f("refs", "材料", "lines", hint=REFERENCES),),
        bare="refs",
    ),
    GroupSpec(
        key="different",
        title="确认不是同一份材料",
        row_words="组",
        fields=(_f("refs", "材料", "lines", hint=REFERENCES),),
        bare="refs",
    ),
    GroupSpec(
        key="edges",
        title="另外规定的先后",
        row_words="条",
        help="由结果决定的先后自动算出，不用写。",
        fields=(
            _f("before", "先办", "choice", options="members", required=True),
            _f("after", "后办", "choice", options="members", required=True),
            _f("why", "为什么", required=True),
            _f("clause", "依据"),
            _f("when_failed", "先办的没有通过时", "choice", options="failed"),
        ),
    ),
    GroupSpec(
        key="brings",
        title="结果带出的数据",
        row_words="条",
        help="办成以后才有的号码（例如统一社会信用代码），后面的事项要填也不用申请人填。",
        fields=(
            _f("item", "办成的事项", "choice", options="members", required=True),
            _f("elements", "数据元代码", "lines", hint="每行一个。", required=True),
        ),
    ),
)
BY_KEY = {group.key: group for group in GROUPS}
