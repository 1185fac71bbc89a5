"""The published facts: which detectors there are and what each tells of what it saw (pure).

Detectors see, rules judge: a place changes what counts by changing a rule, never a detector.
"""

from dataclasses import dataclass
from typing import Any

from yimen.kernel.expressions import Kind
from yimen.modules.deadlines.api import label_of
from yimen.modules.items.content import ITEM_TYPE_LABELS

NUMBER, TEXT, BOOLEAN = Kind("number"), Kind("text"), Kind("boolean")
AUTHORITY_CLOCKS = ("telling", "legal", "promised", "step", "delivery", "opinion", "promise_check")
"""Clocks an authority has to keep; those of the applicant or of a procedure are nobody's fault."""
GROUNDS = {
    "not_needed": "依法不需要取得许可",
    "no_authority": "不属于本机关职权",
    "incomplete": "材料不齐",
    "other": "其他理由",
}
FAULTS = {
    "not_allowed": "当前状态不能做这一步",
    "early": "前一环节没有通过就办了",
    "skipped": "有环节没有办就作了决定",
    "officers": "应当两人以上办理的只有一人签署",
    "backwards": "记录的时间早于前一步",
}
ENDINGS = {"withdrawn": "撤回", "not_accepted": "不予受理", "terminated": "终止"}


@dataclass(frozen=True, kw_only=True)
class Fact:
    """One fact: name in rules, words for people, kind for the check of rules."""

    name: str
    label: str
    kind: Kind

    @property
    def choices(self) -> str:
        return "、".join(self.kind.choices)


@dataclass(frozen=True, kw_only=True)
class Detector:
    """What is watched.

    Args:
        kind: which of the four kinds of supervision it serves.
        source: ``clocks`` (stored due moments), ``chains`` (a case's course) or ``sets`` (many cases together).
        about: one plain sentence.
    """

    code: str
    kind: str
    source: str
    label: str
    about: str
    facts: tuple[Fact, ...]

    @property
    def kinds(self) -> dict[str, Kind]:
        return {fact.name: fact.kind for fact in (*self.facts, *ABOUT_RULE)}

    @property
    def all_facts(self) -> tuple[Fact, ...]:
        return (*self.facts, *ABOUT_RULE)


def _fact(name: str, label: str, kind: Kind) -> Fact:
    return Fact(name=name, label=label, kind=kind)


def _number(name: str, label: str) -> Fact:
    return _fact(name, label, NUMBER)


def _yes(name: str, label: str) -> Fact:
    return _fact(name, label, BOOLEAN)


def _one_of(name: str, label: str, choices: Any) -> Fact:
    return _fact(name, label, Kind("choice", tuple(choices)))


ABOUT_RULE = (_number("lead", "本规则的提前量（工作日）"),)
ABOUT_CASE = (
    _one_of("item_type", "事项类型", (str(t) for t in ITEM_TYPE_LABELS)),
    _fact("item", "事项编码", TEXT),
    _yes("instant", "是即办件"),
    _one_of("channel", "渠道", ("window", "online", "mobile", "kiosk", "courier", "api")),
    _yes("joint", "属于一件事联办"),
)
_CLOCK = (
    _one_of("clock", "哪一项期限", AUTHORITY_CLOCKS),
    _number("amount", "期限长短"),
    _number("left", "剩余天数（按期限的单位，当天为0）"),
    _number("over", "超过天数（没有超过为0）"),
)


def _detector(code: str, kind: str, source: str, label: str, about: str, *facts: Fact) -> Detector:
    case = () if code == "burst" else ABOUT_CASE
    return Detector(code=code, kind=kind, source=source, label=label, about=about, facts=(*facts, *case))


DETECTORS: dict[str, Detector] = {
    d.code: d
    for d in (
        _detector("clock_near", "time", "clocks", "期限将到", "还在走的期限进入提前量以内。", *_CLOCK),
        _detector("clock_overdue", "time", "clocks", "期限已过", "期限届满时要办的事还没有办。", *_CLOCK),
        _detector(
            "not_accepting", "procedure", "chains", "不予受理", "作出不予受理的决定时，材料齐不齐、理由是什么。",
            _number("missing", "还缺几样必交材料"), _one_of("ground", "理由类别", GROUNDS),
        ),
        _detector(
            "telling", "procedure", "chains", "告知补正", "每一次告知补正，比前几次多出什么。",
            _number("notices", "第几次告知"), _number("new_things", "以前没有告知过的内容有几项"),
            _number("things", "这次告知了几项"),
        ),
        _detector(
            "refusal", "content", "chains", "不予受理或者不予许可的内容", "有没有依据、理由、救济途径。",
            _one_of("refused", "哪一种决定", ("acceptance", "permit")), _yes("clause_given", "写明了依据条款"),
            _number("reason_length", "理由的字数"), _yes("remedy_told", "告知了复议、诉讼的权利"),
            _yes("would_pass_told", "写明了怎样才能通过"),
        ),
        _detector(
            "material_asked", "content", "chains", "索要材料", "要求补正的材料在不在办事指南里。",
            _number("outside", "指南以外的有几项"),
        ),
        _detector(
            "fee", "fee", "chains", "收费", "办理记录里的每一笔收费与标准对照。",
            _number("amount", "收取金额（元）"), _number("standard", "标准金额（元），标准里没有这一项为0"),
            _yes("listed", "标准里有这一项"), _number("over", "多收金额（元）"),
        ),
        _detector(
            "suspension", "procedure", "chains", "特别程序中止", "中止有没有文书，多久，超没超过告知的时间。",
            _yes("document_given", "有书面文书编号"), _yes("procedure_known", "是法定或者标准里的特别程序"),
            _number("days", "告知的工作日数"), _number("overran", "比告知的日期晚了几天"),
        ),
        _detector(
            "order", "procedure", "chains", "办理顺序", "每一步是不是在该办的时候由该办的人办的。",
            _one_of("fault", "哪一种", FAULTS), _fact("act", "哪一步", TEXT),
        ),
        _detector(
            "registration", "procedure", "chains", "先办后登记", "办理动作早于收件登记。",
            _number("before_minutes", "早了多少分钟"), _yes("registered", "后来有收件登记"),
        ),
        _detector(
            "retaking", "procedure", "sets", "退件重收", "同一申请人同一事项结束后又收件，期限从头算起。",
            _number("days_between", "隔了几天"), _one_of("ended_as", "上一件怎样结束", ENDINGS),
            _number("left_when_ended", "上一件结束时离到期几天，超期为负"), _number("times", "第几次重收"),
        ),
        _detector(
            "split", "procedure", "sets", "拆分办件", "同一申请人同一事项同一天分成几份申请。",
            _number("same_day", "同一天的份数"),
        ),
        _detector(
            "lost_clock", "time", "sets", "期限没有计时", "办件在部门手里或者已经决定，应当计的期限却没有计时。",
            _one_of("clock", "哪一项期限", ("telling", "promised", "legal", "delivery")), _yes("in_hand", "还没有办完"),
            _number("days", "从应当起算到现在的天数"),
        ),
        _detector(
            "burst", "procedure", "sets", "月末突击", "一个部门一个月最后三个工作日办结的数量。",
            _number("count", "最后三个工作日办结"), _number("whole", "全月办结"),
            _number("ratio", "是平均水平的几倍"),
        ),
    )
}  # fmt: skip

CLOCK_WORDS = {kind: label_of(kind) for kind in AUTHORITY_CLOCKS} | {"opinion": "征求意见期限"}
CHAIN_DETECTORS = tuple(code for code, d in DETECTORS.items() if d.source == "chains")
