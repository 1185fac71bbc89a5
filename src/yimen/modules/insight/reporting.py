"""The weekly and the yearly report: one set of figures, printed as PDF, as Word, and on the page."""

from datetime import date, timedelta

from yimen.foundation.documents import api as documents
from yimen.foundation.documents.api import papers
from yimen.foundation.orgs import api as orgs
from yimen.kernel.errors import Invalid
from yimen.modules.insight.queries import panels
from yimen.modules.insight.queries.looking import Look
from yimen.modules.insight.rules.periods import FIRST, LAST, Period
from yimen.modules.insight.rules.sentences import Figures, sections

MOST_ROWS = 60
HEAD = ("收件（件）", "承诺按时率", "平均用时（工作日）")


def period_of_report(kind: str, on: date, today: date) -> Period:
    """The week (Monday to Sunday) or the calendar year in which a day lies.

    Raises:
        Invalid: it has not begun, or lies outside what can be counted.
    """
    if not FIRST <= on <= LAST or on > today:
        raise Invalid("这一期还没有开始。", fields={"on": "请选择今天或更早的日期。"})
    if kind == "year":
        return Period(date(on.year, 1, 1), date(on.year, 12, 31))
    monday = on - timedelta(days=on.weekday())
    return Period(monday, monday + timedelta(days=6))


def figures_of(kind: str, look: Look) -> Figures:
    """The figures of a report over what is looked at."""
    earlier = look.period.before()
    below = panels.below(look)
    return Figures(
        kind=kind,
        place=place_of(look),
        period=look.period,
        earlier=earlier,
        whole=panels.summary(look),
        before=panels.summary(look.during(earlier)),
        places=below.lines,
        heading=below.heading.removeprefix("按"),
        in_hand=panels.in_hand(look),
        busiest=_busiest(look),
    )


def place_of(look: Look) -> str:
    """Whose report it is: the organisation, the centre, or the division looked at."""
    for code, find in (
        (look.codes["organisation"], orgs.organisation_with_code),
        (look.codes["centre"], orgs.centre_with_code),
    ):
        if code:
            return str(find(code).name)
    return str(orgs.division_with_code(look.place).name) if look.place else ""


def _busiest(look: Look) -> tuple[str, int, float] | None:
    heat = panels.pressure_by_weekday(look)
    found = [
        (field.value, label, hour)
        for label, row in heat.rows
        for hour, field in zip(heat.hours, row, strict=True)
        if field.value
    ]
    if not found:
        return None
    value, label, hour = max(found, key=lambda f: (f[0], f[1], -f[2]))
    return label, hour, value


def paper_of(figures: Figures, on: date, *, demo: bool) -> papers.Deed:
    """The report as a paper that can be printed or written on."""
    whole = figures.whole
    rows = [
        (p.label, f"{p.received:,}", _percent(p.on_time), _days(p.used)) for p in figures.places[:MOST_ROWS]
    ]
    rows.append(("合计", f"{whole.received:,}", _percent(whole.on_time), _days(whole.used)))
    return papers.Deed(
        organisation=figures.place,
        number="",
        addressee="",
        date=on,
        title=figures.title,
        paragraphs=(f"统计期：{figures.period.label}。对比期：{figures.earlier.label}。",),
        head=(figures.heading, *HEAD),
        rows=tuple(rows),
        articles=tuple(
            papers.Article(heading=heading, lines=tuple(lines)) for heading, lines in sections(figures)
        ),
        notes=("数由办理痕迹汇成；收件、受理、决定、送达各按发生之日计。按时率以作出决定时的承诺期限计。",),
        demo=demo,
    )


def as_pdf(paper: papers.Deed) -> bytes:
    return documents.render_paper(paper)


def as_word(paper: papers.Deed) -> bytes:
    return documents.render_docx("deed", papers.as_data(paper))


def _percent(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}%"


def _days(value: float | None) -> str:
    return "—" if value is None else f"{value:.1f}"
