"""``possible`` is the truth: what it lists succeeds, what it does not list is refused (403, 404 or 409)."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.district import AT, FOOD, SIGN, SLUGS, STREET, TRADER, District
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import Actor
from yimen.kernel.errors import Invalid, NotAllowed, NotFound, NotPossible
from yimen.modules.cases import api as cases

PEOPLE = (
    "lin", "chen", "hong", "zhao", "scjgj-li", "sun", "cgj-shen", "cgj-cha", "cgj-zhang", "zrzyj-shen", "wglj-shen",
    "wu", "qian", "he", "root",
)  # fmt: skip
WALK = st.lists(
    st.tuples(st.sampled_from(PEOPLE), st.sampled_from([*cases.ACTS, "opinion"])), min_size=8, max_size=40
)


class RollBack(Exception):
    """Leave no trace of a trial."""


def payload_for(name: str, case: cases.Case, digest: str) -> dict[str, Any]:
    """Something each act takes in this case's situation."""
    passed = [code for code, record in case.flow.items() if record["s"] == "passed"]
    owed = case.materials.filter(state="owed").values_list("requirement", flat=True).first() or "application"
    clause = {"clause": "行政许可法第四十五条"}
    given: dict[str, Callable[[], dict[str, Any]]] = {
        "request_correction": lambda: {"missing": [{"requirement": "application", "reason": "没有签名"}]},
        "correct": lambda: {"materials": [{"requirement": "application", "file": digest}]},
        "refuse_acceptance": lambda: {**clause, "reason": "不属本机关职权", "would_pass": "请到市局"},
        "pass_step": lambda: {"opinion": "同意"},
        "return_step": lambda: {"to": passed[0] if passed else "review", "reason": "请补充意见"},
        "suspend": lambda: {"procedure": "expert_review", "days": 3, **clause},
        "extend": lambda: {"days": 1, "reason": "情况复杂"},
        "decide": lambda: {"outcome": "refused", "reason": "条件不符合"},
        "deliver": lambda: {"way": "window"},
        "supply": lambda: {"materials": [{"requirement": owed, "file": digest}]},
        "check_promise": lambda: {"outcome": "kept"},
        "terminate": lambda: {**clause, "reason": "主体终止"},
    }
    return given.get(name, dict)()


def attempt(case: cases.Case, name: str, actor: Actor, digest: str, at: datetime) -> str:
    """Do the act and undo it; what came of it."""
    taken = payload_for(name, case, digest)
    if name == "pass_step":
        from yimen.modules.cases.queries import steps_open_to

        mine = steps_open_to(case, actor) or cases.open_reviews(case.published.content.steps, case.flow)
        taken |= {"step": mine[0]} if mine else {}
    try:
        with transaction.atomic():
            cases.act(case.number, name, taken, actor, at)
            raise RollBack
    except RollBack:
        return "done"
    except (NotAllowed, NotFound, NotPossible) as refusal:
        return f"refused: {refusal.message}"
    except Invalid as wrong:
        return f"invalid: {wrong.message} {wrong.fields}"


def walk(
    case: cases.Case, way: list[tuple[str, str]], actors: dict[str, Actor], digests: dict[str, str]
) -> cases.Case:
    for minute, (username, name) in enumerate(way, 1):
        at, actor = AT + timedelta(minutes=minute), actors[username]
        try:
            if name == "opinion":
                for asked in cases.opinions_waiting_for(actor).filter(case_id=case.pk):
                    cases.give_opinion(asked.pk, "agree", "没有意见", actor, at)
            else:
                cases.act(case.number, name, payload_for(name, case, digests[username]), actor, at)
        except (NotAllowed, NotFound, NotPossible, Invalid):
            pass
        case = cases.Case.objects.select_related("application").get(pk=case.pk)
    return case


def check(case: cases.Case, actor: Actor, digest: str, at: datetime = AT + timedelta(hours=2)) -> None:
    try:
        cases.case_with_number(case.number, actor)
    except NotFound:
        possible: list[str] = []
    else:
        possible = cases.possible_acts(case, actor)
    for name in cases.ACTS:
        came = attempt(case, name, actor, digest, at)
        truth = (actor.name, case.state, name, came)
        if name in possible:
            assert came == "done", truth
        else:
            assert came.startswith("refused"), truth


