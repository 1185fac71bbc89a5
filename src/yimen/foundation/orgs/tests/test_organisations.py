"""Organisations, centres, posts: created, renamed, dissolved within one's scope; papers keep the old name."""

from datetime import UTC, date, datetime

import pytest

from yimen.foundation.orgs.api import (
    centre_with_code,
    create_centre,
    create_organisation,
    create_post,
    dissolve_organisation,
    organisation_and_below,
    organisation_name_on,
    organisation_with_code,
    organisations,
    posts_of,
    rename_organisation,
)
from yimen.foundation.orgs.permissions import ORGANISATION_MANAGE
from yimen.foundation.orgs.tests.factories import centre, division, organisation, post
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM, Actor, Scope
from yimen.kernel.errors import Invalid, NotAllowed, NotFound, NotPossible

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 2, 2, 0, tzinfo=UTC)
TODAY = date(2026, 3, 2)


def admin(**scope: object) -> Actor:
    return Actor(account_id=7, name="root", grants={ORGANISATION_MANAGE: (Scope(**scope),)})


def test_an_organisation_is_created_within_scope() -> None:
    made = create_organisation(
        code="MZJ", name="民政局", division=division(), actor=admin(division="440199"), at=AT
    )
    assert organisation_with_code("mzj") == made
    assert [event.act for event in trace.events_of("organisation", "mzj")] == ["create_organisation"]
    with pytest.raises(NotAllowed):
        create_organisation(
            code="x1", name="局", division=division("440198"), actor=admin(division="440199"), at=AT
        )
    with pytest.raises(NotAllowed):
        create_organisation(code="x1", name="局", division=division(), actor=Actor(account_id=1), at=AT)


@pytest.mark.parametrize(
    ("code", "name", "field"),
    [("坏", "局", "code"), ("", "局", "code"), ("ok", " ", "name"), ("scjgj", "局", "code")],
)
def test_what_is_wrong_is_named(code: str, name: str, field: str) -> None:
    organisation()
    with pytest.raises(Invalid) as refused:
        create_organisation(code=code, name=name, division=division(), actor=PLATFORM, at=AT)
    assert set(refused.value.fields) == {field}


def test_papers_of_earlier_days_keep_the_old_name() -> None:
    bureau = organisation()
    rename_organisation(bureau, "示范区市场局", actor=admin(), at=AT, on=TODAY)
    rename_organisation(bureau, "示范区市监局", actor=admin(), at=AT, on=date(2026, 6, 1))
    names = [organisation_name_on(bureau, day) for day in (date(2020, 1, 1), TODAY, date(2026, 7, 1))]
    assert names == ["示范区市场监督管理局", "示范区市场局", "示范区市监局"]


def test_a_dissolved_organisation_stays_readable_with_its_successor() -> None:
    bureau, heir = organisation(), organisation("new", "承接局")
    desk = post(organisation=bureau)
    dissolve_organisation(bureau, actor=admin(), at=AT, on=TODAY, successor=heir)
    desk.refresh_from_db()
    assert desk.valid_to == TODAY
    assert list(posts_of(bureau.pk)) == []
    assert organisation_with_code("scjgj").successor == heir
    assert [o.code for o in organisations("440199", TODAY)] == ["new"]
    assert organisations("440199", date(2026, 3, 1)).count() == 2
    with pytest.raises(NotPossible):
        dissolve_organisation(bureau, actor=admin(), at=AT, on=TODAY)


def test_a_tree_is_dissolved_from_below() -> None:
    bureau = organisation()
    branch = organisation("branch", "分局", parent=bureau)
    assert organisation_and_below(bureau.pk) == [bureau.pk, branch.pk]
    with pytest.raises(NotPossible):
        dissolve_organisation(bureau, actor=admin(), at=AT, on=TODAY)
    with pytest.raises(Invalid):
        dissolve_organisation(branch, actor=admin(), at=AT, on=TODAY, successor=branch)
    with pytest.raises(Invalid):
        dissolve_organisation(branch, actor=admin(), at=AT, on=date(1900, 1, 1))


def test_centres_and_posts() -> None:
    made = create_centre(code="qzx", name="区中心", division=division(), actor=admin(division="4401"))
    assert centre_with_code("qzx") == made
    with pytest.raises(Invalid):
        create_centre(code="qzx", name="区中心", division=division(), actor=admin())
    with pytest.raises(NotFound):
        centre_with_code("nowhere")
    desk = create_post(
        code="zhck", name="综合窗口", organisation=organisation(), centre=centre(), actor=admin()
    )
    assert list(posts_of(organisation().pk)) == [desk]
    with pytest.raises(Invalid):
        create_post(code="zhck", name="综合窗口", organisation=organisation(), actor=admin())
    with pytest.raises(NotAllowed):
        create_post(code="x2", name="窗口", organisation=organisation(), actor=admin(centre_id=made.pk))
