"""Who is acting: grants with scopes, people acted for, posts; in two statements."""

from datetime import date, timedelta

import pytest
from django.contrib.auth.models import AnonymousUser
from django.test import RequestFactory

from yimen.foundation.identity.api import actor_of, grant_representation, revoke_representation
from yimen.foundation.identity.middleware import ActorMiddleware, channel_of
from yimen.foundation.identity.models import PostHolding
from yimen.foundation.identity.queries import place_of
from yimen.foundation.identity.tests.factories import (
    AT,
    TODAY,
    acting,
    entity,
    give,
    person,
    resident,
    role,
    staff,
)
from yimen.foundation.orgs.tests.factories import centre, division, organisation, post
from yimen.kernel.access import actor_of_request
from yimen.kernel.actor import PLATFORM, STRANGER, Scope
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotPossible

pytestmark = pytest.mark.django_db


def test_an_actor_is_found_in_one_statement(django_assert_num_queries) -> None:
    clerk = staff(
        "chen", ("desk:case:accept", "desk:case:read"), division=division(), centre=centre(), post=post()
    )
    give(clerk, role("reader", "desk:case:read"), organisation=organisation())
    with django_assert_num_queries(1):
        actor = actor_of(clerk, AT, "window")
        assert actor.scopes("desk:case:read")
    assert actor.channel == "window"
    assert actor.organisation_id == organisation().pk
    assert actor.posts == {"spk"}
    assert actor.scopes("desk:case:accept") == (Scope(division="440199", centre_id=centre().pk),)
    assert set(actor.scopes("desk:case:read")) == {
        Scope(division="440199", centre_id=centre().pk),
        Scope(organisation_id=organisation().pk),
    }
    assert not actor.may("desk:case:decide")


def test_a_resident_acts_for_whom_let_him(django_assert_num_queries) -> None:
    lin, mother, firm, own_firm = resident("lin"), person("王桂芳"), entity(), entity()
    own_firm.legal_representative = lin.person
    own_firm.save()
    for principal in ({"principal_person": mother}, {"principal_entity": firm}):
        grant_representation(agent=lin.person, actor=PLATFORM, at=AT, **principal)
    with django_assert_num_queries(1):
        actor = actor_of(lin, AT)
    assert actor.person_id == lin.person_id
    assert actor.principal_ids == {mother.pk}
    assert actor.entity_ids == {firm.pk, own_firm.pk}
    assert actor.grants == {}


def test_the_actor_carries_to_which_items_acting_is_limited() -> None:
    wu, mother, firm = resident("wu", "吴海"), person("王桂芳"), entity()
    for scope in (["A"], ["B"]):
        grant_representation(agent=wu.person, principal_person=mother, scope=scope, actor=PLATFORM, at=AT)
    grant_representation(agent=wu.person, principal_entity=firm, scope=["A"], actor=PLATFORM, at=AT)
    actor = acting(wu)
    assert actor.principal_ids == {mother.pk} and actor.entity_ids == {firm.pk}
    assert actor.items_for("person", mother.pk) == {"A", "B"}
    assert actor.items_for("entity", firm.pk) == {"A"}
    free = grant_representation(agent=wu.person, principal_entity=firm, actor=PLATFORM, at=AT)
    assert acting(wu).items_for("entity", firm.pk) is None
    revoke_representation(free, actor=PLATFORM, at=AT)
    firm.legal_representative = wu.person
    firm.save()
    assert acting(wu).items_for("entity", firm.pk) is None


def test_what_has_not_begun_has_ended_or_was_revoked_gives_nothing() -> None:
    clerk = staff("chen")
    give(clerk, role("soon", "a:b:c"), valid_from=TODAY + timedelta(days=1))
    give(clerk, role("past", "a:b:d"), valid_to=TODAY)
    give(clerk, role("gone", "a:b:e"), revoked_at=AT)
    give(clerk, role("last-day", "a:b:f"), valid_to=TODAY + timedelta(days=1))
    PostHolding.objects.create(account=clerk, post=post(), valid_from=date(2020, 1, 1), valid_to=TODAY)
    actor = acting(clerk)
    assert set(actor.grants) == {"a:b:f"}
    assert actor.organisation_id is None


