"""REST of figures: the sums of one cube, cut as asked, within the caller's scope."""

from datetime import date
from typing import Annotated, Any

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import BaseModel, Field, StringConstraints

from yimen.foundation.orgs import api as orgs
from yimen.kernel.access import actor_of_request
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid, NotAllowed
from yimen.kernel.paging import window
from yimen.modules.insight.permissions import READ
from yimen.modules.insight.queries import asking
from yimen.modules.insight.queries.names import names_of
from yimen.modules.insight.queries.public import MEASURES, public_period, public_table
from yimen.modules.insight.queries.reach import cells_visible_to
from yimen.modules.insight.rules.cubes import CASES, Cube
from yimen.modules.insight.rules.disclosure import REASON
from yimen.modules.insight.rules.periods import Period, period_of
from yimen.modules.items import api as items

Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$")]
router = Router(tags=["统计"])
NAMED = ("organisation", "centre", "item", "division", "channel", "state", "from_state", "to_state", "act")


class FiguresOut(BaseModel):
    """One page of sums.

    Each result carries the cuts asked for (a day, or ``{code, name}``) and the measures; a measure kept back is null.
    """

    cube: str
    by: list[str]
    since: date | None = Field(None, serialization_alias="from")
    until: date | None = Field(None, serialization_alias="to")
    measures: dict[str, str]
    public: bool = Field(False, description="不在权限范围内的调用者只得到公开的合计")
    kept_back: str = Field("", description="为什么有的数不显示")
    count: int
    results: list[dict[str, Any]]


class FiguresIn(BaseModel):
    """What is asked of a cube; days included on both ends, codes as everywhere in this interface."""

    by: Text = Field("", max_length=120, description="按什么统计，逗号分隔，最多四个")
    since: date | None = Field(None, alias="from", description="开始日（含）")
    until: date | None = Field(None, alias="to", description="结束日（含）")
    division: Text = Field("", max_length=12, description="区划代码或其前几位")
    organisation: Text = Field("", max_length=60)
    centre: Text = Field("", max_length=60)
    item: Text = Field("", max_length=64)
    channel: Text = Field("", max_length=12)
    page: int = 1
    size: int = 20


@router.get("/figures/{cube}", response=FiguresOut, summary="统计表", by_alias=True)
def figures(request: HttpRequest, cube: str, wanted: Query[FiguresIn]) -> Any:
    actor, asked = actor_of_request(request), asking.cube_named(cube)
    cuts = asking.check_cuts(asked, [name.strip() for name in wanted.by.split(",") if name.strip()])
    today = now().astimezone(CHINA).date()
    period = period_of(wanted.since, wanted.until, today) if asked.dated else None
    if period:
        asking.check_period(asked, cuts, period)
    where = where_of(asked, wanted.division, wanted.organisation, wanted.centre, wanted.item, wanted.channel)
    if not actor.may(READ):
        return _public(asked, cuts, period, today, where)
    reach = cells_visible_to(actor)
    if not cuts:
        whole = [asking.totals(asked, reach, period, where)]
        return _answer(asked, cuts, period, 1, whole) | {"measures": asked.measures}
    offset, limit, _ = window(wanted.page, wanted.size)
    rows = asking.sums(asked, cuts, reach, period, where)
    results = [asking.told(row) for row in rows[offset : offset + limit]]
    return _answer(asked, cuts, period, rows.count(), results) | {"measures": asked.measures}


def where_of(
    cube: Cube, division: str, organisation: str, centre: str, item: str, channel: str
) -> asking.Where:
    """The codes of an address as a filter.

    Raises:
        Invalid: a code that is none, or a filter the cube does not have.
        NotFound: no such organisation, centre or item.
    """
    if division and not (division.isascii() and division.isdigit()):
        raise Invalid("区划代码应当是数字。", fields={"division": "如 449901，或 449901000000。"})
    for name, value in (("item", item), ("channel", channel)):
        if value and name not in cube.dimensions:
            raise Invalid(
                f"“{cube.label}”不分{'事项' if name == 'item' else '渠道'}。",
                fields={name: "分事项请用 items，分渠道请用 cases。"},
            )
    return asking.Where(
        division=orgs.prefix_of(division) if len(division) == 12 else division,
        organisation=orgs.organisation_with_code(organisation).pk if organisation else None,
        centre=orgs.centre_with_code(centre).pk if centre else None,
        item=items.item_with_code(item).pk if item else None,
        channel=channel,
    )


def _public(
    cube: Cube, cuts: tuple[str, ...], period: Period | None, today: date, where: asking.Where
) -> dict[str, Any]:
    if cube is not CASES or period is None:
        raise NotAllowed(
            "公开的只有“cases”的合计。", would_pass="请用 /figures/cases，或者用有统计权限的账户。"
        )
    rows = public_table(cuts, period, today, where)
    told = {"public": True, "kept_back": REASON, "measures": {m: cube.measures[m] for m in MEASURES}}
    return _answer(cube, cuts, public_period(period), len(rows), rows[:100]) | told


def _answer(
    cube: Cube, cuts: tuple[str, ...], period: Period | None, count: int, rows: list[dict[str, Any]]
) -> dict[str, Any]:
    for cut in cuts:
        if cut in NAMED or cut in asking.LEVELS:
            names = names_of(cut, (row[cut] for row in rows))
            for row in rows:
                code, name = names[row[cut]]
                row[cut] = {"code": code, "name": name}
    return {
        "cube": cube.name,
        "by": list(cuts),
        "since": period.since if period else None,
        "until": period.until if period else None,
        "count": count,
        "results": rows,
    }
