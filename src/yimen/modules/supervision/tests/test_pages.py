"""The rooms: what a supervisor, a department and everybody may see and do; odd input; scores; the ledger adds up; REST."""

from datetime import date, timedelta
from io import BytesIO

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl import load_workbook

from yimen.foundation.identity.api import Account, Role, RoleGrant, seed_roles
from yimen.kernel.clock import travel_to
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import AT, brought_to
from yimen.modules.deadlines import api as deadlines
from yimen.modules.items.tests.factories import make_organisation
from yimen.modules.supervision import api as supervision
from yimen.modules.supervision.models import Card, Rule, Score, TrialRun
from yimen.modules.supervision.queries import implementing, losing, scores
from yimen.modules.supervision.services import scoring
from yimen.modules.supervision.services.trials import queue_trial, run_trial
from yimen.modules.supervision.tests.factories import LATE, answerer, only, overdue_card, recorded, supervisor

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)
TEXT = "系统停机两天，已经整改。"


def signed_in(role: str, name: str = "", **scope) -> Client:
    seed_roles()
    account = Account.objects.create(
        username=name or role, display_name=name or role, kind="staff", created_at=AT
    )
    RoleGrant.objects.create(
        account=account, role=Role.objects.get(code=role), valid_from=AT.date(), granted_at=AT, **scope
    )
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def qian() -> Client:
    return signed_in("supervisor", "qian", division=make_organisation().division)


def sun() -> Client:
    return signed_in("department_head", "sun", organisation=make_organisation())


def test_the_desk_tells_how_many_cards_wait_as_the_list_counts_them():
    card = overdue_card()
    answering = sun()
    with travel_to(LATE):
        start = answering.get("/desk/")
        assert start.context["cards"] == answering.get("/desk/supervision/").context["waiting"] == 1
        assert 'rail-count">1<' in start.content.decode(), "in the navigation of every page"
        answering.post(f"/desk/supervision/cards/{card.number}/", {"act": "state", "text": TEXT})
        start = answering.get("/desk/")
        assert start.context["cards"] == answering.get("/desk/supervision/").context["waiting"] == 0
        assert "rail-count" not in start.content.decode()


def test_a_card_goes_its_way_through_the_pages_of_both_rooms():
    card = overdue_card()
    watching, answering = qian(), sun()
    desk, console = f"/desk/supervision/cards/{card.number}/", f"/console/supervision/cards/{card.number}/"
    with travel_to(LATE):
        assert card.number in answering.get("/desk/supervision/").content.decode()
        refused = answering.post(desk, {"act": "state", "text": "嗯"})
        assert refused.status_code == 422 and "嗯" in refused.content.decode()
        early = watching.get(console).content.decode()
        assert "到期没有说明才能认定成立" in early
        proof = BytesIO(b"%PDF-1.4 broken")
        proof.name = "x.exe"
        kept = answering.post(desk, {"act": "state", "text": TEXT, "files": proof})
        assert kept.status_code == 422 and TEXT in kept.content.decode()
        assert answering.post(desk, {"act": "state", "text": TEXT}).status_code == 302
        wrong = watching.post(console, {"act": "decide", "reason": "属实，成立"})
        assert wrong.status_code == 422 and "属实，成立" in wrong.content.decode()
        given = {"act": "decide", "outcome": "upheld", "reason": "属实，成立"}
        assert watching.post(console, given).status_code == 302
        assert answering.post(desk, {"act": "appeal", "text": "停机有公告"}).status_code == 302
        assert watching.post(console, {**given, "revision": 1}).status_code == 422
        assert watching.post(console, given).status_code == 302  # nobody else could review it
        assert answering.get(desk + "paper/").content.startswith(b"%PDF")
    card.refresh_from_db()
    assert card.state == "final"


@pytest.mark.parametrize(
    "address",
    [
        "/console/supervision/", "/console/supervision/?kind=%00&colour=9&page=999999999999&q=%00", "/console/supervision/rules/",
        "/console/supervision/rules/near_due/", "/console/supervision/rules/near_due/edit/", "/console/supervision/rules/new/",
        "/console/supervision/time/?from=x&to=99999-01-01", "/console/supervision/evaluation/", "/console/supervision/scores/",
        "/console/supervision/scores/formula/",
    ],
)  # fmt: skip
def test_every_page_of_the_supervisor_opens_and_only_for_the_supervisor(address):
    overdue_card()
    with travel_to(LATE):
        assert qian().get(address).status_code == 200
        assert sun().get(address).status_code == 403
        assert Client().get(address).status_code == 302


