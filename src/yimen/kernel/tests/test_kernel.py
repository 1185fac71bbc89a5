"""The ground floor: steps, pages of lists, masks, clock, keys, refusals in words."""

import stat
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from yimen.kernel import clock, masking, secrets
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.errors import NotAllowed, NotFound, NotPossible, Refusal
from yimen.kernel.paging import MAX_SIZE, Page, window
from yimen.kernel.states import Machine, Step
from yimen.kernel.validation import invalid_from


class Light(StrEnum):
    RED = "red"
    GREEN = "green"
    DARK = "dark"


def permits(grant: str, actor: Actor, subject: object) -> bool:
    return actor.may(grant)


MACHINE = Machine(
    Light.RED,
    [
        Step(name="go", label="放行", sources=frozenset({Light.RED}), target=Light.GREEN, grants=frozenset({"a"})),
        Step(
            name="stop", label="停", sources=frozenset({Light.GREEN}), target=Light.RED, grants=frozenset({"a", "b"}),
            guards=(lambda subject: "有人在过" if subject == "busy" else None,),
        ),
        Step(name="mend", label="修", sources=frozenset({Light.DARK}), target=Light.RED, grants=frozenset({"a"})),
    ],
    permits,
)  # fmt: skip
ALICE = Actor(account_id=1, grants={"a": (Scope(),)})
BOB = Actor(account_id=2, grants={"b": (Scope(),)})


def test_the_table_says_which_steps_are_open_to_whom() -> None:
    assert MACHINE.possible(Light.RED, ALICE, None) == ["go"]
    assert MACHINE.possible(Light.GREEN, BOB, None) == ["stop"]
    assert MACHINE.possible(Light.GREEN, BOB, "busy") == []


def test_the_table_says_why_not() -> None:
    with pytest.raises(NotAllowed):
        MACHINE.check("go", Light.RED, BOB, None)
    with pytest.raises(NotPossible, match="放行"):
        MACHINE.check("go", Light.GREEN, ALICE, None)
    with pytest.raises(NotPossible, match="有人在过"):
        MACHINE.check("stop", Light.GREEN, BOB, "busy")
    with pytest.raises(NotPossible, match="没有"):
        MACHINE.check("fly", Light.RED, ALICE, None)


def test_the_table_finds_states_nobody_reaches_and_draws_itself() -> None:
    assert MACHINE.unreachable() == {Light.DARK}
    assert "red --> green: go" in MACHINE.mermaid()


@given(st.integers(-(10**20), 10**20), st.integers(-(10**20), 10**20))
def test_any_requested_page_becomes_a_possible_one(number: int, size: int) -> None:
    offset, limit, page = window(number, size)
    assert offset >= 0 and 1 <= limit <= MAX_SIZE and page >= 1


def test_pages_know_their_neighbours() -> None:
    page = Page(count=41, results=[1], number=2, size=20)
    assert (page.pages, page.has_next, page.has_previous) == (3, True, True)
    assert Page(count=0, results=[]).pages == 1


@pytest.mark.parametrize(
    ("name", "masked"), [("", ""), ("林", "林"), ("林燕", "林*"), ("林晓燕", "林*燕"), ("欧阳震华", "欧**华")]
)
def test_names_are_recognisable_but_hidden(name: str, masked: str) -> None:
    assert masking.mask_name(name) == masked


def test_numbers_show_region_and_tail_only() -> None:
    assert masking.mask_id_number("440101199001011234") == "4401**********1234"
    assert masking.mask_id_number("1234") == "****"
    assert masking.mask_phone("13800138000") == "138****8000"
    assert masking.mask_phone("110") == "***"


def test_time_travels_in_a_block_and_for_a_whole_process() -> None:
    moment = datetime(2026, 2, 11, tzinfo=UTC)
    with clock.travel_to(moment):
        assert clock.now() == moment
    with clock.shifted_to(moment):
        assert timedelta(0) <= clock.now() - moment < timedelta(minutes=1)
    assert abs(clock.now() - datetime.now(UTC)) < timedelta(minutes=1)
    with pytest.raises(ValueError, match="aware"), clock.travel_to(datetime(2026, 2, 11)):
        pass


def test_keys_are_made_once_kept_private_and_differ_by_purpose(tmp_path: Path) -> None:
    first = secrets.derive(tmp_path, "one")
    assert secrets.derive(tmp_path, "one") == first != secrets.derive(tmp_path, "two")
    assert stat.S_IMODE((tmp_path / "keys" / "master").stat().st_mode) == 0o600


def test_a_refusal_speaks_for_itself() -> None:
    assert NotFound().message == "没有找到，或者您无权查看。"
    told = Refusal("不行", clause="第一条", fields={"a": "空"}, would_pass="填上")
    assert (told.code, told.clause, told.fields, told.would_pass) == (
        "refused",
        "第一条",
        {"a": "空"},
        "填上",
    )


def test_a_failed_shape_check_is_told_in_chinese_for_each_field() -> None:
    class Shape(BaseModel):
        amount: int
        name: str

    with pytest.raises(ValidationError) as failed:
        Shape.model_validate({"amount": "x"})
    told = invalid_from(failed.value)
    assert told.fields == {"amount": "应当是整数。", "name": "这一项必须填写。"}


def test_a_master_key_appears_whole_or_not_at_all(tmp_path, monkeypatch) -> None:
    from yimen.kernel import secrets

    monkeypatch.delenv("YIMEN_MASTER_KEY", raising=False)
    with monkeypatch.context() as full:
        full.setattr(secrets.os, "fsync", lambda number: (_ for _ in ()).throw(OSError(28, "No space left")))
        with pytest.raises(OSError, match="No space"):
            secrets._master(tmp_path)
    assert list((tmp_path / "keys").iterdir()) == []
    key = secrets._master(tmp_path)
    assert len(key) == 32 and secrets._master(tmp_path) == key
    (tmp_path / "keys" / "master").write_bytes(b"")
    with pytest.raises(RuntimeError, match="restore it from a backup"):
        secrets._master(tmp_path)
