"""Divisions: loaded once, found by any length of code, abolished codes lead to their successors."""

from datetime import UTC, date, datetime

import pytest

from yimen.foundation.orgs.api import (
    ancestors,
    division_named,
    division_with_code,
    divisions_under,
    load_divisions,
    record_change,
    resolve_division,
    successors_of,
)
from yimen.foundation.orgs.models import Division, DivisionChange
from yimen.foundation.orgs.rules import ancestor_codes, full_code, level_of, prefix_of, within
from yimen.foundation.orgs.tests.factories import division
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import NotAllowed, NotFound

AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


@pytest.fixture
def country(db):
    return load_divisions(AT)


def test_codes_tell_level_prefix_and_what_is_above() -> None:
    assert [level_of(c) for c in ("44", "4401", "440113", "440113001", "440113001001")] == [1, 2, 3, 4, 5]
    assert prefix_of("440113000000") == "440113"
    assert prefix_of("") == ""
    assert full_code("440113") == "440113000000"
    assert ancestor_codes("440113001001") == ["440113001000", "440113000000", "440100000000", "440000000000"]
    assert ancestor_codes("441900003000") == ["441900000000", "440000000000"]
    assert within("440113001001", "440113")
    assert not within("440114000000", "440113000000")
    assert within("440113", "")
    assert not within("", "44")


def test_the_reference_data_is_loaded_once(country: int, django_assert_max_num_queries) -> None:
    assert country > 5000
    with django_assert_max_num_queries(8):
        assert load_divisions(AT) == 0
    assert Division.objects.count() == country
    assert DivisionChange.objects.count() == 12


def test_names_and_trees_are_whole(country: int) -> None:
    assert division_named("440113", TODAY) == "广东省广州市番禺区"
    assert division_named("110101", TODAY) == "北京市东城区"
    assert [d.name for d in ancestors("440113000000")] == ["广州市", "广东省"]
    assert divisions_under("4401", TODAY, level=3).count() == 11
    assert divisions_under("440113", TODAY, level=4).count() == 16
    assert division_with_code("441900003").full_name == "广东省东莞市东城街道"
    orphans = Division.objects.filter(level__gt=1, parent=None)
    assert list(orphans) == []


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("440183", "440118"),
        ("440116", "440112"),
        ("440184", "440117"),
        ("441283", "441204"),
        ("441723", "441704"),
        ("440101", "440100"),
        ("440129", "440100"),
        ("469034", "469028"),
        ("440183100", "440118"),
    ],
)
def test_abolished_codes_resolve(country: int, old: str, new: str) -> None:
    assert resolve_division(old, TODAY).code == full_code(new)


def test_an_abolished_code_still_stood_on_an_earlier_day(country: int) -> None:
    assert resolve_division("440183", date(2010, 1, 1)).name == "增城市"
    assert resolve_division("440183", date(2014, 2, 11)).name == "增城市"
    assert resolve_division("440183", date(2014, 2, 12)).name == "增城区"


@pytest.mark.parametrize("code", ["999999", "440199", "", "abc", "4401131234567890"])
def test_a_code_never_known_is_told_so(country: int, code: str) -> None:
    with pytest.raises(NotFound):
        resolve_division(code, TODAY)


def test_a_change_is_recorded_and_chains_are_followed(db) -> None:
    for code in ("440199", "440198", "440197"):
        division(code)
    record_change("440199", "440198", on=date(2020, 1, 1), kind="merged", actor=PLATFORM, at=AT)
    record_change("440198", "440197", on=date(2025, 1, 1), kind="recoded", actor=PLATFORM, at=AT)
    assert resolve_division("440199", TODAY).code == "440197000000"
    assert resolve_division("440199", date(2024, 1, 1)).code == "440198000000"
    assert resolve_division("440199", date(2019, 1, 1)).code == "440199000000"
    assert [change.new_code for change in successors_of("440199")] == ["440198000000"]
    with pytest.raises(NotAllowed):
        record_change("440197", "440198", on=TODAY, kind="merged", actor=Actor(account_id=1), at=AT)


def test_changes_in_a_circle_end_with_an_answer(db) -> None:
    for code in ("440199", "440198"):
        division(code)
    record_change("440199", "440198", on=date(2020, 1, 1), kind="merged", actor=PLATFORM, at=AT)
    record_change("440198", "440199", on=date(2021, 1, 1), kind="merged", actor=PLATFORM, at=AT)
    with pytest.raises(NotFound):
        resolve_division("440199", TODAY)