@pytest.mark.parametrize(
    "address", ["rules/x\x00y/", "cards/NOPE/", "scores/999999999999999999999/", "trials/99/"]
)
def test_what_is_not_there_is_not_found(address):
    assert qian().get(f"/console/supervision/{address}").status_code == 404


def test_another_department_does_not_find_the_card():
    card = overdue_card()
    other = signed_in("department_head", "other", organisation=make_organisation("other-org"))
    assert other.get(f"/desk/supervision/cards/{card.number}/").status_code == 404
    assert other.get(f"/api/v1/cards/{card.number}").status_code == 404


def test_the_list_costs_the_same_for_many_cards():
    client = None

    def cost():
        with travel_to(LATE), CaptureQueriesContext(connection) as asked:
            assert client.get("/console/supervision/").status_code == 200
        return len(asked)

    overdue_card()
    client = qian()
    cost()
    few = cost()
    for _ in range(4):
        brought_to("in_review")
    supervision.sweep_clocks(LATE)
    assert Card.objects.count() == 5 and cost() == few


def test_a_rule_is_written_tried_on_the_past_and_switched_on():
    make_organisation()
    case, _ = brought_to("accepted")
    recorded(case, "request_correction", AT + 3 * DAY, data={"missing": [{"requirement": "户口本"}]})
    client = qian()
    given = {
        "code": "asked_much", "kind": "content", "label": "多要材料", "detector": "material_asked", "condition": "outsides > 0",
        "clause": "行政许可法第三十一条", "consequence": "说明情况", "colour": "red", "answerable": "yes",
        "division": "449901000000", "lead": "0", "statement_days": "3", "decision_days": "5", "appeal_days": "5", "review_days": "999999999",
    }  # fmt: skip
    with travel_to(LATE):
        wrong = client.post("/console/supervision/rules/new/", given)
        assert wrong.status_code == 422 and "outsides &gt; 0" in wrong.content.decode()
        given |= {"review_days": "10"}
        wrong = client.post("/console/supervision/rules/new/", given)
        assert (
            wrong.status_code == 422
            and "没有名为" in wrong.content.decode()
            and "outside" in wrong.content.decode()
        )
        given |= {"condition": "outside > 0"}
        assert client.post("/console/supervision/rules/new/", given).status_code == 302
        rule = Rule.objects.get(code="asked_much")
        assert not rule.is_on
        started = client.post(
            "/console/supervision/rules/asked_much/try/", {"since": "2026-01-01", "until": "2026-04-01"}
        )
        assert started.status_code == 302
        run = TrialRun.objects.get()
        run_trial(run.pk, lambda: LATE)
        page = client.get(f"/console/supervision/trials/{run.pk}/").content.decode()
        run.refresh_from_db()
        assert (
            run.state == "done"
            and run.found == 1
            and run.by_organisation[0]["n"] == 1
            and case.number in page
        )
        row = run.findings.get()
        client.post(
            f"/console/supervision/trials/{run.pk}/mark/",
            {"row": row.pk, "wrong": "yes", "why": "窗口记错\x00"},
        )
        row.refresh_from_db()
        assert row.looks_wrong and row.why == "窗口记错"
        assert client.post("/console/supervision/rules/asked_much/switch/", {"to": "on"}).status_code == 302
    rule.refresh_from_db()
    assert rule.is_on and not Card.objects.exists()


def test_a_trial_over_a_period_that_makes_no_sense_is_refused():
    [rule] = only("near_due")
    with pytest.raises(Invalid):
        queue_trial(rule, LATE, AT, supervisor(), LATE)


ACTS = st.lists(st.sampled_from(["accept", "suspend", "resume", "wait", "request"]), max_size=5)


