"""Composed for me, and handed in at once: each item in its order, each paper once."""

from dataclasses import replace
from datetime import timedelta

import pytest

from yimen.foundation.identity import api as identity
from yimen.foundation.identity.tests.factories import credit_code
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import Conflict, Invalid, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import officer, resident
from yimen.modules.forms.definition import FormField
from yimen.modules.items.api.authors import suspend_item
from yimen.modules.items.content import ItemResult, Situation
from yimen.modules.items.tests.factories import (
    REVIEWER,
    make_organisation,
    make_standard,
    publish_next_version,
)
from yimen.modules.themes import api as themes
from yimen.modules.themes.tests.factories import (
    AT,
    AUTHOR,
    DAY,
    form_of,
    make_theme,
    paper,
    published_items,
    theme_content,
)

pytestmark = pytest.mark.django_db
SIGN = {"code": "has_sign", "question": "要挂招牌吗？", "options": ["要", "不要"]}


def shop_theme(**changes: object) -> tuple[str, list[str]]:
    """Licence, permit, and the notice of a sign only for those who want one."""
    licence, permit, notice = published_items()
    members = [
        {"item": licence.slug},
        {"item": permit.slug},
        {"item": notice.slug, "when": "has_sign = '要'"},
    ]
    content = theme_content(licence, permit, notice, members=members, questions=[SIGN], **changes)
    return make_theme(content), [licence.code, permit.code, notice.code]


def composed(code: str, answers: dict[str, str] | None = None) -> themes.Composed:
    return themes.compose(themes.theme_with_code(code, DAY), answers or {}, themes.NOTHING, DAY)


def test_an_open_question_leaves_its_item_undecided() -> None:
    code, items = shop_theme()
    first = composed(code)
    assert [s.code for s in first.standards] == items
    assert first.undecided == (items[2],)
    assert [q.code for q in first.open_questions] == ["has_sign"]


def test_the_answer_decides_what_joins_and_what_is_asked() -> None:
    code, items = shop_theme()
    without = composed(code, {"has_sign": "不要"})
    assert [s.code for s in without.standards] == items[:2]
    assert [one.item for one in without.left_out] == [items[2]]
    assert "招牌效果图" not in [one.name for one in without.compiled.requirements]
    assert not without.undecided and not without.open_questions
    assert without.compiled.proof.complete


def test_an_answer_outside_the_options_is_refused_beside_its_question() -> None:
    code, _ = shop_theme()
    with pytest.raises(Invalid) as refused:
        composed(code, {"has_sign": "也许"})
    assert "要" in refused.value.fields["has_sign"]


def test_odd_answers_are_no_answers() -> None:
    code, _ = shop_theme()
    for odd in ({"nobody": "x"}, {"has_sign": None}, {"has_sign": ""}):
        assert composed(code, odd).undecided
    for wrong in (["要"], {"a": 1}, 10**400, "\x00"):
        with pytest.raises(Invalid):
            composed(code, {"has_sign": wrong})


def test_what_the_theme_answers_itself_is_not_asked() -> None:
    owner = Situation(code="owner", question="谁的卡？", options=("本人", "孩子"))
    card = make_standard(
        "theme-card",
        situations=(owner,),
        materials=(paper("证件照", "photo", required_when="owner = '本人'"),),
    )
    code = make_theme(theme_content(card, given=[{"code": "owner", "answer": "孩子"}]))
    found = composed(code)
    assert found.questions == () and found.compiled.requirements == ()
    assert found.situation_answers == {"owner": "孩子"}


def test_what_is_known_decides_without_a_question() -> None:
    licence, permit, _ = published_items()
    members = [{"item": licence.slug, "when": "NOT includes(licences, '营业执照')"}, {"item": permit.slug}]
    theme = themes.theme_with_code(make_theme(theme_content(licence, permit, members=members)), DAY)
    holder = themes.Known(licences=frozenset({"营业执照"}))
    assert [s.code for s in themes.compose(theme, {}, holder, DAY).standards] == [permit.code]
    assert len(themes.compose(theme, {}, themes.NOTHING, DAY).standards) == 2


def test_nobody_may_claim_what_only_the_platform_knows() -> None:
    licence, permit, _ = published_items()
    members = [{"item": licence.slug, "when": "NOT includes(licences, '营业执照')"}, {"item": permit.slug}]
    code = make_theme(theme_content(licence, permit, members=members))
    claimed = composed(code, {"licences": ["营业执照"], "today": "1990-01-01", "applicant_kind": "entity"})
    assert len(claimed.standards) == 2


