"""Credit codes: by the true algorithm, each once."""

import threading

import pytest
from django.db import connection, connections
from hypothesis import given
from hypothesis import strategies as st
from stdnum.cn import uscc

from yimen.foundation.identity.api import check_uscc
from yimen.kernel.errors import Invalid, NotPossible
from yimen.modules.registration.rules import codes
from yimen.modules.registration.services import codes as giving
from yimen.modules.registration.tests.factories import AT, COUNTY

ON = AT.date()
REAL = ("91440300708461136T", "11100000000013338W", "91440101MA59LU9AX1", "12441500196720244T")


@pytest.mark.parametrize("code", REAL)
def test_published_codes_agree_with_both_check_signs(code: str) -> None:
    assert codes.organisation_check(code[8:16]) == code[16]
    assert codes.credit_code(code[:2], code[2:8], code[8:16]) == code


@given(st.integers(0, codes.capacity("MAY") - 1))
def test_every_serial_gives_a_code_that_everybody_accepts(serial: int) -> None:
    code = codes.credit_code("91", COUNTY, codes.organisation_body(serial, "MAY"))
    assert uscc.is_valid(code) and check_uscc(code) == code


def test_different_serials_never_give_one_code() -> None:
    whole = codes.capacity("MAYAAA")
    assert len({codes.organisation_body(n, "MAYAAA") for n in range(whole)}) == whole
    step = codes.capacity("MAY") // 50_000
    assert len({codes.organisation_body(n, "MAY") for n in range(0, 50_000 * step, step)}) == 50_000


def test_neighbours_do_not_look_alike() -> None:
    a, b = codes.organisation_body(1000, "MAY"), codes.organisation_body(1001, "MAY")
    assert sum(x != y for x, y in zip(a, b, strict=True)) >= 2


def test_a_range_that_is_used_up_is_told() -> None:
    with pytest.raises(ValueError, match="MAY"):
        codes.organisation_body(codes.capacity("MAY"), "MAY")


@pytest.mark.django_db
def test_codes_are_taken_in_sets_and_never_again() -> None:
    first = giving.take_codes("91", COUNTY, ON, 300)
    then = giving.take_codes("92", COUNTY, ON, 300)
    assert len({code[8:16] for code in first + then}) == 600


@pytest.mark.django_db
def test_a_code_that_somebody_brought_along_is_stepped_over(monkeypatch) -> None:
    known = iter([True, True, False])
    monkeypatch.setattr(giving, "is_known", lambda wanted: next(known))
    assert check_uscc(giving.free_code("91", COUNTY, ON))


@pytest.mark.django_db
def test_when_every_code_is_known_nothing_is_invented(monkeypatch) -> None:
    monkeypatch.setattr(giving, "is_known", lambda wanted: True)
    with pytest.raises(NotPossible):
        giving.free_code("91", COUNTY, ON)


@pytest.mark.django_db(transaction=True)
def test_many_at_once_get_different_codes() -> None:
    if connection.vendor == "sqlite":
        pytest.skip("threads of one SQLite test database share one connection; PostgreSQL holds this")
    found: list[str] = []

    def take() -> None:
        for _ in range(20):
            found.extend(giving.take_codes("91", COUNTY, ON, 7))
        connections.close_all()

    threads = [threading.Thread(target=take) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(set(found)) == 6 * 20 * 7


def test_the_letter_o_for_nought_is_named() -> None:
    with pytest.raises(Invalid, match=r"第11位是字母“O”.*数字0"):
        check_uscc("91449901MAO5D4K2B7")
