"""Parameters: declared with a default, set by place and day, the narrowest and newest value holds."""

from datetime import UTC, date, datetime

import pytest

from yimen.foundation.params import registry
from yimen.foundation.params.api import PARAM_MANAGE, declare, declared, history_of, set_value, value
from yimen.foundation.params.kept import forget
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM, Actor, Scope
from yimen.kernel.errors import Invalid, NotAllowed, NotFound

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)
CODE = "test.supplement_days"


@pytest.fixture(autouse=True)
def _declared(monkeypatch):
    monkeypatch.setattr(registry, "_declared", dict(registry._declared))
    declare(CODE, 20, "容缺补正期限（工作日）", "深圳市2019年")
    declare("test.flag", True, "开关")
    declare("test.words", "视为撤回", "逾期后果")
    forget()
    yield
    forget()


def put(worth: object, since: date = TODAY, division: str = "", code: str = CODE) -> None:
    set_value(code, worth, valid_from=since, division=division, actor=PLATFORM, at=AT)


def test_the_default_holds_until_somebody_sets_another() -> None:
    assert value(CODE, on=TODAY) == 20
    put(15)
    assert value(CODE, on=TODAY) == 15
    assert value(CODE, on=date(2026, 3, 1)) == 20


def test_the_narrowest_place_and_the_newest_day_hold() -> None:
    put(15)
    put(10, division="440100000000")
    put(5, division="440113000000", since=date(2026, 4, 1))
    assert value(CODE, "440113001001", on=TODAY) == 10
    assert value(CODE, "440113001001", on=date(2026, 4, 1)) == 5
    assert value(CODE, "445100000000", on=TODAY) == 15
    assert value(CODE, on=TODAY) == 15
    put(12, division="440100000000")
    assert value(CODE, "440100000000", on=TODAY) == 12
    assert history_of(CODE).count() == 4


def test_reading_again_asks_the_database_nothing(django_assert_num_queries) -> None:
    value(CODE, on=TODAY)
    with django_assert_num_queries(0):
        assert value(CODE, "440113000000", on=TODAY) == 20


def test_a_value_has_the_type_of_its_default() -> None:
    for code, wrong in ((CODE, "20"), (CODE, True), ("test.flag", 1), ("test.words", 3)):
        with pytest.raises(Invalid):
            put(wrong, code=code)
    put(False, code="test.flag")
    assert value("test.flag", on=TODAY) is False


def test_unknown_codes_and_places_are_refused() -> None:
    with pytest.raises(NotFound):
        value("no.such", on=TODAY)
    with pytest.raises(NotFound):
        put(1, code="no.such")
    with pytest.raises(Invalid):
        put(1, division="4401")


def test_only_within_ones_own_place() -> None:
    here = Actor(account_id=3, name="root", grants={PARAM_MANAGE: (Scope(division="440113"),)})
    set_value(CODE, 7, valid_from=TODAY, division="440113000000", actor=here, at=AT)
    for place in ("", "440114000000"):
        with pytest.raises(NotAllowed):
            set_value(CODE, 7, valid_from=TODAY, division=place, actor=here, at=AT)
    (event,) = trace.events_of("param", CODE)
    assert (event.actor_name, event.act) == ("root", "set_param")


def test_a_code_is_declared_once() -> None:
    declare(CODE, 20, "容缺补正期限（工作日）", "深圳市2019年")
    with pytest.raises(ValueError, match="twice"):
        declare(CODE, 21, "别的")
    assert CODE in [entry.code for entry in declared()]
