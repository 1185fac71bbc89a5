"""Rules as data: what is wrong with one is told before it runs; every rule of the start set has a law and can hold."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yimen.modules.supervision.rules.course import Act, Course, holder_at, passed_steps
from yimen.modules.supervision.rules.facts import DETECTORS
from yimen.modules.supervision.rules.procedure import order, registration, suspension, telling
from yimen.modules.supervision.rules.scoring import Formula, means_of, score, wilson
from yimen.modules.supervision.rules.seeds import SEEDS
from yimen.modules.supervision.rules.spec import KIND_LABELS, RuleSpec, problems_of
from yimen.modules.supervision.rules.substance import fee, material_asked, refusal
from yimen.modules.supervision.rules.telling import sentence_of

T = datetime(2026, 3, 2, 1, 0, tzinfo=UTC)


def course(*acts, **more):
    made, state = [], "draft"
    for n, (name, to, data) in enumerate(acts, 1):
        at = data.pop("at", T + timedelta(days=n))
        clause, note = data.pop("clause", ""), data.pop("note", "")
        made.append(
            Act(sequence=n, act=name, from_state=state, to_state=to, at=at, actor_id=data.pop("actor", 1),
                clause=clause, note=note, data=data)
        )  # fmt: skip
        state = to
    values = {
        "case_id": 1, "number": "C1", "organisation_id": 7, "organisation": "区局", "division": "449901000000",
        "item": "X", "item_type": "permit", "instant": False, "channel": "online", "joint": False, "acts": made,
        "guide": frozenset({"application"}), "fees": {"工本费": 10.0},
    }  # fmt: skip
    return Course(**(values | more))


def facts(look, *acts, **more):
    return [dict(seen.facts) for seen in look(course(*acts, **more))]


SUBMIT = ("submit", "submitted", {})


@pytest.mark.parametrize("seed", SEEDS, ids=lambda s: s.code)
def test_every_rule_of_the_start_set_names_its_law_and_can_hold(seed):
    assert problems_of(seed.detector, seed.condition) == []
    assert seed.clause and seed.consequence and seed.kind in KIND_LABELS


def test_the_start_set_covers_the_four_kinds_and_every_detector():
    assert {seed.kind for seed in SEEDS} == set(KIND_LABELS)
    assert {seed.detector for seed in SEEDS} == set(DETECTORS)


@pytest.mark.parametrize(
    ("detector", "condition", "said"),
    [
        ("clock_overdue", "days_over > 3", "没有名为"),
        ("clock_overdue", "clock = 'promise'", "promise"),
        ("fee", "over > 3 AND over < 1", "永远不会成立"),
        ("fee", "over > ", ""),
        ("fee", "", "条件"),
        ("no_such", "over > 1", "监察点"),
        ("telling", "notices = '二'", ""),
    ],
)
def test_a_condition_on_an_unknown_fact_or_never_true_is_told(detector, condition, said):
    problems = problems_of(detector, condition)
    assert problems and said in problems[0].sentence


def test_an_unknown_fact_never_makes_a_card():
    rule = RuleSpec(code="x", detector="not_accepting", condition="missing = 0")
    assert not rule.holds({"ground": "other"}) and rule.holds({"missing": 0})


def test_a_second_notice_that_names_something_new_is_seen():
    first = ("request_correction", "correction_requested", {"missing": [{"requirement": "application"}]})
    back = ("correct", "submitted", {})
    second = (
        "request_correction", "correction_requested",
        {"missing": [{"requirement": "application"}, {"requirement": "licence"}]},
    )  # fmt: skip
    seen = facts(telling, SUBMIT, first, back, second)
    assert [(f["notices"], f["new_things"]) for f in seen] == [(1, 0), (2, 1)]


def test_material_outside_the_guide_is_counted_and_the_form_is_not():
    asked = {
        "missing": [{"requirement": "form"}, {"requirement": "无犯罪证明"}, {"requirement": "application"}]
    }
    [seen] = facts(material_asked, SUBMIT, ("request_correction", "correction_requested", asked))
    assert seen["outside"] == 1


def test_a_refusal_by_the_general_clause_only_gives_none():
    refused = {"outcome": "refused", "reason": "场所不符合消防要求", "clause": "行政许可法第三十八条"}
    [seen] = facts(refusal, SUBMIT, ("accept", "accepted", {}), ("decide", "refused", refused))
    assert seen["clause_given"] is False and seen["refused"] == "permit" and seen["reason_length"] > 5
    own = dict(refused, clause="食品安全法第三十三条")
    [seen] = facts(refusal, SUBMIT, ("accept", "accepted", {}), ("decide", "refused", own))
    assert seen["clause_given"] is True


def test_fees_are_set_beside_the_standard_and_odd_records_are_left_alone():
    charged = {
        "fees": [
            {"name": "工本费", "amount": 10},
            {"name": "加急费", "amount": "50"},
            {"name": "x", "amount": "?"},
            3,
        ]
    }
    seen = facts(fee, SUBMIT, ("accept", "accepted", charged))
    assert [(f["listed"], f["over"]) for f in seen] == [(True, 0.0), (False, 50.0)]


def test_a_suspension_without_paper_that_overran_is_seen():
    suspended = {"procedure": "lunch", "days": 5, "until": "2026-03-06"}
    seen = facts(
        suspension, SUBMIT, ("accept", "accepted", {}), ("suspend", "suspended", suspended),
        ("resume", "in_review", {"at": T + timedelta(days=9)}),
    )  # fmt: skip
    assert seen[0] | {} == seen[0]
    assert (seen[0]["document_given"], seen[0]["procedure_known"], seen[0]["overran"]) == (False, False, 5)


def test_handling_before_registration_is_seen_by_moment_and_by_place():
    early = ("accept", "accepted", {"at": T - timedelta(hours=2)})
    [seen] = facts(registration, SUBMIT, early)
    assert seen["before_minutes"] == 26 * 60
    assert facts(registration, SUBMIT, ("accept", "accepted", {})) == []
    [never] = facts(registration, ("accept", "accepted", {}))
    assert never["registered"] is False


def test_steps_out_of_order_are_seen(django_assert_num_queries=None):
    from yimen.modules.items.content import ReviewStep

    steps = (
        ReviewStep(code="look", name="核查", post="inspector", officers=2),
        ReviewStep(code="review", name="审查", post="reviewer"),
        ReviewStep(code="decide", name="决定", post="head"),
    )
    accepted = ("accept", "accepted", {})
    early = ("pass_step", "in_review", {"step": "review", "passed": True})
    assert [f["fault"] for f in facts(order, SUBMIT, accepted, early, steps=steps)] == ["early"]
    alone = ("pass_step", "in_review", {"step": "look", "passed": True})
    assert [f["fault"] for f in facts(order, SUBMIT, accepted, alone, steps=steps)] == ["officers"]
    granted = ("decide", "granted", {"outcome": "granted"})
    assert [f["fault"] for f in facts(order, SUBMIT, accepted, granted, steps=steps)] == ["skipped"]
    assert [f["fault"] for f in facts(order, SUBMIT, granted)] == []
    assert [f["fault"] for f in facts(order, SUBMIT, accepted, accepted)] == ["not_allowed"]
    first = ("pass_step", "in_review", {"step": "look", "passed": False, "actor": 1})
    second = ("pass_step", "in_review", {"step": "look", "passed": True, "actor": 2})
    assert facts(order, SUBMIT, accepted, first, second, early, granted, steps=steps) == []
    made = course(SUBMIT, accepted, first, second, steps=steps)
    assert passed_steps(made, made.acts) == {"look"}
    held = holder_at(made, T + timedelta(days=30))
    assert (held.post, held.step, held.organisation_id) == ("reviewer", "审查", 7)


def test_what_the_applicant_or_a_procedure_holds_is_nobodys_fault():
    asked = ("request_correction", "correction_requested", {"missing": [{"requirement": "application"}]})
    assert holder_at(course(SUBMIT, asked), T + timedelta(days=30)).organisation_id is None
    paused = ("suspend", "suspended", {"note": "专家评审，需要5个工作日"})
    held = holder_at(course(SUBMIT, ("accept", "accepted", {}), paused), T + timedelta(days=30))
    assert (held.name, held.organisation_id) == ("专家评审", None)


@pytest.mark.parametrize("code", DETECTORS)
def test_everything_seen_can_be_told_in_a_sentence(code):
    values = {"number": 1, "text": "x", "boolean": True, "choice": ""}
    told = {
        f.name: f.kind.choices[0] if f.kind.choices else values[f.kind.name] for f in DETECTORS[code].facts
    }
    assert sentence_of(code, told, T.date()).endswith("。") and sentence_of(code, {}, None)


counts = st.dictionaries(
    st.sampled_from(["on_time", "in_law", "steps", "told_once", "clean"]),
    st.tuples(st.integers(0, 500), st.integers(0, 500)).map(lambda p: (min(p), max(p))),
    min_size=1,
)


@given(st.lists(counts, min_size=1, max_size=8))
def test_a_score_lies_in_its_band_and_its_parts_add_up(rows):
    formula = Formula(
        version=1, weights={"on_time": 35, "in_law": 15, "steps": 15, "told_once": 15, "clean": 20}
    )
    means = means_of(rows)
    for row in rows:
        result = score(row, means, formula)
        assert 0 <= result.low <= result.points + 0.01 and result.points <= result.high + 0.01 <= 100.02
        assert abs(sum(p.points for p in result.parts) - result.points) < 0.01
        assert abs(sum(p.weight for p in result.parts) - 1) < 1e-9


def test_small_numbers_are_pulled_towards_the_mean():
    formula = Formula(version=1, weights={"on_time": 100}, strength=20)
    means = {"on_time": 0.9}
    one_bad, many_bad = (score({"on_time": c}, means, formula).points for c in ((0, 1), (0, 200)))
    one_good, many_good = (score({"on_time": c}, means, formula).points for c in ((1, 1), (200, 200)))
    assert many_bad < one_bad < 90 < one_good < many_good
    assert score({"on_time": (0, 0)}, means, formula).points == 90


def test_wilson_agrees_with_the_published_example():
    low, high = wilson(81, 263)
    assert (round(low, 4), round(high, 4)) == (0.2553, 0.3662)
