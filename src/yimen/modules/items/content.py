"""The content of an item standard: the schema from which everything else is made.

Elements follow GB/T 39046-2020 (事项管理) and the field habits of the Guangdong portal. A published content is
immutable: guide, form, checks, steps, clocks, papers and statistics are all derived from it.
"""

from datetime import date
from decimal import Decimal
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

from yimen.modules.forms.definition import FormDefinition


class ItemType(StrEnum):
    """Kind of power or service; labels in ``ITEM_TYPE_LABELS``, codes of the province in ``ITEM_TYPE_CODES``."""

    PERMIT = "permit"
    BENEFIT = "benefit"
    CONFIRMATION = "confirmation"
    REWARD = "reward"
    ADJUDICATION = "adjudication"
    OTHER_POWER = "other_power"
    PUBLIC_SERVICE = "public_service"


ITEM_TYPE_LABELS = {
    ItemType.PERMIT: "行政许可",
    ItemType.BENEFIT: "行政给付",
    ItemType.CONFIRMATION: "行政确认",
    ItemType.REWARD: "行政奖励",
    ItemType.ADJUDICATION: "行政裁决",
    ItemType.OTHER_POWER: "其他行政权力",
    ItemType.PUBLIC_SERVICE: "公共服务",
}
ITEM_TYPE_CODES = {
    ItemType.PERMIT: "01",
    ItemType.BENEFIT: "05",
    ItemType.CONFIRMATION: "07",
    ItemType.REWARD: "08",
    ItemType.ADJUDICATION: "09",
    ItemType.OTHER_POWER: "20",
    ItemType.PUBLIC_SERVICE: "21",
}

Unit = Literal["working_day", "calendar_day", "month", "year", "working_hour", "hour"]
Audience = Literal["person", "enterprise", "institution", "social_organisation", "government", "other"]
Channel = Literal["window", "online", "mobile", "kiosk", "courier"]
ShortText = Annotated[str, Field(max_length=300)]
LongText = Annotated[str, Field(max_length=8000)]


class Part(BaseModel):
    """Base of every part: frozen, and unknown keys are an error rather than silently lost."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Limit(Part):
    """A time limit (办结时限): amount 0 with unit working_day means done at once (即办)."""

    amount: int = Field(ge=0, le=3650)
    unit: Unit = "working_day"
    note: ShortText = ""
    clause: ShortText = Field("", description="the article that sets it, such as 行政许可法第四十二条")


class Basis(Part):
    """One article the item stands on (设定依据)."""

    law: ShortText
    article: ShortText = ""
    text: LongText = ""
    kind: Literal["setting", "procedure", "limit", "fee", "material"] = "setting"


class Condition(Part):
    """One acceptance condition (受理条件), and where it can be computed, its rule."""

    text: LongText
    rule: ShortText = Field("", description="rule expression over form elements that must hold")
    failing: ShortText = Field("", description="what to tell the person when the rule fails")


class Situation(Part):
    """A question that decides which materials apply (情形); its ``code`` is a data element of the answers."""

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{1,40}$")]
    question: ShortText
    options: tuple[ShortText, ...] = Field(min_length=2)


class Source(Part):
    """How a material can be spared (免提交): by licence, shared data, promise, or another item's result."""

    kind: Literal["licence", "shared_data", "promise", "output_of"]
    name: ShortText
    code: ShortText = ""


class MaterialRequirement(Part):
    """One required thing (申请材料).

    Trust classes (国办函〔2016〕108号): A issued by an agency and used directly, B verified at a window, C uploaded and the
    original checked, D self-made with promise.
    """

    code: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_-]{0,40}$")]
    name: ShortText
    kind: Literal["certificate", "form", "other"] = "other"
    trust: Literal["A", "B", "C", "D"] = "C"
    originals: int = Field(0, ge=0, le=50)
    copies: int = Field(0, ge=0, le=50)
    medium: Literal["paper", "electronic", "either"] = "either"
    main: bool = Field(True, description="主要材料; a minor one may be tolerated (容缺后补)")
    issuer: ShortText = Field("", description="who makes it: 申请人自备, or the issuing organisation")
    required_when: ShortText = Field("", description="rule expression over answers and form; empty = always")
    sources: tuple[Source, ...] = ()
    notes: LongText = ""
    basis: ShortText = ""
    blank_form: ShortText = ""
    sample: ShortText = ""
    accept: tuple[Literal["pdf", "image", "office", "ofd"], ...] = ("pdf", "image")


class SpecialProcedure(Part):
    """Time excluded by law while it runs (特别程序; 行政许可法第四十五条)."""

    code: Literal[
        "hearing", "tender", "auction", "inspection", "testing", "quarantine", "appraisal", "expert_review",
        "public_notice", "site_visit", "other",
    ]  # fmt: skip
    name: ShortText
    limit: Limit | None = None
    clause: ShortText
    excluded: bool = True


class Joint(Part):
    """Opinions asked of other organisations inside a step (征求意见)."""

    organisations: tuple[ShortText, ...] = Field(min_length=1, description="organisation codes")
    silence_days: int = Field(5, ge=1, le=60, description="working days after which silence counts")
    silence_means: Literal["agree", "wait"] = "agree"
    clause: ShortText = ""


