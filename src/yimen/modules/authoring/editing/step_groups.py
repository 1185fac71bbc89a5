"""How a case goes: review steps with the opinions they ask for, special procedures, what may follow later or be promised."""

from yimen.modules.authoring.editing.fields import UNITS, Group, Options, options_of
from yimen.modules.authoring.editing.fields import Spec as S
from yimen.modules.items.api.words import POST_WORDS, PROCEDURE_WORDS

SILENCE: Options = (("agree", "视为同意"), ("wait", "继续等，不视为同意"))
WHEN_LATE: Options = (("terminate", "终止办理"), ("refuse", "不予批准"))
STEP_GROUPS: tuple[Group, ...] = (
    Group(
        "steps",
        "审查环节",
        (
            S("name", "环节名称", required=True),
            S("code", "代码", hint="小写字母开头，例如 review", required=True),
            S("post", "岗位", "choice", options_of(POST_WORDS), required=True),
            S("limit.amount", "时限", "int"),
            S("limit.unit", "单位", "choice", UNITS),
            S("limit.clause", "环节时限依据"),
            S("officers", "办理人数", "int"),
            S("after", "前置环节代码", "lines", hint="空着表示接在上一个环节之后。"),
            S("when", "何时适用", hint="空着表示都适用；否则写规则。"),
            S("points", "审查要点", "lines", hint="每行一条。"),
            S(
                "joint.organisations",
                "向谁征求意见",
                "organisations",
                hint="不征求就空着；每行一个机构，写全称或者代码。",
            ),
            S("joint.silence_days", "答复期限（工作日）", "int", hint="空着为5个工作日。"),
            S("joint.silence_means", "到期没有答复", "choice", SILENCE),
            S("joint.clause", "征求意见的依据"),
        ),
        True,
        "个环节",
    ),
    Group(
        "special_procedures",
        "特别程序（依法不计入时限）",
        (
            S("code", "种类", "choice", options_of(PROCEDURE_WORDS)),
            S("name", "名称", required=True),
            S("limit.amount", "时限", "int"),
            S("limit.unit", "单位", "choice", UNITS),
            S("limit.note", "时限说明"),
            S("clause", "条款依据", required=True),
            S("excluded", "不计入办理时限", "flag"),
        ),
        True,
        "个程序",
    ),
    Group(
        "tolerance_group",
        "容缺受理（次要材料可以后补）",
        (
            S("tolerance.days", "补交期限（工作日）", "int", hint="空着表示不实行容缺受理。"),
            S("tolerance.when_late", "到期没有补交", "choice", WHEN_LATE, hint="后果由本地规定。"),
            S("tolerance.clause", "容缺受理的依据", hint="空着为广东省优化营商环境条例第三十二条。"),
        ),
    ),
    Group(
        "promise_group",
        "告知承诺（以书面承诺代替材料）",
        (
            S(
                "promise.materials",
                "哪些材料可以承诺代替",
                "materials",
                hint="一份都不选，表示不实行告知承诺。",
            ),
            S("promise.check_days", "多久内核查（工作日）", "int", hint="空着为60个工作日。"),
            S(
                "promise.text",
                "承诺书的内容",
                "long",
                hint="申请人要承诺什么、不实有什么后果，写给申请人看。",
            ),
            S("promise.clause", "告知承诺的依据", hint="空着为国办发〔2020〕42号。"),
        ),
    ),
)
