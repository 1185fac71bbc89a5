"""Delegation downward, level by level; three administrators apart; revoking cascades."""

from datetime import date, timedelta

import pytest

from yimen.foundation.identity.api import (
    declare_grants,
    grant_role,
    revoke_role_grant,
    save_role,
    seed_roles,
    undeclared,
)
from yimen.foundation.identity.grants import Family
from yimen.foundation.identity.models import Role, RoleGrant
from yimen.foundation.identity.permissions import (
    ACCOUNT_MANAGE,
    AUDIT_READ,
    DELEGATION_MANAGE,
    ROLE_MANAGE,
)
from yimen.foundation.identity.rules import Held, Reach, sources_for
from yimen.foundation.identity.services.seeding import ROLES
from yimen.foundation.identity.tests.factories import AT, TODAY, account, acting, give, role, staff
from yimen.foundation.orgs.tests.factories import centre, division, organisation
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM, Actor, Scope
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible

pytestmark = pytest.mark.django_db
REVIEW, DECIDE = "desk:case:review", "desk:case:decide"


@pytest.fixture
def head():
    """A head of a department who may pass on reviewing in the district."""
    holder = account("sun")
    grant_role(
        holder, role("reviewing", REVIEW), actor=PLATFORM, at=AT, division=division(), may_delegate=True
    )
    grant_role(holder, role("deciding", DECIDE), actor=PLATFORM, at=AT, division=division())
    return holder


def test_what_one_may_pass_on_reaches_the_next_level(head) -> None:
    zhao = account("zhao")
    row = grant_role(
        zhao,
        "reviewing",
        actor=acting(head),
        at=AT,
        division=division("440199001"),
        organisation=organisation(),
    )
    assert acting(zhao).scopes(REVIEW) == (Scope(division="440199001", organisation_id=organisation().pk),)
    assert [source.account for source in row.derived_from.all()] == [head]
    (event,) = trace.events_of("account", "zhao")
    assert (event.act, event.actor_name) == ("grant_role", "sun")


def test_nobody_passes_on_what_he_does_not_hold_or_may_not_delegate(head) -> None:
    zhao = account("zhao")
    for code in ("deciding", role("accepting", "desk:case:accept").code):
        with pytest.raises(NotAllowed) as refused:
            grant_role(zhao, code, actor=acting(head), at=AT, division=division())
        assert "转授" in refused.value.message
    assert not acting(zhao).grants


@pytest.mark.parametrize("code", ["440198", "4401", "44", ""])
def test_nobody_passes_on_beyond_his_own_scope(head, code: str) -> None:
    place = division(code) if code else None
    with pytest.raises(NotAllowed):
        grant_role(account("zhao"), "reviewing", actor=acting(head), at=AT, division=place)


def test_an_organisation_elsewhere_is_beyond_the_scope(head) -> None:
    elsewhere = organisation("lin-qu-ju", "邻区某局", division=division("440198"))
    with pytest.raises(NotAllowed):
        grant_role(account("zhao"), "reviewing", actor=acting(head), at=AT, organisation=elsewhere)


def test_nobody_grants_to_himself(head) -> None:
    with pytest.raises(NotAllowed):
        grant_role(head, "reviewing", actor=acting(head), at=AT, division=division("440199001"))


def test_a_stranger_grants_nothing(head) -> None:
    with pytest.raises(NotAllowed):
        grant_role(account("zhao"), "reviewing", actor=Actor(), at=AT, division=division())


def test_a_delegation_ends_with_its_source() -> None:
    head, zhao, end = account("sun"), account("zhao"), TODAY + timedelta(days=30)
    grant_role(head, role("reviewing", REVIEW), actor=PLATFORM, at=AT, valid_to=end, may_delegate=True)
    with pytest.raises(Invalid) as refused:
        grant_role(zhao, "reviewing", actor=acting(head), at=AT, valid_to=end + timedelta(days=1))
    assert str(end) in refused.value.fields["valid_to"]
    row = grant_role(zhao, "reviewing", actor=acting(head), at=AT)
    assert row.valid_to == end