@settings(max_examples=8, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["submitted", "accepted", "in_review", "suspended", "delivered", "correction_requested", "not_accepted"]), min_size=1, max_size=4))  # fmt: skip
def test_the_parts_of_lost_time_sum_to_the_time_elapsed_for_any_set(states):
    made = [brought_to(state)[0].pk for state in states]
    rows = cases.Case.objects.filter(pk__in=made)
    found = losing.lost_of(rows, LATE)
    assert abs(found.elapsed - losing.elapsed_of(rows, LATE)) <= len(found.lines) + 1
    assert sum(line.seconds for line in found.lines) == found.elapsed
    ledgers = cases.ledgers_of(list(rows.select_related("application", "item", "organisation")), LATE)
    shares = sum(sec for days in ledgers.values() for day in days for _, sec in day.shares)
    assert abs(shares - found.elapsed) <= 2 * len(made) + len(found.lines)


def test_the_suspended_time_is_told_under_its_own_clause():
    case, _ = brought_to("suspended")
    lines = {line.holder: line for line in losing.lost_of(cases.Case.objects.filter(pk=case.pk), LATE).lines}
    assert lines["特别程序"].clause == "行政许可法第四十五条" and lines["特别程序"].seconds == 38 * 86400


def test_lost_time_is_exported_as_it_is_seen():
    overdue_card()
    client = qian()
    with travel_to(LATE):
        text = b"".join(client.get("/console/supervision/time/export.csv").streaming_content).decode(
            "utf-8-sig"
        )
        book = load_workbook(
            BytesIO(b"".join(client.get("/console/supervision/time/export.xlsx").streaming_content))
        )
    assert text.splitlines()[0].startswith("办件编号") and len(text.splitlines()) == 2
    assert book.active.max_row == 2


def test_scores_are_computed_published_objected_to_recomputed_and_final():
    card = overdue_card()
    watching, heading = supervisor(), answerer()
    late = card.due_at + DAY
    supervision.act(card.number, "decide", {"outcome": "upheld", "reason": "逾期未说明"}, watching, late)
    month = date(2026, 4, 1)
    found = scoring.compute_round("449901000000", month, watching, late + DAY)
    row = Score.objects.get(round=found, post="")
    assert row.inputs["clean"] == [0, 1] and float(row.points) == scoring.result_of(row).points
    with pytest.raises(NotPossible, match="还没有结束"):
        scoring.publish_round(found, watching, late)
    may = late + 30 * DAY
    found = scoring.publish_round(scoring.compute_round("449901000000", month, watching, may), watching, may)
    row = Score.objects.get(round=found, post="")
    assert scoring.recompute(row, may)["changed"] == {}
    with pytest.raises(NotPossible):
        scoring.compute_round("449901000000", month, watching, may)
    with pytest.raises(NotAllowed):
        scoring.object_to(row, "这张牌不对", answerer(make_organisation("other-org")), may)
    objection = scoring.object_to(row, "牌已经撤销，不应计入", heading, may)
    with pytest.raises(NotPossible, match="异议期"):
        scoring.finish_round(found, watching, may)
    Card.objects.update(state="withdrawn")
    assert "clean" in scoring.recompute(row, may)["changed"]
    before = row.points
    scoring.answer_objection(objection.pk, True, "属实，重新计算", watching, may)
    row.refresh_from_db()
    assert row.points >= before and row.inputs["clean"] == [1, 1]
    found = scoring.finish_round(scores.round_with_id(found.pk, ""), watching, found.objections_until + DAY)
    assert found.state == "final"


def test_the_public_page_shows_only_what_is_published():
    overdue_card()
    watching = supervisor()
    stranger = Client()
    may = LATE + 30 * DAY
    found = scoring.compute_round("449901000000", date(2026, 3, 1), watching, may)
    row = Score.objects.filter(round=found).first() or pytest.fail("a department was scored")
    with travel_to(may):
        assert "还没有公示过" in stranger.get("/supervision/").content.decode()
        assert stranger.get(f"/supervision/scores/{row.pk}/").status_code == 404
        scoring.publish_round(found, watching, may)
        assert row.organisation.name in stranger.get("/supervision/?round=x").content.decode()
        assert stranger.get(f"/supervision/scores/{row.pk}/").status_code == 200
        assert "行政许可法" in stranger.get("/supervision/rules/").content.decode()
        assert sun().get(f"/desk/supervision/scores/{row.pk}/?again=1").status_code == 200


