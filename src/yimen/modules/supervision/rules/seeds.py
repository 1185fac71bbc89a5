"""The rules every installation begins with, each with its law; colours, lead times and consequences are local data (pure).

No national text names colours or thresholds (see docs/how-to/supervision.md): what is here is a defensible start.
"""

from dataclasses import dataclass

from yimen.modules.supervision.rules.spec import Colour, Kind

REMIND = "提醒承办岗位在到期前办完；不计分，办完自动消除。"
EXPLAIN = "承办部门三个工作日内说明情况并提出整改；认定成立的计入部门月度评分。"
ACCOUNT = "承办部门三个工作日内说明情况；认定成立的计入部门月度评分，并依行政许可法责令改正。"


@dataclass(frozen=True, kw_only=True)
class Seed:
    """One rule of the start set."""

    code: str
    kind: Kind
    label: str
    detector: str
    condition: str
    clause: str
    colour: Colour = Colour.YELLOW
    lead: int = 0
    answerable: bool = True
    consequence: str = EXPLAIN


TIME, PROCEDURE, CONTENT, FEE = Kind.TIME, Kind.PROCEDURE, Kind.CONTENT, Kind.FEE
SEEDS: tuple[Seed, ...] = (
    Seed(
        code="near_due", kind=TIME, label="期限将到", detector="clock_near", lead=1, answerable=False, consequence=REMIND,
        condition="clock IN ('telling', 'promised', 'delivery') AND left <= lead AND amount > lead",
        clause="行政许可法第四十二条；提前量为本地规定",
    ),
    Seed(
        code="overdue_telling", kind=TIME, label="五日内没有受理或者告知", detector="clock_overdue",
        condition="clock = 'telling'", clause="行政许可法第三十二条第一款第（四）项",
    ),
    Seed(
        code="overdue_promised", kind=TIME, label="超过承诺期限", detector="clock_overdue", colour=Colour.RED,
        condition="clock = 'promised'", clause="部门在办事标准里公布的承诺时限；行政许可法第四十二条",
    ),
    Seed(
        code="overdue_legal", kind=TIME, label="超过法定期限", detector="clock_overdue", colour=Colour.RED,
        condition="clock = 'legal'", clause="行政许可法第四十二条、第七十四条", consequence=ACCOUNT,
    ),
    Seed(
        code="step_overtime", kind=TIME, label="环节超时", detector="clock_overdue", condition="clock = 'step'",
        clause="行政许可法第四十二条；环节时限见办事标准",
    ),
    Seed(
        code="overdue_delivery", kind=TIME, label="没有按期送达", detector="clock_overdue", condition="clock = 'delivery'",
        clause="行政许可法第四十四条",
    ),
    Seed(
        code="overdue_opinion", kind=TIME, label="征求意见逾期不答", detector="clock_overdue",
        condition="clock = 'opinion'", clause="办事标准规定的答复期限",
    ),
    Seed(
        code="lost_clock", kind=TIME, label="期限没有计时", detector="lost_clock", condition="days >= 0",
        clause="行政许可法第三十二条、第四十二条、第四十四条", consequence=EXPLAIN,
    ),
    Seed(
        code="not_accepting", kind=PROCEDURE, label="材料齐全不予受理", detector="not_accepting", colour=Colour.RED,
        condition="missing = 0 AND ground NOT IN ('not_needed', 'no_authority')",
        clause="行政许可法第三十二条第一款第（五）项、第七十二条", consequence=ACCOUNT,
    ),
    Seed(
        code="not_told_once", kind=PROCEDURE, label="没有一次性告知", detector="telling",
        condition="notices >= 2 AND new_things > 0", clause="行政许可法第三十二条第一款第（四）项、第七十二条",
        consequence=ACCOUNT,
    ),
    Seed(
        code="suspended_without_paper", kind=PROCEDURE, label="中止没有文书", detector="suspension",
        condition="document_given = FALSE OR procedure_known = FALSE", clause="行政许可法第四十五条",
    ),
    Seed(
        code="suspension_overran", kind=PROCEDURE, label="中止超过告知的时间", detector="suspension", condition="overran > 0",
        clause="行政许可法第四十五条",
    ),
    Seed(
        code="out_of_order", kind=PROCEDURE, label="不按环节顺序办理", detector="order", colour=Colour.RED,
        condition="fault IN ('not_allowed', 'early', 'skipped')", clause="行政许可法第三十四条、第三十八条",
    ),
    Seed(
        code="one_officer", kind=PROCEDURE, label="应当两人核查只有一人", detector="order", condition="fault = 'officers'",
        clause="行政许可法第三十四条第三款",
    ),
    Seed(
        code="handled_before_registered", kind=PROCEDURE, label="先办理后登记", detector="registration", colour=Colour.RED,
        condition="before_minutes > 0", clause="安阳市政务服务条例第五十六条",
    ),
    Seed(
        code="retaken", kind=PROCEDURE, label="退件重收重新计时", detector="retaking",
        condition="days_between <= 10 AND left_when_ended <= 3", clause="行政许可法第三十二条、第四十二条",
    ),
    Seed(
        code="split_case", kind=PROCEDURE, label="拆分办件", detector="split", condition="same_day >= 3",
        clause="本地效能监察规定",
    ),
    Seed(
        code="month_end", kind=PROCEDURE, label="月末突击办结", detector="burst", condition="count >= 20 AND ratio >= 3",
        clause="本地效能监察规定",
    ),
    Seed(
        code="refused_without_reason", kind=CONTENT, label="不予决定没有依据、理由或者救济", detector="refusal",
        condition="clause_given = FALSE OR remedy_told = FALSE OR reason_length < 6",
        clause="行政许可法第三十八条第二款、第七十二条", consequence=ACCOUNT,
    ),
    Seed(
        code="asked_outside_guide", kind=CONTENT, label="索要指南以外的材料", detector="material_asked", colour=Colour.RED,
        condition="outside > 0", clause="行政许可法第三十一条；广东省优化营商环境条例第二十九条", consequence=ACCOUNT,
    ),
    Seed(
        code="fee_over_standard", kind=FEE, label="超标准收费", detector="fee", colour=Colour.RED, condition="over > 0",
        clause="行政许可法第五十八条、第五十九条、第七十五条", consequence=ACCOUNT,
    ),
)  # fmt: skip