def test_revoking_cascades_through_every_level(head) -> None:
    zhao, qian, clerk = account("zhao"), account("qian"), account("chen")
    grant_role(zhao, "reviewing", actor=acting(head), at=AT, division=division(), may_delegate=True)
    grant_role(
        qian, "reviewing", actor=acting(zhao), at=AT, division=division("440199001"), may_delegate=True
    )
    grant_role(clerk, "reviewing", actor=acting(qian), at=AT, division=division("440199001001"))
    first = RoleGrant.objects.get(account=head, role__code="reviewing")
    fallen = revoke_role_grant(first, actor=PLATFORM, at=AT, reason="调离")
    assert [row.account.username for row in fallen] == ["sun", "zhao", "qian", "chen"]
    assert all(not acting(one).may(REVIEW) for one in (head, zhao, qian, clerk))
    assert fallen[3].revoked_reason == "随上级授权一并撤销：调离"
    with pytest.raises(NotPossible):
        revoke_role_grant(first, actor=PLATFORM, at=AT)


def test_the_giver_and_those_above_him_may_revoke_nobody_else(head) -> None:
    zhao, qian, other = account("zhao"), account("qian"), staff("other", (REVIEW,))
    grant_role(zhao, "reviewing", actor=acting(head), at=AT, division=division(), may_delegate=True)
    row = grant_role(qian, "reviewing", actor=acting(zhao), at=AT, division=division())
    for stranger in (other, qian):
        with pytest.raises(NotAllowed):
            revoke_role_grant(row, actor=acting(stranger), at=AT)
    assert revoke_role_grant(row, actor=acting(head), at=AT) == [row]


def test_the_same_role_over_the_same_scope_is_given_once(head) -> None:
    zhao = account("zhao")
    grant_role(zhao, "reviewing", actor=acting(head), at=AT, division=division())
    with pytest.raises(Conflict):
        grant_role(zhao, "reviewing", actor=acting(head), at=AT, division=division())


def test_an_unknown_role_and_a_period_backwards_are_refused() -> None:
    with pytest.raises(NotFound):
        grant_role(account(), "no-such-role", actor=PLATFORM, at=AT)
    with pytest.raises(Invalid):
        grant_role(account(), role("reviewing", REVIEW), actor=PLATFORM, at=AT, valid_to=TODAY)


def test_the_security_administrator_appoints_within_his_scope_but_not_his_own_kind() -> None:
    guard, clerk = staff("an", (DELEGATION_MANAGE, ROLE_MANAGE), division=division()), account("chen")
    row = grant_role(clerk, role("reviewing", REVIEW), actor=acting(guard), at=AT, centre=centre())
    assert list(row.derived_from.all()) == []
    with pytest.raises(NotAllowed):
        grant_role(account(), "reviewing", actor=acting(guard), at=AT, division=division("440198"))
    with pytest.raises(NotAllowed):
        grant_role(
            account(), role("guarding", DELEGATION_MANAGE), actor=acting(guard), at=AT, division=division()
        )
    with pytest.raises(NotAllowed):
        grant_role(guard, "reviewing", actor=acting(guard), at=AT, division=division())
    revoke_role_grant(row, actor=acting(guard), at=AT)
    assert not acting(clerk).may(REVIEW)


@pytest.mark.parametrize(
    ("first", "second"),
    [("system_admin", "security_admin"), ("security_admin", "audit_admin"), ("audit_admin", "system_admin")],
)
def test_the_three_administrators_exclude_one_another(first: str, second: str) -> None:
    seed_roles()
    holder = account("root")
    grant_role(holder, first, actor=PLATFORM, at=AT)
    with pytest.raises(NotPossible) as refused:
        grant_role(holder, second, actor=PLATFORM, at=AT, division=division())
    assert refused.value.code == "separation_of_duties"
    assert "须由不同账户担任" in refused.value.message


