"""What the clerk says about an item, in three clear parts (三个清晰告知): what belongs, how it is done, what one gets (pure)."""

from collections.abc import Sequence, Set
from dataclasses import dataclass

from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import Limit
from yimen.modules.themes import api as themes
from yimen.portals.desk.window.party import Party

UNITS = {
    "working_day": "个工作日", "calendar_day": "天", "month": "个月", "year": "年",
    "working_hour": "个工作小时", "hour": "小时",
}  # fmt: skip
ENTITY = {"enterprise", "institution", "social_organisation", "government", "other"}


@dataclass(frozen=True, kw_only=True)
class ClearWords:
    """Sentences to be read aloud."""

    name: str
    belongs: list[str]
    how: list[str]
    gets: list[str]


def limit_words(limit: Limit) -> str:
    return f"{limit.amount}{UNITS[limit.unit]}" if limit.amount else "当场"


def clear_words(standard: PublishedStandard) -> ClearWords:
    """The three parts for one item."""
    content = standard.content
    belongs = [f"由{standard.organisation_name}办理。"]
    belongs += [c.text for c in content.conditions[:3]]
    promised = limit_words(content.promised_limit)
    time = "当场就能办好。" if content.instant else f"受理后{promised}内办好。"
    fees = "；".join(f"{fee.name}{fee.amount:g}{fee.unit}" for fee in content.fees)
    how = [time, f"收费：{fees}。" if fees else "不收费。"]
    how.append("不用再跑。" if content.visits == 0 else f"一共要跑{content.visits}次。{content.visit_reason}")
    results = "、".join(r.name for r in content.results)
    ways = {"window": "窗口领取", "courier": "邮寄到家", "electronic": "网上下载"}
    gets = [f"{results}。" if results else "办理结果。"]
    gets.append("可以" + "、".join(ways[w] for w in content.delivery) + "。")
    return ClearWords(name=content.name, belongs=belongs, how=how, gets=gets)


def clear_thing(found: themes.Undertaking) -> ClearWords | None:
    """The three parts for several items as one thing; ``None`` where they do not form one."""
    compiled = found.compiled
    if compiled is None:
        return None
    offices = list(dict.fromkeys(s.organisation_name for s in found.standards))
    number = f"一共{len(found.standards)}个事项"
    if len(offices) == 1:
        who = f"{number}，都由{offices[0]}办理。"
    else:
        who = f"{number}，由{len(offices)}个部门一起办：{'、'.join(offices)}。"
    belongs = [who, f"由{found.theme.organisation_name}牵头，有事只找这一家。"] if found.theme else [who]
    return ClearWords(
        name=found.theme.name if found.theme else "",
        belongs=belongs,
        how=_how_together(compiled),
        gets=["、".join(dict.fromkeys(r.name for s in found.standards for r in s.content.results)) + "。"],
    )


def _how_together(compiled: themes.Compiled) -> list[str]:
    days, trips = compiled.promised_limit.amount, compiled.saved.visits.together
    how = ["填一张表，交一套材料。", f"受理后{days}个工作日内全部办好。" if days else "当场就能全部办好。"]
    how.append("不用再跑。" if trips == 0 else f"一共要跑{trips}次。")
    if compiled.edges:
        how.append("有先后的自动接着办，前一项的结果后一项直接用。")
    totals = "；".join(f"{amount:g}{unit}" for unit, amount in compiled.fees.totals if amount)
    how.append(
        f"收费合计：{totals}。"
        if totals
        else "收费的事项按各自标准收。"
        if compiled.fees.lines
        else "不收费。"
    )
    if less := spared_words(compiled):
        how.append(f"比一件一件办{less}。")
    return how


def spared_words(compiled: themes.Compiled) -> str:
    """What one thing spares against its items one by one, in a line; "" = nothing."""
    saved = compiled.saved
    rows = (
        (saved.materials.saved, "少交{}份材料"),
        (saved.fields.saved, "少填{}项"),
        (saved.visits.saved, "少跑{}次"),
        (saved.days.saved, "快{}个工作日"),
    )
    return "、".join(words.format(number) for number, words in rows if number > 0)


def unfit_for(
    standards: Sequence[PublishedStandard], who: Party | None, coming: Set[str] = frozenset()
) -> list[str]:
    """Items that this kind of applicant cannot apply for, in sentences.

    Args:
        coming: codes of the items whose applicant an earlier item of the same thing sets up.
    """
    if who is None:
        return []
    said = []
    for standard in standards:
        audience = set(standard.content.audience)
        if who.kind == "person" and "person" not in audience and standard.code not in coming:
            said.append(f"“{standard.content.name}”由单位申请，现在的申请人是个人。")
        if who.kind == "entity" and not audience & ENTITY:
            said.append(f"“{standard.content.name}”由个人申请，现在的申请人是单位。")
    return said
