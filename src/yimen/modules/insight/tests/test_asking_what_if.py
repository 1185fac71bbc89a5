"""Asking for an experiment, carrying it out in the background, reading it beside what was."""

from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db.models import Q
from django.test import Client

from yimen.foundation.calendar.api import current_calendar
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.clock import CHINA, travel_to
from yimen.modules.cases.tests.factories import AT, brought_to, make_account
from yimen.modules.insight.models import Experiment
from yimen.modules.insight.permissions import READ, SIMULATE
from yimen.modules.insight.queries.flows import runs_of, working_hours
from yimen.modules.insight.rules.periods import Period
from yimen.modules.insight.services import experiments
from yimen.modules.insight.simulation.flow import HOURS
from yimen.modules.insight.tests.synthetic import MONTH, district
from yimen.modules.items.tests.factories import make_organisation

pytestmark = pytest.mark.django_db
LATER = AT + timedelta(days=120)
HOME = "/console/figures/what-if/"
FORM = {"organisation": "", "from": "2026-01-01", "to": "2026-05-31", "less_days": "2"}


@pytest.fixture(autouse=True)
def _day() -> Iterator[None]:
    with travel_to(LATER):
        yield


def asker(monkeypatch: pytest.MonkeyPatch, scope: Scope = Scope()) -> Client:
    account = make_account(kind="staff")
    grants = {READ: (scope,), SIMULATE: (scope,)}
    actor = Actor(account_id=account.pk, name="钱督查", grants=grants)
    monkeypatch.setattr("yimen.foundation.identity.middleware.actor_of", lambda *_, **__: actor)
    client = Client()
    client.force_login(account, backend="allauth.account.auth_backends.AuthenticationBackend")
    return client


def test_working_hours_stand_still_outside_the_office() -> None:
    calendar, friday = current_calendar(), AT.astimezone(CHINA).replace(day=6, hour=16)
    late, monday = friday.replace(hour=22), friday.replace(day=9, hour=9)
    assert working_hours(late, calendar) - working_hours(friday, calendar) == 1
    assert working_hours(monday, calendar) == working_hours(late, calendar)
    assert working_hours(monday.replace(hour=17), calendar) - working_hours(monday, calendar) == HOURS


def test_what_happened_is_read_with_its_stages_and_its_pause() -> None:
    case, office = brought_to("suspended")
    from yimen.modules.cases import api as cases

    for days, name, payload in (
        (9, "resume", {}), (10, "pass_step", {"opinion": "符合"}), (11, "decide", {"outcome": "granted"}),
    ):  # fmt: skip
        cases.act(case.number, name, payload, office, AT + timedelta(days=days))
    [run] = runs_of(Q(), Period(AT.date(), LATER.date()), current_calendar())
    assert [s.code for s in run.stages] == ["accept", "review", "decide"]
    assert run.decided and run.promised == 10 and run.late is False
    # suspended on Wednesday 4 March at 10, resumed on Wednesday 11 March at 10: five working days
    assert run.stages[1].pause == run.stages[1].excluded == 5 * HOURS
    # between acceptance and suspension it lay with the office for a day
    assert run.stages[1].held == HOURS and run.stages[1].hours == 2 * HOURS
    assert run.shape == "10working_day review decide" and run.closed == run.finished


def test_an_experiment_runs_in_the_background_and_is_shown_with_its_error(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runs = district(months=3, per_day=6)
    monkeypatch.setattr(experiments, "runs_of", lambda *_: runs)
    monkeypatch.setattr(experiments, "working_hours", lambda m, _: (2 + (m.month == 6)) * MONTH)
    client = asker(monkeypatch)
    sent = client.post(HOME, FORM)
    assert sent.status_code == 302, sent.context["errors"]
    made = Experiment.objects.get()
    assert "排队中" in client.get(sent["Location"]).content.decode()
    assert client.post(HOME, FORM).status_code == 422
    experiments.carry_out(made.pk, lambda: LATER)
    page = client.get(sent["Location"]).content.decode()
    assert "改以前和改以后" in page and "没有见过" in page and "个百分点" in page
    assert "其中偶然" in page and "±" in page
    made.refresh_from_db()
    assert made.result["would"]["late"] >= made.result["was"]["late"]
    assert "承诺期限缩短2个工作日" in client.get(HOME).content.decode()


def test_too_few_cases_are_told_instead_of_a_result(monkeypatch: pytest.MonkeyPatch) -> None:
    client = asker(monkeypatch)
    place = client.post(HOME, FORM)["Location"]
    experiments.carry_out(Experiment.objects.get().pk, lambda: LATER)
    assert "至少要30件" in client.get(place).content.decode()


@pytest.mark.parametrize(
    "changes",
    [{"less_days": ""}, {"less_days": "x"}, {"less_days": "99999"}, {"from": "x"}, {"to": "2099-01-01"},
     {"from": "2026-05-01"}, {"from": "2020-01-01"}, {"hands_stage": "nothing", "hands": "2"}, {"hands": "2"},
     {"merge_from": "accept"}, {"merge_from": "accept", "merge_into": "accept"}, {"organisation": "nobody"},
     {"organisation": "\x00x"}, {"from": "0001-01-01", "to": "0001-02-01"}],
)  # fmt: skip
def test_a_form_that_cannot_be_meant_comes_back_with_what_was_typed(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, str]
) -> None:
    answer = asker(monkeypatch).post(HOME, FORM | changes)
    assert answer.status_code == 422 and answer.context["errors"]
    assert not Experiment.objects.exists()


def test_a_head_experiments_with_the_own_organisation_only(monkeypatch: pytest.MonkeyPatch) -> None:
    own, other = make_organisation(), make_organisation("other-org")
    scope = Scope(organisation_id=own.pk)
    client = asker(monkeypatch, scope)
    assert client.post(HOME, FORM | {"organisation": other.code}).status_code == 422
    assert client.post(HOME, FORM).status_code == 422
    place = client.post(HOME, FORM | {"organisation": own.code})["Location"]
    assert client.get(place).status_code == 200
    stranger: Any = asker(monkeypatch, Scope(organisation_id=other.pk))
    assert stranger.get(place).status_code == 404
    assert stranger.get(f"{HOME}{10**30}/").status_code == 404