@pytest.fixture
def cast(district: District) -> tuple[dict[str, Actor], dict[str, str]]:
    actors = {name: district.actor(name) for name in PEOPLE}
    return actors, {name: district.file_of(name) for name in PEOPLE}


def application(district: District, slug: str, draft: bool) -> cases.Case:
    body = district.application("lin", slug, form={"historic": "在"} if slug == SIGN else {})
    for material in body["materials"]:
        if slug == FOOD and material["requirement"] == "safety_rules":
            material.pop("file")
            material["owed"] = True
        if slug == FOOD and material["requirement"] == "health_certs":
            material.pop("file")
            material["promise"] = True
    materials = [cases.MaterialIn(**m) for m in body["materials"]]
    command = cases.HandIn(
        items=body["items"], form=body["form"], materials=materials, centre="lanjiang", draft=draft
    )
    made = cases.hand_in(command, district.actor("lin", channel="online"), AT)
    return cases.Case.objects.select_related("application").get(application=made)


@settings(
    max_examples=8,
    phases=[Phase.generate],
    suppress_health_check=list(HealthCheck),
    derandomize=True,
    database=None,
)
@given(
    slug=st.sampled_from(SLUGS),
    draft=st.booleans(),
    way=WALK,
    tried=st.sets(st.sampled_from(PEOPLE), max_size=3),
)
def test_after_any_walk(
    district: District, cast: Any, slug: str, draft: bool, way: list[tuple[str, str]], tried: set[str]
) -> None:
    actors, digests = cast
    with transaction.atomic():
        case = walk(application(district, slug, draft), way, actors, digests)
        for username in sorted(tried):
            check(case, actors[username], digests[username])
        assert list(trace.verify_chain("case", case.number)) == []
        transaction.set_rollback(True)


ROADS: dict[str, tuple[str, list[tuple[str, str]]]] = {
    "received": (STREET, []),
    "correction": (STREET, [("chen", "request_correction")]),
    "accepted": (FOOD, [("chen", "accept")]),
    "half signed": (FOOD, [("chen", "accept"), ("zhao", "pass_step"), ("zhao", "pass_step")]),
    "suspended": (FOOD, [("chen", "accept"), ("zhao", "suspend")]),
    "extended": (FOOD, [("chen", "accept"), ("sun", "extend")]),
    "opinions asked": (SIGN, [("chen", "accept")]),
    "opinions given": (SIGN, [("chen", "accept"), ("zrzyj-shen", "opinion"), ("wglj-shen", "opinion")]),
    "on the spot": (TRADER, []),
    "decided on the spot": (TRADER, [("sun", "decide")]),
    "refused": (FOOD, [("chen", "accept"), ("sun", "decide")]),
    "delivered": (FOOD, [("chen", "accept"), ("sun", "decide"), ("chen", "deliver")]),
    "withdrawn": (STREET, [("lin", "withdraw")]),
    "terminated": (FOOD, [("chen", "accept"), ("sun", "terminate")]),
    "not accepted": (STREET, [("chen", "refuse_acceptance")]),
}


@pytest.mark.parametrize("road", ROADS)
def test_in_each_state_for_everybody(district: District, cast: Any, road: str) -> None:
    actors, digests = cast
    slug, way = ROADS[road]
    case = walk(application(district, slug, draft=False), way, actors, digests)
    for username in PEOPLE:
        check(case, actors[username], digests[username])


def test_nobody_is_offered_an_extension_after_the_limit_of_the_law(district: District, cast: Any) -> None:
    actors, digests = cast
    late = AT + timedelta(days=60)
    case = walk(application(district, FOOD, draft=False), [("chen", "accept")], actors, digests)
    assert "extend" in cases.possible_acts(case, actors["sun"])
    head = district.actor("sun", late)
    assert "extend" not in cases.possible_acts(case, head)
    check(case, head, digests["sun"], late)


def test_a_draft_is_its_applicants_alone(district: District, cast: Any) -> None:
    actors, digests = cast
    case = application(district, STREET, draft=True)
    for username in PEOPLE:
        check(case, actors[username], digests[username])
        assert cases.possible_acts(case, actors[username]) == (
            ["submit"] if username in ("lin", "chen") else []
        )
