"""Versions: seeding, drafting, checking, publishing; the copy each process keeps."""

from datetime import UTC, date, datetime

import pytest
from django.db import IntegrityError, transaction

from yimen.foundation.calendar import api, queries
from yimen.foundation.calendar.events import CalendarPublished
from yimen.foundation.calendar.models import CalendarVersion
from yimen.foundation.calendar.tests.factories import days, year_2027
from yimen.kernel import events
from yimen.kernel.actor import Actor, Scope
from yimen.kernel.errors import Invalid, NotAllowed, NotPossible

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 21, 2, tzinfo=UTC)
ROOT = Actor(account_id=1, name="管理员", grants={api.MANAGE: (Scope(),)})


def published(outbox):
    draft = api.draft_version(ROOT, AT, note="载入2027年")
    api.put_years(draft, [year_2027()], ROOT)
    return draft, api.publish_version(draft, ROOT, AT)


def test_an_empty_store_answers_with_the_packaged_calendar():
    assert api.current_calendar() is api.packaged_calendar()
    assert api.current_calendar().version == 0


def test_seeding_happens_once():
    first = api.seed_calendar(AT)
    assert api.seed_calendar(AT) == first
    assert api.current_calendar().version == 1
    assert api.current_calendar().digest == api.packaged_calendar().digest == first.digest


def test_a_new_version_copies_the_years_and_publishing_supersedes(outbox):
    seeded = api.seed_calendar(AT)
    _, calendar = published(outbox)
    assert (calendar.version, calendar.first_year, calendar.last_year) == (2, 2004, 2027)
    seeded.refresh_from_db()
    assert seeded.state == "superseded"
    assert api.current_calendar().is_working(date(2027, 1, 31))


def test_publishing_is_announced(monkeypatch):
    told = []
    monkeypatch.setitem(events._handlers, CalendarPublished, [(events.When.AT_ONCE, told.append)])
    published(None)
    assert [(event.version, event.by, event.region) for event in told] == [(1, "管理员", "CN")]


def test_a_published_version_never_changes(outbox):
    draft, _ = published(outbox)
    draft.refresh_from_db()
    with pytest.raises(NotPossible, match="不能修改"):
        api.put_years(draft, [year_2027()], ROOT)
    with pytest.raises(NotPossible, match="已经发布"):
        api.publish_version(draft, ROOT, AT)
    with pytest.raises(NotPossible, match="草稿"):
        api.discard_draft(draft, ROOT)


def test_only_one_draft_and_one_version_in_force():
    api.seed_calendar(AT)
    api.draft_version(ROOT, AT)
    with pytest.raises(NotPossible, match="已有一份草稿"):
        api.draft_version(ROOT, AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        CalendarVersion.objects.create(number=9, state="published", created_at=AT, created_by="x")


def test_without_the_grant_nothing_is_written():
    clerk = Actor(account_id=2, name="办事员")
    with pytest.raises(NotAllowed):
        api.draft_version(clerk, AT)
    draft = api.draft_version(ROOT, AT)
    for act in (
        lambda: api.put_years(draft, [year_2027()], clerk),
        lambda: api.publish_version(draft, clerk, AT),
        lambda: api.discard_draft(draft, clerk),
    ):
        with pytest.raises(NotAllowed):
            act()


def test_a_gap_between_years_is_refused():
    draft = api.draft_version(ROOT, AT)
    later = api.YearDays(year=2029, off_days=days("2029-01-01", 1, "元旦"), working_weekend_days={})
    with pytest.raises(Invalid, match="2027、2028"):
        api.put_years(draft, [later], ROOT)


def test_what_is_implausible_is_found_before_publishing():
    draft = api.draft_version(ROOT, AT)
    strange = api.YearDays(
        year=2027,
        off_days={**days("2027-01-01", 30, "元旦"), **days("2028-01-01", 1, "元旦")},
        working_weekend_days=days("2027-03-01", 1, "春节"),
    )
    api.put_years(draft, [strange], ROOT)
    said = "".join(f.sentence for f in api.check_draft(draft) if f.blocking)
    assert "2028-01-01不在2027年内" in said
    assert "2027-03-01不是星期六或星期日" in said
    assert "合理范围" in said
    assert any("春节" in f.sentence for f in api.check_draft(draft) if not f.blocking)
    with pytest.raises(NotPossible, match="还不能发布"):
        api.publish_version(draft, ROOT, AT)


def test_the_seed_itself_is_plausible():
    assert [f.sentence for f in api.check_draft(api.seed_calendar(AT)) if f.blocking] == []


def test_a_process_asks_the_store_rarely_and_sees_a_publication(
    outbox, monkeypatch, django_assert_num_queries
):
    api.seed_calendar(AT)
    ticks = [100.0]
    monkeypatch.setattr(queries.time, "monotonic", lambda: ticks[0])
    first = api.current_calendar()
    with django_assert_num_queries(0):
        assert api.current_calendar() is first
    ticks[0] += queries.FRESH_FOR
    with django_assert_num_queries(1):
        assert api.current_calendar() is first
    # Another process publishes: this one keeps its copy until it looks again.
    kept = dict(queries._cache)
    published(outbox)
    queries._cache.update(kept)
    assert api.current_calendar() is first
    ticks[0] += queries.FRESH_FOR
    with django_assert_num_queries(2):
        assert api.current_calendar().version == 2


def test_a_notice_is_read_as_it_is_pasted():
    text = "# 国办发明电\n2027-02-05 至 2027-02-06 春节\n2027年4月3日，清明节\n2027/5/1~2027/5/2 劳动节\n\n2027.10.01"
    found = api.read_days(text, "off_days")
    assert {d.isoformat(): n for d, n in found.items()} == {
        "2027-02-05": "春节",
        "2027-02-06": "春节",
        "2027-04-03": "清明节",
        "2027-05-01": "劳动节",
        "2027-05-02": "劳动节",
        "2027-10-01": "放假",
    }


def test_a_notice_is_read_from_json_and_csv():
    json_text = '{"days": [{"name": "元旦", "date": "2027-01-01", "isOffDay": true}, {"name": "元旦", "date": "2027-01-09", "isOffDay": false}]}'
    csv_text = "\ufeffdate,kind,name\n2027-01-01,off,元旦\n2027-01-09,上班,元旦\n"
    for text in (json_text, csv_text):
        (year,) = api.read_file(text, "文号")
        assert (year.year, year.source) == (2027, "文号")
        assert year.off_days == {date(2027, 1, 1): "元旦"}
        assert year.working_weekend_days == {date(2027, 1, 9): "元旦"}