def test_the_same_composition_is_compiled_once() -> None:
    code, _ = shop_theme()
    assert composed(code, {"has_sign": "要"}).compiled is composed(code, {"has_sign": "要"}).compiled


def test_a_suspended_member_stops_only_those_who_need_it() -> None:
    code, items = shop_theme()
    suspend_item(items[2], "系统升级", "国办函〔2016〕108号", REVIEWER, AT)
    assert composed(code, {"has_sign": "不要"}).standards
    with pytest.raises(NotPossible, match="招牌备案"):
        composed(code, {"has_sign": "要"})


def hand_in(code: str, **changes: object) -> cases.Application:
    command = themes.ThemeHandIn(theme=code, answers={"has_sign": "要"}, **changes)
    return themes.hand_in_theme(command, resident(), AT)


def test_one_thing_is_handed_in_once_with_its_order() -> None:
    code, items = shop_theme()
    application = hand_in(code)
    rows = {case.published.code: case for case in application.cases.all()}
    assert sorted(rows) == sorted(items)
    assert rows[items[0]].state == "submitted" and rows[items[2]].state == "submitted"
    assert rows[items[1]].state == "waiting"
    assert (application.joint, application.joint_days) == (True, 12)
    assert application.lead.code == make_organisation().code


def test_the_later_item_begins_when_the_earlier_is_granted() -> None:
    code, items = shop_theme()
    application = hand_in(code)
    office = officer()
    first = next(c for c in application.cases.all() if c.published.code == items[0])
    for act, payload in (
        ("accept", {}),
        ("pass_step", {"opinion": "符合"}),
        ("decide", {"outcome": "granted"}),
    ):
        cases.act(first.number, act, payload, office, AT + timedelta(hours=1))
    later = cases.Case.objects.get(application=application, item__code=items[1])
    assert later.state == "submitted" and later.received_at is not None


def test_what_decides_must_be_answered_before_handing_in() -> None:
    code, _ = shop_theme()
    with pytest.raises(Invalid, match="先回答") as refused:
        themes.hand_in_theme(themes.ThemeHandIn(theme=code), resident(), AT)
    assert "has_sign" in refused.value.fields


def test_one_paper_serves_every_item_that_asks_for_it() -> None:
    code, items = shop_theme()
    given = cases.MaterialIn(requirement="id", licence="440113199001010010")
    application = hand_in(code, materials=[given])
    rows = cases.Material.objects.filter(application=application, requirement="id")
    assert sorted(row.case.item.code for row in rows) == sorted(items)


def test_a_code_that_means_nothing_here_is_refused_with_the_list() -> None:
    code, _ = shop_theme()
    with pytest.raises(Invalid, match="没有“passport”") as refused:
        hand_in(code, materials=[cases.MaterialIn(requirement="passport", licence="1234")])
    assert "场所平面图" in refused.value.fields["materials"]


def test_running_applications_keep_the_theme_and_the_standards_they_began_with() -> None:
    code, items = shop_theme()
    application = hand_in(code)
    standard = themes.compose(themes.theme_with_code(code, DAY), {}, themes.NOTHING, DAY).standards[2]
    changed = standard.content.model_copy(update={"materials": ()})
    publish_next_version(items[2], changed, DAY + timedelta(days=1), AT + timedelta(days=1))
    pursued = themes.theme_of_application(application)
    assert pursued is not None and pursued.theme.version == 1 and pursued.promised_days == 12
    assert "招牌效果图" in [one.name for one in pursued.compiled.requirements]


def test_a_theme_that_changed_while_filling_is_told() -> None:
    code, _ = shop_theme()
    themes.take_over(code, AUTHOR, AT)
    with pytest.raises(Conflict, match="第1版→第2版"):
        hand_in(code, expected_theme=1)


def test_together_is_the_themes_default_and_the_applicants_choice() -> None:
    code, _ = shop_theme(handover="together")
    assert hand_in(code).together
    assert not hand_in(code, together=False).together


def test_what_this_platform_granted_is_known() -> None:
    licence = make_standard(
        "known-licence", results=(ItemResult(name="营业执照", kind="licence", sample="a.pdf"),)
    )
    person = resident()
    application = cases.hand_in(cases.HandIn(items=[licence.code]), person, AT)
    assert themes.known_of(person, DAY).licences == frozenset()
    grant(application.cases.all()[0].number)
    assert themes.known_of(person, DAY).licences == {"营业执照"}


