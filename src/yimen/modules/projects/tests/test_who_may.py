"""Whose projects, and whose acts."""

import pytest

from yimen.kernel.actor import Actor, Scope
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotFound, NotPossible
from yimen.modules.projects import api as projects
from yimen.modules.projects.permissions import JOIN, LEAD, READ, WATCH
from yimen.modules.projects.tests import factories as made

pytestmark = pytest.mark.django_db


def test_owner_departments_and_supervisors_see_a_project_and_nobody_else() -> None:
    walk = made.Walk()
    for actor in (walk.owner, made.officer_of("zrzyj"), made.officer_of("fgj"), made.supervisor()):
        assert projects.project_with_code(walk.code, actor).code == walk.code
        assert projects.list_projects(actor).count == 1
    centre_only = {grant: (Scope(centre_id=1),) for grant in (READ, JOIN, LEAD, WATCH)}
    strangers = (
        made.make_owner(2), made.officer_of("xfj"), made.supervisor("449902"), Actor(),
        Actor(account_id=1, grants=centre_only),
    )  # fmt: skip
    for actor in strangers:
        with pytest.raises(NotFound):
            projects.project_with_code(walk.code, actor)
        assert projects.list_projects(actor).count == 0
        assert projects.possible_on(walk.project, actor) == []


def test_only_the_owner_starts_and_only_for_his_own_enterprise() -> None:
    walk = made.Walk()
    for actor in (made.officer_of("zrzyj"), made.supervisor()):
        with pytest.raises(NotAllowed):
            walk.act("start_stage", actor, stage="site")
        with pytest.raises(NotAllowed):
            walk.act("choose_track", actor, track="serial")
    with pytest.raises(NotAllowed, match="授权"):
        made.registered(walk.owner, owner=made.uscc(7))


def test_what_is_possible_is_what_passes() -> None:
    walk = made.Walk()
    own = {one.act for one in projects.possible_on(walk.project, walk.owner)}
    assert own == {"choose_track", "start_stage", "request_pre_review"}
    walk.start("site")
    lead = made.officer_of("zrzyj")
    assert {one.act for one in projects.possible_on(made.read(walk.project, lead), lead)} == {
        "call_session",
        "pre_check",
    }
    reviewer = made.officer_of("zrzyj", lead=False)
    assert {one.act for one in projects.possible_on(made.read(walk.project, reviewer), reviewer)} == {
        "pre_check"
    }


def test_codes_are_given_once_and_a_known_code_is_refused() -> None:
    made.make_plan()
    one, owner = made.registered()
    other, _ = made.registered(owner, name="第二个")
    assert one.code != other.code
    assert projects.read_code(one.code).check_fits
    with pytest.raises(Conflict, match="已经登记"):
        made.registered(owner, code=one.code)
    given, _ = made.registered(owner, code="2018-449901-47-03-012345")
    assert given.code == "2018-449901-47-03-012345"
    with pytest.raises(NotFound, match="校验码"):
        projects.project_with_code(one.code[:-1] + str((int(one.code[-1]) + 1) % 10), owner)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"boundary": "113.30,23.10\n113.31,23.11\n113.31,23.10\n113.30,23.11"}, "site"), ({"division": "999999"}, "division"),
        ({"code": "2613-449901-04-01-123456"}, "code"), ({"boundary": "", "point": ""}, "point"),
        ({"answers": {"unheard": True}}, "answers"), ({"approval": "approval"}, "approval"), ({"owner": "123"}, "owner"),
    ],
)  # fmt: skip
def test_bad_input_is_told_beside_its_field(changes: dict[str, object], field: str) -> None:
    made.make_plan()
    with pytest.raises(Invalid) as refused:
        made.registered(**changes)
    assert {name.replace("uscc", "owner") for name in refused.value.fields} == {field}


def test_without_a_plan_for_it_a_project_is_not_registered() -> None:
    with pytest.raises(NotPossible, match="审批流程"):
        made.registered()


def test_a_new_version_of_a_plan_leaves_running_projects_where_they_are() -> None:
    walk = made.Walk()
    changed = made.plan_content(target_days=60)
    plan = projects.publish_plan("test", changed, made.AT.date(), made.PLATFORM, made.AT)
    assert plan.version == 2
    assert walk.project.plan.version == 1
    fresh, _ = made.registered(made.make_owner(3), name="新项目")
    assert fresh.plan.parsed.target_days == 60
    assert projects.publish_plan("test", changed, made.AT.date(), made.PLATFORM, made.AT).pk == plan.pk