def test_strangers_and_deactivated_accounts_may_nothing() -> None:
    clerk = staff("chen", ("desk:case:accept",))
    clerk.is_active = False
    assert actor_of(clerk, AT) == STRANGER
    assert actor_of(AnonymousUser(), AT) == STRANGER
    assert not actor_of(None, AT, "window").signed_in


def test_the_page_knows_the_actor_and_the_channel(rf: RequestFactory) -> None:
    clerk = staff("chen", post=post(centre=centre()))
    seen = []
    middleware = ActorMiddleware(lambda request: seen.append(request))
    for path in ("/desk/inbox/", "/"):
        request = rf.get(path)
        request.user, request.session = clerk, {}
        middleware(request)
    assert [actor_of_request(request).channel for request in seen] == ["window", "online"]
    assert str(seen[0].post_name) == "示范区市场监督管理局 审批科"
    assert str(seen[0].centre_name) == "示范区政务服务中心"
    assert not seen[0].acting_for
    assert channel_of("/desks") == "window" or channel_of("/desk/") == "window"


def test_the_page_names_every_post_that_is_held_today() -> None:
    clerk = staff("chen", post=post(centre=centre()))
    PostHolding.objects.create(account=clerk, post=post("zzsd", "制证送达岗"), valid_from=TODAY)
    PostHolding.objects.create(account=clerk, post=post("old", "旧岗"), valid_from=TODAY, valid_to=TODAY)
    other = organisation("mzj", "示范区民政局", short_name="区民政局")
    PostHolding.objects.create(
        account=clerk, post=post("djk", "登记科", organisation=other), valid_from=TODAY
    )
    posts, centres = place_of(clerk.pk, TODAY)
    assert posts == "示范区市场监督管理局 审批科、制证送达岗；区民政局 登记科"
    assert centres == "示范区政务服务中心"


def test_a_request_without_a_user_is_a_stranger(rf: RequestFactory) -> None:
    seen = []
    ActorMiddleware(lambda request: seen.append(request))(rf.get("/"))
    assert not actor_of_request(seen[0]).signed_in


def test_only_the_principal_the_legal_representative_or_a_window_grants() -> None:
    lin, wu, firm = resident("lin"), resident("wu", "吴海"), entity()
    with pytest.raises(NotAllowed):
        grant_representation(agent=wu.person, principal_entity=firm, actor=acting(lin), at=AT)
    firm.legal_representative = lin.person
    firm.save()
    row = grant_representation(agent=wu.person, principal_entity=firm, actor=acting(lin), at=AT)
    assert acting(wu).entity_ids == {firm.pk}
    with pytest.raises(Conflict):
        grant_representation(agent=wu.person, principal_entity=firm, actor=acting(lin), at=AT)
    stranger = resident("he", "何芳")
    with pytest.raises(NotAllowed):
        revoke_representation(row, actor=acting(stranger), at=AT)
    revoke_representation(row, actor=acting(wu), at=AT)
    assert acting(wu).entity_ids == frozenset()
    with pytest.raises(NotPossible):
        revoke_representation(row, actor=acting(lin), at=AT)


def test_a_window_needs_the_letter_of_authority() -> None:
    clerk, mother, lin = staff("chen", ("desk:representation:register",)), person("王桂芳"), person("林晓燕")
    with pytest.raises(Invalid) as refused:
        grant_representation(agent=lin, principal_person=mother, actor=acting(clerk), at=AT)
    assert "evidence" in refused.value.fields
    grant_representation(agent=lin, principal_person=mother, actor=acting(clerk), at=AT, evidence="f" * 64)


def test_nobody_represents_himself_or_two_or_backwards_in_time() -> None:
    lin, mother = resident("lin"), person("王桂芳")
    for wrong in (
        {"principal_person": lin.person},
        {},
        {"principal_person": mother, "principal_entity": entity()},
        {"principal_person": mother, "valid_to": TODAY},
    ):
        with pytest.raises(Invalid):
            grant_representation(agent=lin.person, actor=PLATFORM, at=AT, **wrong)