def test_a_future_appointment_counts_for_the_separation_too() -> None:
    seed_roles()
    holder = account("root")
    grant_role(holder, "system_admin", actor=PLATFORM, at=AT, valid_from=TODAY + timedelta(days=90))
    with pytest.raises(NotPossible):
        grant_role(holder, "audit_admin", actor=PLATFORM, at=AT)


def test_no_role_holds_the_duties_of_two_administrators() -> None:
    with pytest.raises(NotPossible):
        save_role(code="all", name="全能", grants=[ACCOUNT_MANAGE, AUDIT_READ], actor=PLATFORM, at=AT)
    guard = staff("an", (ROLE_MANAGE,))
    holder = staff("root", (ACCOUNT_MANAGE,))
    mixed = role("mixed", REVIEW)
    give(holder, mixed)
    with pytest.raises(NotPossible):
        save_role(code="mixed", name="混合", grants=[REVIEW, AUDIT_READ], actor=acting(guard), at=AT)
    assert Role.objects.get(code="mixed").grants == [REVIEW]


def test_nobody_widens_a_role_he_holds_himself() -> None:
    guard = staff("an", (ROLE_MANAGE,))
    held = guard.role_grants.get().role
    with pytest.raises(NotAllowed):
        save_role(code=held.code, name="安全", grants=[ROLE_MANAGE, DECIDE], actor=acting(guard), at=AT)
    with pytest.raises(NotAllowed):
        save_role(code="new", name="新", grants=[DECIDE], actor=acting(staff("chen", (DECIDE,))), at=AT)


def test_a_changed_role_is_in_force_at_once_and_in_the_trace() -> None:
    clerk = account("chen")
    give(clerk, role("reviewing", REVIEW))
    save_role(code="reviewing", name="审查", grants=[REVIEW, DECIDE], actor=PLATFORM, at=AT)
    assert acting(clerk).may(DECIDE)
    (event,) = trace.events_of("role", "reviewing")
    assert DECIDE in event.note


def test_seed_roles_are_made_once_and_left_as_the_administrator_left_them() -> None:
    assert seed_roles() == len(ROLES)
    Role.objects.filter(code="reviewer").update(grants=["x:y:z"])
    assert seed_roles() == 0
    assert Role.objects.get(code="reviewer").grants == ["x:y:z"]


def test_grants_nobody_declared_are_found() -> None:
    declare_grants({"test:thing:do": "试一试"}, Family.SYSTEM)
    assert undeclared(["test:thing:do", "test:thing:undo"]) == ["test:thing:undo"]


def test_the_seed_roles_give_only_declared_grants_of_identity() -> None:
    mine = [
        g
        for _, _, _, grants in ROLES
        for g in grants
        if g.split(":")[1] in {"account", "role", "delegation", "audit"}
    ]
    assert undeclared(mine) == []


def reach(prefix: str = "", **more: object) -> Reach:
    return Reach(division=prefix, inside_division=prefix, **more)


def test_several_grants_together_cover_a_role() -> None:
    held = [
        Held(key=1, grants=frozenset({"a"}), reach=reach("4401"), valid_to=date(2027, 1, 1)),
        Held(key=2, grants=frozenset({"b", "c"}), reach=reach(), valid_to=None),
        Held(key=3, grants=frozenset({"a", "b", "c"}), reach=reach("4402"), valid_to=None),
    ]
    found = sources_for({"a", "b"}, reach("440199"), held)
    assert (set(found.keys), found.missing, found.ends_on) == ({1, 2}, frozenset(), date(2027, 1, 1))
    assert sources_for({"a", "b"}, reach("440299"), held).keys == (3,)
    assert sources_for({"a"}, reach("4403"), held).missing == {"a"}
