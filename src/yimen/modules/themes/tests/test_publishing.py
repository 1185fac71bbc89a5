"""A theme is written, judged, published, suspended, and told what became of its items."""

from dataclasses import replace
from datetime import timedelta

import pytest

from yimen.kernel.actor import Actor, Scope
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotPossible
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.api.authors import suspend_item
from yimen.modules.items.content import ItemResult, Situation
from yimen.modules.items.tests.factories import (
    REVIEWER,
    make_organisation,
    make_standard,
    publish_next_version,
)
from yimen.modules.themes import api as themes
from yimen.modules.themes.canonical import parse_content
from yimen.modules.themes.queries.changes import changed_themes
from yimen.modules.themes.queries.checking import check_content
from yimen.modules.themes.services.authoring import create_theme, discard_draft, save_draft, start_version
from yimen.modules.themes.tests.factories import (
    AT,
    AUTHOR,
    DAY,
    make_theme,
    paper,
    published_items,
    theme_content,
)

pytestmark = pytest.mark.django_db


def findings(**changes: object) -> list[str]:
    content = parse_content(theme_content(*published_items(), **changes))
    return [finding.sentence for finding in check_content(content, DAY).blocking]


def test_a_published_theme_is_found_by_everyday_words() -> None:
    code = make_theme(theme_content(*published_items()))
    [line] = themes.published_themes(DAY, q="开铺头").results
    assert (line.code, line.headline["items"], line.headline["promised_days"]) == (code, 3, 12)
    assert themes.published_themes(DAY, q="没有的").count == 0
    assert themes.published_themes(DAY, audience="enterprise").count == 0
    assert themes.theme_with_code(code, DAY).content.name == "开店一件事"


def test_the_list_costs_two_statements_however_long(django_assert_num_queries) -> None:
    for _ in range(3):
        make_theme(theme_content(*published_items()))
    with django_assert_num_queries(2):
        assert themes.published_themes(DAY).count == 3


def test_a_draft_is_not_public() -> None:
    create_theme(themes.NewTheme(code="half-done", content=theme_content(*published_items())), AUTHOR, AT)
    with pytest.raises(NotPossible, match="还没有发布"):
        themes.theme_with_code("half-done", DAY)


def test_a_circle_is_told_to_the_author_and_not_published() -> None:
    one = make_standard("ring-one", materials=(paper("乙证", "b"),), results=(ItemResult(name="甲证"),))
    other = make_standard("ring-two", materials=(paper("甲证", "a"),), results=(ItemResult(name="乙证"),))
    draft = create_theme(themes.NewTheme(code="ring", content=theme_content(one, other)), AUTHOR, AT)
    with pytest.raises(Invalid, match="形成循环") as refused:
        themes.publish(draft.pk, AUTHOR, AT)
    assert "甲证" in refused.value.fields["content"]


def test_a_suspended_item_keeps_a_theme_from_being_published() -> None:
    items = published_items()
    suspend_item(items[1].code, "系统升级", "国办函〔2016〕108号", REVIEWER, AT)
    content = theme_content(*items)
    draft = create_theme(themes.NewTheme(code="with-suspended", content=content), AUTHOR, AT)
    with pytest.raises(Invalid, match="暂停办理"):
        themes.publish(draft.pk, AUTHOR, AT)


def test_an_unknown_item_and_a_doubled_one_are_told_where_they_stand() -> None:
    items = published_items()
    content = theme_content(
        *items, members=[{"item": items[0].slug}, {"item": "no-such"}, {"item": items[0].code}]
    )
    checked = check_content(parse_content(content), DAY)
    assert [f.path for f in checked.blocking] == ["members.1.item", "members.2.item"]


def test_what_the_author_wrote_wrongly_is_told_in_sentences() -> None:
    question = {"code": "cook", "question": "现场制作吗？", "options": ["是", "否"]}
    assert any("请选择牵头部门" in s for s in findings(lead=""))
    assert any("没有代码为“nobody”" in s for s in findings(lead="nobody"))
    assert any("没有情形“owner”" in s for s in findings(given=[{"code": "owner", "answer": "是"}]))
    assert any("不能长于" in s for s in findings(joint_limit={"amount": 99}))
    assert any("不在所选事项中" in s for s in findings(same=[["nobody/id", "nowhere/id"]]))
    assert any("已经被另一个问题" in s for s in findings(questions=[question, question]))


def test_a_rule_over_nothing_known_is_refused() -> None:
    items = published_items()
    content = theme_content(*items, members=[{"item": items[0].slug, "when": "cok = '是'"}])
    [finding] = check_content(parse_content(content), DAY).blocking
    assert finding.path == "members.0.when" and "没有名为“cok”" in finding.sentence


def test_two_items_with_other_options_for_one_situation_block() -> None:
    one = make_standard(
        "opt-one", situations=(Situation(code="tenure", question="？", options=("自有", "租用")),)
    )
    other = make_standard(
        "opt-two", situations=(Situation(code="tenure", question="？", options=("自有", "借用")),)
    )
    checked = check_content(parse_content(theme_content(one, other)), DAY)
    assert any("选项不同" in f.sentence for f in checked.blocking)


def test_only_the_lead_organisations_author_may_write() -> None:
    other = make_organisation("another-org")
    scopes = (Scope(organisation_id=other.pk),)
    actor = Actor(name="别处编制", grants={themes.WRITE: scopes, themes.PUBLISH: scopes}, channel="window")
    content = theme_content(*published_items())
    with pytest.raises(NotAllowed):
        create_theme(themes.NewTheme(code="not-mine", content=content), actor, AT)
    code = make_theme(content)
    with pytest.raises(NotAllowed):
        themes.suspend(code, "试", "试", actor, AT)


