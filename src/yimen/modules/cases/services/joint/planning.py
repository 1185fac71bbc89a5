"""The order among the cases of an application, as it is handed in."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from graphlib import CycleError, TopologicalSorter
from typing import Literal

from yimen.kernel.errors import Invalid
from yimen.modules.cases.models import Application, Case, CaseLink


@dataclass(frozen=True, kw_only=True)
class Dependency:
    """``later`` cannot begin before ``earlier`` is decided.

    Args:
        earlier, later: item codes of the same application.
        supplies: requirement codes of ``later`` that the result of ``earlier`` stands for; they are not asked.
        when_failed: what becomes of ``later`` when ``earlier`` is not granted: ``ask`` the applicant for the supplied
            materials, or ``terminate`` because the law makes it a precondition.
        brings: data elements of the form that the result of ``earlier`` carries, such as the number of a new licence; nobody can
            fill them in before.
        why: a sentence for people.
        clause: the article that sets the order, where there is one.
    """

    earlier: str
    later: str
    supplies: tuple[str, ...] = ()
    when_failed: Literal["ask", "terminate"] = "ask"
    why: str = ""
    clause: str = ""
    brings: tuple[str, ...] = ()


def awaited_by(links: Iterable[Dependency | CaseLink]) -> frozenset[str]:
    """The data elements that results of earlier cases bring: the form is complete without them."""
    return frozenset(element for link in links for element in link.brings)


def awaited_of(application: Application) -> frozenset[str]:
    """The data elements that results within this application bring."""
    if not application.joint:
        return frozenset()
    return awaited_by(CaseLink.objects.filter(later__application=application))


def plan_links(cases: Sequence[Case], dependencies: Sequence[Dependency]) -> list[CaseLink]:
    """Unsaved links between the unsaved cases of one application.

    Raises:
        Invalid: an item that is not part of the application, or an order that runs in a circle; names the items.
    """
    by_item = {case.published.code: case for case in cases}
    merged = _one_for_each_pair(dependencies)
    for one in merged:
        for code in (one.earlier, one.later):
            if code not in by_item:
                raise Invalid(
                    f"先后顺序里的事项“{code}”不在这次申请里。",
                    fields={"items": "请把它加入申请，或去掉这条顺序。"},
                )
    _refuse_circle(by_item, merged)
    return [
        CaseLink(
            earlier=by_item[one.earlier],
            later=by_item[one.later],
            supplies=list(one.supplies),
            when_failed=one.when_failed,
            why=one.why[:500],
            clause=one.clause[:300],
            brings=list(one.brings),
        )
        for one in merged
    ]


def _one_for_each_pair(dependencies: Sequence[Dependency]) -> list[Dependency]:
    pairs: dict[tuple[str, str], Dependency] = {}
    for one in dependencies:
        known = pairs.get((one.earlier, one.later))
        pairs[one.earlier, one.later] = one if known is None else _joined(known, one)
    return list(pairs.values())


def _joined(first: Dependency, second: Dependency) -> Dependency:
    return Dependency(
        earlier=first.earlier,
        later=first.later,
        supplies=tuple(dict.fromkeys((*first.supplies, *second.supplies))),
        when_failed="terminate" if "terminate" in (first.when_failed, second.when_failed) else "ask",
        why="；".join(dict.fromkeys(w for w in (first.why, second.why) if w)),
        clause=first.clause or second.clause,
        brings=tuple(dict.fromkeys((*first.brings, *second.brings))),
    )


def _refuse_circle(by_item: dict[str, Case], dependencies: Sequence[Dependency]) -> None:
    order: TopologicalSorter[str] = TopologicalSorter()
    for one in dependencies:
        order.add(one.later, one.earlier)
    try:
        order.prepare()
    except CycleError as circle:
        names = [by_item[code].published.content.name for code in circle.args[1]]
        raise Invalid(
            f"这些事项互为前提，没有办法排出先后：{'→'.join(names)}。",
            fields={"items": "请去掉其中一条先后要求。"},
        ) from circle
