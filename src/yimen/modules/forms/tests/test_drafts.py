from datetime import UTC, datetime, timedelta

import pytest
from django.contrib.auth import get_user_model
from hypothesis import given
from hypothesis import strategies as st

from yimen.kernel.actor import STRANGER, Actor
from yimen.kernel.errors import Invalid, NotAllowed, NotFound, TooMany
from yimen.modules.forms import services
from yimen.modules.forms.api import (
    discard_draft,
    discard_drafts_about,
    draft_with_id,
    drafts_visible_to,
    load_draft,
    purge_drafts,
    revisions_of,
    save_draft,
)
from yimen.modules.forms.models import Draft
from yimen.modules.forms.rules import merged

AT = datetime(2026, 11, 21, 2, tzinfo=UTC)


@pytest.fixture
def lin(db: None) -> Actor:
    return _actor("lin")


def _actor(name: str) -> Actor:
    account = get_user_model().objects.create(username=name)
    return Actor(account_id=account.pk, name=name)


def test_what_is_typed_is_there_again_on_another_device(lin: Actor) -> None:
    saved = save_draft("item:A", {"remarks": "写了一半"}, lin, AT, step="2", title="许可")
    found = load_draft("item:A", lin)
    assert found is not None
    assert (dict(found.values), found.revision, found.step, found.title) == (
        {"remarks": "写了一半"},
        saved.revision,
        "2",
        "许可",
    )
    assert load_draft("item:A", lin, name="第二家店") is None
    assert [draft.pk for draft in drafts_visible_to(lin)] == [saved.id]


def test_values_lie_sealed(lin: Actor) -> None:
    save_draft("item:A", {"applicant_name": "林晓燕"}, lin, AT)
    assert "林晓燕".encode() not in bytes(Draft.objects.get().sealed)


def test_a_draft_is_nobody_elses_business(lin: Actor) -> None:
    saved = save_draft("item:A", {"remarks": "x"}, lin, AT)
    wu = _actor("wu")
    assert load_draft("item:A", wu) is None
    assert load_draft("item:A", STRANGER) is None
    assert not drafts_visible_to(STRANGER).exists()
    for act in (draft_with_id, revisions_of, discard_draft):
        with pytest.raises(NotFound):
            act(saved.id, wu)
    with pytest.raises(NotAllowed):
        save_draft("item:A", {}, STRANGER, AT)


def test_two_devices_type_into_one_draft_and_the_newest_wins_field_by_field(lin: Actor) -> None:
    first = save_draft("item:A", {"a": "1", "b": "1"}, lin, AT, device="电脑")
    phone = save_draft("item:A", {"a": "1", "b": "手机"}, lin, AT, based_on=first.revision, device="手机")
    assert phone.clashes == ()
    desk = save_draft("item:A", {"a": "电脑", "b": "1"}, lin, AT, based_on=first.revision, device="电脑")
    found = load_draft("item:A", lin)
    assert found is not None
    assert dict(found.values) == {"a": "电脑", "b": "手机"}
    assert desk.clashes == ()
    assert dict(desk.others) == {"b": "手机"}


def test_when_both_changed_one_field_the_newest_is_kept_and_the_other_not_lost(lin: Actor) -> None:
    first = save_draft("item:A", {"a": "1"}, lin, AT)
    save_draft("item:A", {"a": "手机"}, lin, AT, based_on=first.revision)
    last = save_draft("item:A", {"a": "电脑"}, lin, AT, based_on=first.revision)
    assert last.clashes == ("a",)
    assert [values for _, _, _, values in revisions_of(last.id, lin)] == [
        {"a": "电脑"},
        {"a": "手机"},
        {"a": "1"},
    ]


def test_an_emptied_field_is_emptied_and_a_field_left_out_stays(lin: Actor) -> None:
    first = save_draft("item:A", {"a": "1", "b": "2"}, lin, AT)
    save_draft("item:A", {}, lin, AT, based_on=first.revision, cleared={"a"})
    found = load_draft("item:A", lin)
    assert found is not None
    assert dict(found.values) == {"b": "2"}


def test_saving_the_same_again_makes_no_new_revision_and_ten_are_kept(lin: Actor) -> None:
    for number in range(15):
        saved = save_draft("item:A", {"a": number}, lin, AT, based_on=number)
    assert save_draft("item:A", {"a": 14}, lin, AT, based_on=15).revision == saved.revision == 15
    assert [row[0] for row in revisions_of(saved.id, lin)] == list(range(15, 5, -1))


def test_a_draft_too_large_or_broken_or_one_too_many_is_refused(
    lin: Actor, monkeypatch: pytest.MonkeyPatch
) -> None:
    for values in ({"a": "x" * 300_000}, {"a": object()}, {"a": "\ud800"}, {"a": float("nan")}):
        with pytest.raises(Invalid):
            save_draft("item:A", values, lin, AT)
    with pytest.raises(Invalid):
        save_draft("", {}, lin, AT)
    monkeypatch.setattr(services, "MOST_DRAFTS", 1)
    save_draft("item:A", {"a": 1}, lin, AT)
    with pytest.raises(TooMany):
        save_draft("item:B", {"a": 1}, lin, AT)


def test_a_draft_goes_when_discarded_handed_in_or_old(lin: Actor) -> None:
    one = save_draft("item:A", {"a": 1}, lin, AT)
    save_draft("item:B", {"a": 1}, lin, AT)
    save_draft("item:C", {"a": 1}, lin, AT + timedelta(days=1))
    discard_draft(one.id, lin)
    assert purge_drafts(AT + timedelta(days=90, hours=1)) == 1
    assert [draft.subject for draft in drafts_visible_to(lin)] == ["item:C"]
    discard_drafts_about("item:C", lin)
    discard_drafts_about("item:C", lin)
    assert not Draft.objects.exists()


def test_saving_a_draft_asks_the_store_little(lin: Actor, django_assert_max_num_queries: object) -> None:
    first = save_draft("item:A", {"a": 1}, lin, AT)
    with django_assert_max_num_queries(9):  # type: ignore[operator]
        save_draft("item:A", {"a": 2}, lin, AT, based_on=first.revision)


@given(
    st.lists(
        st.tuples(st.sampled_from("ab"), st.dictionaries(st.sampled_from("xyz"), st.integers(0, 3))),
        max_size=25,
    )
)
def test_nothing_typed_is_ever_lost_without_trace(savings: list[tuple[str, dict[str, int]]]) -> None:
    history: dict[str, list[tuple[int, object]]] = {}
    loaded = {"a": 0, "b": 0}
    for number, (device, typed) in enumerate(savings, start=1):
        outcome = merged(history, typed, based_on=loaded[device], revision=number)
        for name in outcome.changed:
            assert outcome.values[name] == typed[name]
            if history.get(name) and len(history[name]) < 10:
                assert history[name][-1] in outcome.history[name]
        for name in set(outcome.values) - set(typed):
            assert outcome.values[name] == history[name][-1][1]
        history = outcome.history
        loaded[device] = number