def test_a_formula_with_odd_weights_is_refused_and_keeps_what_was_typed():
    client = qian()
    answer = client.post("/console/supervision/scores/formula/", {"weight_on_time": "很多", "strength": "20"})
    assert answer.status_code == 422 and "很多" in answer.content.decode()
    good = {f"weight_{code}": "20" for code in ("on_time", "in_law", "steps", "told_once", "clean")}
    assert client.post("/console/supervision/scores/formula/", {**good, "strength": "5"}).status_code == 302


def test_items_are_evaluated_by_the_trouble_they_make():
    brought_to("correction_requested")
    brought_to("delivered")
    lines = implementing.lines_of(cases.Case.objects.all(), AT - DAY, LATE)
    assert [line.corrected for line in lines] == [1, 0] and lines[0].trouble == 1
    assert lines[1].used == 2 and "缩短" in lines[1].advice[0]


def test_cards_through_rest():
    card = overdue_card()
    answering, watching = sun(), qian()
    for client in (answering, watching):
        client.handler.enforce_csrf_checks = False
    with travel_to(LATE):
        found = answering.get("/api/v1/cards").json()
        assert found["count"] == 1 and found["results"][0]["possible"] == ["state"]
        assert watching.get("/api/v1/cards?state=nonsense").status_code == 422
        read, after = [], ""
        while after is not None:
            page = watching.get("/api/v1/cards", {"size": 1, "after": after}).json()
            read, after = read + [row["number"] for row in page["results"]], page["next"]
        assert read == [row["number"] for row in watching.get("/api/v1/cards").json()["results"]]
        assert answering.get("/api/v1/cards?after=unknown").json()["code"] == "unknown_key"
        assert signed_in("window_clerk", "chen").get("/api/v1/cards").json()["count"] == 0
        given = {"act": "state", "text": TEXT}
        stated = answering.post(f"/api/v1/cards/{card.number}/acts", given, content_type="application/json")
        assert stated.status_code == 200 and stated.json()["state"] == "stated"
        again = answering.post(f"/api/v1/cards/{card.number}/acts", given, content_type="application/json")
        assert again.status_code == 409
        decided = {"act": "decide", "outcome": "upheld", "reason": "属实，成立"}
        assert watching.post(
            f"/api/v1/cards/{card.number}/acts", decided, content_type="application/json"
        ).json()["possible"] == ["withdraw"]


def test_the_person_is_told_whose_hands_and_what_happens_now():
    card = overdue_card()
    case = card.case
    said = supervision.words_for(case, LATE)
    assert "超过承诺的时间" in said[0] and "测试区test-org局" in said[0] and "说明原因" in said[1]
    card.state = "upheld"
    card.save()
    assert "认定超期属实" in supervision.words_for(case, LATE)[1]
    card.state = "withdrawn"
    card.save()
    assert supervision.words_for(case, LATE) == []


def test_posts_are_scored_by_their_own_steps():
    brought_to("in_review")
    counts = scores.counts_of_posts("449901", date(2026, 3, 1), LATE)
    [((_, post), counted)] = [(key, c) for key, c in counts.items() if c["steps"][1] and key[1] == "reviewer"]
    assert post == "reviewer" and counted["steps"] == (1, 1)
    assert deadlines.Clock.objects.filter(kind="step", state="met").count() == 1


def test_a_district_puts_its_own_rule_in_place_of_the_general_one():
    only("overdue_promised")
    brought_to("in_review")
    client = qian()
    general = Rule.objects.get(code="overdue_promised")
    given = {name: getattr(general, name) for name in ("kind", "label", "detector", "condition", "clause")}
    given |= {"consequence": "本区规定", "colour": "yellow", "answerable": "yes"}
    with travel_to(AT):
        page = client.get("/console/supervision/rules/overdue_promised/edit/").content.decode()
        assert "只用于本辖区" in page
        assert client.post("/console/supervision/rules/overdue_promised/edit/", given).status_code == 302
        own = Rule.objects.get(replaces="overdue_promised")
        assert (own.division, own.code) == ("449901000000", "overdue_promised_449901")
        again = client.get("/console/supervision/rules/overdue_promised/edit/")
        assert again["Location"].endswith(f"/{own.code}/edit/")
        client.post(f"/console/supervision/rules/{own.code}/switch/", {"to": "on"})
    supervision.sweep_clocks(LATE)
    assert [(c.rule_code, c.colour) for c in Card.objects.all()] == [(own.code, "yellow")]