def test_nobody_makes_an_organisation_lead_that_their_grant_does_not_reach() -> None:
    own, other = make_organisation(), make_organisation("led-org")
    scopes = (Scope(organisation_id=own.pk),)
    actor = Actor(name="本单位编制", grants={themes.WRITE: scopes, themes.PUBLISH: scopes}, channel="window")
    content = theme_content(*published_items())
    draft = create_theme(themes.NewTheme(code="mine-only", content=content), actor, AT)
    with pytest.raises(NotAllowed, match="不能由它牵头"):
        save_draft(draft.pk, {**content, "lead": other.code}, draft.revision, actor, AT)


def test_a_draft_saved_by_somebody_else_is_not_overwritten() -> None:
    content = theme_content(*published_items())
    draft = create_theme(themes.NewTheme(code="two-authors", content=content), AUTHOR, AT)
    save_draft(draft.pk, content, 1, AUTHOR, AT)
    with pytest.raises(Conflict, match="别人刚刚保存"):
        save_draft(draft.pk, content, 1, AUTHOR, AT)


def test_a_new_version_takes_the_place_of_the_old_one() -> None:
    content = theme_content(*published_items())
    code = make_theme(content)
    draft = start_version(code, AUTHOR, AT)
    save_draft(draft.pk, {**content, "summary": "新的说明"}, draft.revision, AUTHOR, AT)
    assert themes.theme_with_code(code, DAY).version == 1
    themes.publish(draft.pk, AUTHOR, AT + timedelta(days=1))
    assert themes.theme_with_code(code, DAY + timedelta(days=1)).content.summary == "新的说明"
    assert themes.theme_with_code(code, DAY).version == 1
    assert themes.theme_with_code(code, DAY, version=1).version == 1


def test_a_draft_may_be_thrown_away_but_not_the_only_one() -> None:
    code = make_theme(theme_content(*published_items()))
    discard_draft(start_version(code, AUTHOR, AT).pk, AUTHOR, AT)
    assert start_version(code, AUTHOR, AT).version == 2


def test_a_suspended_theme_says_why_and_what_to_do() -> None:
    code = make_theme(theme_content(*published_items()))
    with pytest.raises(Invalid):
        themes.suspend(code, "", "", AUTHOR, AT)
    themes.suspend(code, "部门调整", "国办发〔2025〕24号", AUTHOR, AT)
    with pytest.raises(NotPossible, match="部门调整") as refused:
        themes.theme_with_code(code, DAY)
    assert "分别申请" in refused.value.would_pass
    themes.resume(code, AUTHOR, AT)
    assert themes.theme_with_code(code, DAY).code == code


def change(item: PublishedStandard, **changes: object) -> None:
    content = item.content.model_copy(update=changes)
    publish_next_version(item.code, content, DAY + timedelta(days=1), AT + timedelta(days=1))


def test_the_author_is_told_what_a_new_version_did_and_takes_it_over() -> None:
    items = published_items()
    code = make_theme(theme_content(*items))
    theme = themes.theme_with_code(code, DAY)
    later = DAY + timedelta(days=1)
    assert themes.changes_since(theme.content, theme.pins, later) == ()
    change(items[2], materials=(*items[2].content.materials, paper("安全承诺书", "promise")))
    [found] = themes.changes_since(theme.content, theme.pins, later)
    assert found.item == items[2].code
    assert any("安全承诺书" in one.sentence for one in found.changes)
    assert changed_themes(later, [theme.theme_id]) == {theme.theme_id}
    themes.take_over(code, AUTHOR, AT + timedelta(days=1))
    renewed = themes.theme_with_code(code, later)
    assert renewed.version == 2
    assert themes.changes_since(renewed.content, renewed.pins, later) == ()
    assert changed_themes(later, [theme.theme_id]) == set()


def test_a_suspended_member_is_told_as_a_change() -> None:
    items = published_items()
    theme = themes.theme_with_code(make_theme(theme_content(*items)), DAY)
    suspend_item(items[0].code, "系统升级", "国办函〔2016〕108号", REVIEWER, AT)
    [found] = themes.changes_since(theme.content, theme.pins, DAY)
    assert found.after is None and "暂停" in found.why


def test_a_version_in_work_must_take_the_changes_itself() -> None:
    code = make_theme(theme_content(*published_items()))
    start_version(code, AUTHOR, AT)
    with pytest.raises(NotPossible, match="正在编制"):
        themes.take_over(code, AUTHOR, AT)


def test_a_code_is_taken_once_and_looks_like_one() -> None:
    content = theme_content(*published_items())
    code = make_theme(content)
    for wrong in (code, "有中文", "a\x00b", "-", "x" * 65):
        with pytest.raises(Invalid) as refused:
            create_theme(themes.NewTheme(code=wrong, content=content), AUTHOR, AT)
        assert "code" in refused.value.fields


def test_a_content_of_wrong_shape_is_refused_in_sentences() -> None:
    for wrong in ({"name": "x" * 400}, {"members": "abc"}, {"unknown": 1}, {"members": [{"item": "a b"}]}):
        with pytest.raises(Invalid) as refused:
            parse_content({**theme_content(), **wrong})
        assert refused.value.fields


def test_the_published_content_cannot_be_changed() -> None:
    code = make_theme(theme_content(*published_items()))
    published = themes.ThemeVersion.objects.get(theme__code=code)
    with pytest.raises(NotPossible, match="不能修改"):
        save_draft(published.pk, published.content, published.revision, AUTHOR, AT)


def test_an_actor_without_grants_sees_no_drafts() -> None:
    make_theme(theme_content(*published_items()))
    assert not themes.themes_visible_to(replace(AUTHOR, channel="online")).exists()
    assert themes.themes_visible_to(AUTHOR).exists()