class ReviewStep(Part):
    """One step between acceptance and decision (审查环节): data, not code.

    ``after`` names the steps that must have passed; empty means it follows the one before it in the list, and
    ``("start",)`` means it opens on acceptance, beside the first. ``when`` decides whether the step applies at all.
    """

    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,30}$")]
    name: ShortText
    post: ShortText = Field(description="post code in the deciding organisation")
    limit: Limit | None = None
    after: tuple[str, ...] = ()
    when: ShortText = ""
    officers: int = Field(
        1, ge=1, le=5, description="2 for a substantive check on site (行政许可法第三十四条)"
    )
    joint: Joint | None = None
    points: tuple[ShortText, ...] = Field((), description="what the reviewer checks (审查要点)")


class Fee(Part):
    """A fee with its basis (收费项目); no basis, no fee (行政许可法第五十八条)."""

    name: ShortText
    amount: Decimal = Field(ge=0, max_digits=12, decimal_places=2)
    unit: ShortText = "元/件"
    basis: ShortText
    waiver: ShortText = ""


class ItemResult(Part):
    """What the person gets (审批结果)."""

    name: ShortText
    kind: Literal["licence", "approval", "proof", "report", "service"] = "approval"
    licence_type: ShortText = ""
    validity: Limit | None = None
    sample: ShortText = ""


class Place(Part):
    """Where it is handled (办理地点): down to the window number."""

    name: ShortText
    address: ShortText
    window: ShortText = ""
    hours: ShortText = "工作日 9:00—12:00，14:00—17:30"
    phone: ShortText = ""


class Tolerance(Part):
    """Missing minor material may follow later (容缺受理; 广东省优化营商环境条例第三十二条)."""

    days: int = Field(5, ge=1, le=60, description="working days to bring it")
    when_late: Literal["terminate", "refuse"] = Field("terminate", description="local rule: the consequence")
    clause: ShortText = "广东省优化营商环境条例第三十二条"


class Promise(Part):
    """Notice and promise instead of proof (告知承诺; 国办发〔2020〕42号), with a later check."""

    materials: tuple[str, ...] = Field(min_length=1, description="codes of the materials it may replace")
    check_days: int = Field(60, ge=1, le=250, description="working days within which the promise is checked")
    text: LongText = ""
    clause: ShortText = "国办发〔2020〕42号"


class Question(Part):
    """A frequent question and its answer."""

    question: ShortText
    answer: LongText


class StandardContent(Part):
    """Everything that a version of an item standard says.

    Limits are in their own unit; days of ``visits`` are trips to a counter. ``instant`` (即办件) means decided on the spot:
    both limits may be 0. All texts are public.
    """

    name: ShortText = Field(min_length=2)
    summary: LongText = Field("", description="one plain paragraph a neighbour would understand")
    aliases: tuple[ShortText, ...] = Field((), description="everyday words people search by")
    type: ItemType
    audience: tuple[Audience, ...] = Field(min_length=1)
    themes: tuple[ShortText, ...] = ()
    level: Literal["state", "province", "city", "county", "town", "village"] = "county"
    authority: LongText = Field("", description="权限划分与行使内容")
    undertaking_office: ShortText = ""
    joint_organisations: tuple[ShortText, ...] = ()
    basis: tuple[Basis, ...] = ()
    conditions: tuple[Condition, ...] = ()
    situations: tuple[Situation, ...] = ()
    materials: tuple[MaterialRequirement, ...] = ()
    form: FormDefinition = FormDefinition()
    instant: bool = False
    legal_limit: Limit
    promised_limit: Limit
    special_procedures: tuple[SpecialProcedure, ...] = ()
    steps: tuple[ReviewStep, ...] = ()
    fees: tuple[Fee, ...] = ()
    online_payment: bool = False
    results: tuple[ItemResult, ...] = ()
    channels: tuple[Channel, ...] = ("window", "online")
    online_depth: Literal["I", "II", "III", "IV"] = "III"
    visits: int = Field(0, ge=0, le=10)
    visit_reason: ShortText = ""
    scope: ShortText = Field("全区通办", description="通办范围")
    quantity_limit: ShortText = ""
    intermediary: ShortText = ""
    delivery: tuple[Literal["window", "courier", "electronic"], ...] = ("window", "courier", "electronic")
    tolerance: Tolerance | None = None
    promise: Promise | None = None
    places: tuple[Place, ...] = ()
    consult_phone: ShortText = ""
    complaint_phone: ShortText = ""
    consult_address: ShortText = ""
    complaint_address: ShortText = ""
    remedies: LongText = Field(
        "对决定不服的，可以自收到决定之日起六十日内申请行政复议，或者自知道之日起六个月内向人民法院提起行政诉讼。",
        description="救济途径 (行政复议法第二十条, 行政诉讼法第四十六条)",
    )
    faq: tuple[Question, ...] = ()
    valid_until: date | None = None