def grant(number: str) -> None:
    for act, payload in (
        ("accept", {}),
        ("pass_step", {"opinion": "符合"}),
        ("decide", {"outcome": "granted"}),
    ):
        cases.act(number, act, payload, officer(), AT + timedelta(hours=1))


def test_what_an_enterprise_holds_is_known_to_whoever_acts_for_it_in_everything() -> None:
    licence = make_standard(
        "entity-licence", results=(ItemResult(name="食品经营许可证", kind="licence", sample="a.pdf"),)
    )
    entity = identity.find_or_register_entity("粤海市澜江区暖阳餐饮有限公司", credit_code(31), AT)
    stranger, person = resident("陌生人"), resident()
    identity.grant_representation(
        agent=identity.Person.objects.get(pk=person.person_id), principal_entity=entity, actor=PLATFORM, at=AT
    )
    agent = replace(person, entity_ids=frozenset({entity.pk}))
    given = cases.ApplicantIn(kind="entity", name=entity.name, uscc=entity.uscc)
    application = cases.hand_in(cases.HandIn(items=[licence.code], applicant=given), agent, AT)
    grant(application.cases.all()[0].number)
    assert themes.known_of(agent, DAY, kind="entity", key=entity.pk).licences == {"食品经营许可证"}
    assert themes.known_of(agent, DAY).licences == frozenset(), "it is not the agent's own"
    limited = replace(agent, limited_to={("entity", entity.pk): frozenset({licence.code})})
    for other in (limited, stranger, Actor()):
        assert themes.known_of(other, DAY, kind="entity", key=entity.pk).licences == frozenset()
    cases.act(application.cases.all()[0].number, "revoke", {"reason": "材料不实", "clause": "行政许可法第六十九条"}, officer(), AT + timedelta(hours=2))  # fmt: skip
    assert themes.known_of(agent, DAY, kind="entity", key=entity.pk).licences == frozenset()


def test_pages_ask_for_each_paper_once_and_say_what_meets_the_rest() -> None:
    code, _ = shop_theme()
    things = themes.things_of(composed(code, {"has_sign": "要"}), {})
    spared = {thing.name: thing.spared for thing in things}
    assert "营业执照办理" in spared["营业执照"]
    assert [name for name, why in spared.items() if not why] == [
        "申请人居民身份证",
        "场所平面图",
        "招牌效果图",
    ]


def test_nobody_must_fill_in_what_an_earlier_result_brings() -> None:
    """A new enterprise has no credit code when it applies; the cases that need it wait for the licence."""
    licence = make_standard("brings-licence", results=(ItemResult(name="营业执照", sample="a.pdf"),))
    needs = form_of(
        FormField(element="entity_uscc", required=True), FormField(element="contact_name", required=True)
    )
    tax = make_standard("brings-tax", form=needs)
    brings = [{"item": "brings-licence", "elements": ["entity_uscc"]}]
    code = make_theme(theme_content(licence, tax, brings=brings))
    with pytest.raises(Invalid) as refused:
        themes.hand_in_theme(themes.ThemeHandIn(theme=code), resident(), AT)
    assert set(refused.value.fields) == {"contact_name"}
    command = themes.ThemeHandIn(theme=code, form={"contact_name": "林晓燕"})
    application = themes.hand_in_theme(command, resident(), AT)
    assert [case.state for case in application.cases.all()] == ["submitted", "waiting"]


def test_a_draft_of_one_thing_is_submitted_without_what_results_bring() -> None:
    licence = make_standard("drafted-licence", results=(ItemResult(name="营业执照", sample="a.pdf"),))
    tax = make_standard("drafted-tax", form=form_of(FormField(element="entity_uscc", required=True)))
    brings = [{"item": "drafted-licence", "elements": ["entity_uscc"]}]
    code = make_theme(theme_content(licence, tax, brings=brings))
    person = resident()
    application = themes.hand_in_theme(themes.ThemeHandIn(theme=code, draft=True), person, AT)
    for case in application.cases.all():
        cases.act(case.number, "submit", {}, person, AT)
    states = cases.Case.objects.filter(application=application).order_by("id").values_list("state", flat=True)
    assert list(states) == ["submitted", "waiting"]
