"""Many items as one thing: one form, one set of materials, one plan, one date, and nothing lost."""

import pytest

from yimen.kernel.errors import Invalid
from yimen.modules.forms.api import DataElement
from yimen.modules.forms.definition import FormField
from yimen.modules.items.content import Fee, ItemResult, Limit, Situation, Source
from yimen.modules.themes.compiling.compiler import compile_standards
from yimen.modules.themes.compiling.limits import fewest_working_days, working_days
from yimen.modules.themes.compiling.plan import Circle
from yimen.modules.themes.compiling.values import Compiled, Known
from yimen.modules.themes.content import Brings, Order
from yimen.modules.themes.tests.factories import chain, form_of, paper, standard

IDENTITY = (Source(kind="licence", name="居民身份证"),)


def names(compiled: Compiled) -> list[str]:
    return [one.name for one in compiled.requirements if one.to_hand_in]


def test_a_field_that_two_items_ask_is_asked_once() -> None:
    one = standard("a", form=form_of("applicant_name", FormField(element="contact_phone", required=True)))
    other = standard("b", form=form_of("applicant_name", "contact_phone", "contact_name"))
    compiled = compile_standards([one, other])
    assert [f.element for f in compiled.fields] == ["applicant_name", "contact_phone", "contact_name"]
    assert compiled.fields[0].asked_by == ("ITEM-a", "ITEM-b")
    assert compiled.fields[1].required
    assert (compiled.saved.fields.one_by_one, compiled.saved.fields.together) == (5, 3)
    assert compiled.proof.complete


def test_different_hints_are_told_not_dropped() -> None:
    one = standard("a", form=form_of(FormField(element="applicant_name", hint="与身份证一致")))
    other = standard("b", form=form_of(FormField(element="applicant_name", hint="填孩子的姓名")))
    [conflict] = compile_standards([one, other]).conflicts
    assert not conflict.blocking
    assert "“a登记”" in conflict.sentence and "填孩子的姓名" in conflict.sentence


def test_two_definitions_of_one_data_element_block() -> None:
    def local(kind: str) -> object:
        return form_of("applicant_name").model_copy(
            update={
                "elements": (DataElement(code="x_size", name="面积", type=kind),),
                "sections": form_of("applicant_name").sections,
            }
        )

    one, other = standard("a", form=local("number")), standard("b", form=local("text"))
    compiled = compile_standards([one, other])
    assert [c.kind for c in compiled.blocking] == ["element"]
    assert "“a登记”" in compiled.blocking[0].sentence


def test_one_situation_with_other_options_blocks() -> None:
    one = standard(
        "a", situations=(Situation(code="tenure", question="自有还是租用？", options=("自有", "租用")),)
    )
    other = standard(
        "b", situations=(Situation(code="tenure", question="怎么来的？", options=("自有", "借用")),)
    )
    compiled = compile_standards([one, other])
    assert compiled.blocking[0].kind == "situation"
    assert not compiled.proof.complete


def test_the_same_paper_is_asked_once_and_as_strictly_as_the_strictest() -> None:
    one = standard(
        "a", materials=(paper("结婚证", trust="C", copies=1, main=False, required_when="married = '是'"),)
    )
    other = standard("b", materials=(paper("结婚证 ", trust="A", originals=1),))
    compiled = compile_standards([one, other])
    [merged] = compiled.requirements
    assert merged.asked_by == ("ITEM-a", "ITEM-b")
    assert (merged.trust, merged.originals, merged.copies, merged.main, merged.required_when) == (
        "A",
        1,
        1,
        True,
        "",
    )
    assert compiled.proof.complete
    assert any("可信等级" in conflict.sentence for conflict in compiled.conflicts)


def test_the_ids_of_two_people_are_two_papers() -> None:
    one = standard("a", materials=(paper("申请人居民身份证", sources=IDENTITY),))
    other = standard("b", materials=(paper("夫妻双方居民身份证", sources=IDENTITY),))
    compiled = compile_standards([one, other])
    assert names(compiled) == ["申请人居民身份证", "夫妻双方居民身份证"]
    assert "居民身份证" in compiled.suggestions[0].sentence


def test_one_licence_of_one_holder_is_one_paper_by_whatever_name() -> None:
    one = standard("a", materials=(paper("申请人居民身份证", sources=IDENTITY),))
    other = standard("b", materials=(paper("本人身份证", sources=IDENTITY),))
    assert names(compile_standards([one, other])) == ["申请人居民身份证"]


def test_the_author_decides_what_is_one_paper() -> None:
    one = standard("a", materials=(paper("申请人居民身份证", "id"), paper("平面图", "plan")))
    other = standard("b", materials=(paper("持卡人居民身份证", "card"), paper("平面图", "plan")))
    compiled = compile_standards(
        [one, other], same=[("a/id", "b/card")], different=[("a/plan", "ITEM-b/plan")]
    )
    assert names(compiled) == ["申请人居民身份证", "平面图", "平面图"]
    assert len({one.key for one in compiled.requirements}) == 3


def test_same_and_different_at_once_blocks() -> None:
    one, other = standard("a", materials=(paper("甲", "x"),)), standard("b", materials=(paper("乙", "y"),))
    compiled = compile_standards([one, other], same=[("a/x", "b/y")], different=[("b/y", "a/x")])
    assert compiled.blocking and "既被指定为同一份" in compiled.blocking[0].sentence


def test_a_filled_form_spares_the_paper_form() -> None:
    one = standard("a", form=form_of("applicant_name"), materials=(paper("申请表", kind="form"),))
    [only] = compile_standards([one]).requirements
    assert only.spared == "form" and not only.to_hand_in


def test_the_result_of_one_item_is_not_asked_for_another() -> None:
    birth, household = chain("出生", "户口", days=(1, 3))
    compiled = compile_standards([household, birth])
    [met] = compiled.requirements
    assert met.met_by == birth.code and not met.to_hand_in
    assert [(e.earlier, e.later, e.kind) for e in compiled.edges] == [(birth.code, household.code, "result")]
    assert compiled.critical_path == (birth.code, household.code)
    assert compiled.promised_limit.amount == 4
    assert compiled.saved.materials.saved == 1
    assert compiled.proof.complete


def test_what_changes_a_licence_needs_the_old_one() -> None:
    """变更登记 asks for the licence that it replaces; the others wait for the new one."""
    change = standard("change", materials=(paper("营业执照", "old"),), results=(ItemResult(name="营业执照"),))
    tax = standard("tax", materials=(paper("营业执照", "licence"),))
    compiled = compile_standards([change, tax])
    asked = {one.parts[0].item: one for one in compiled.requirements}
    assert asked[change.code].to_hand_in
    assert asked[tax.code].met_by == change.code
    assert compiled.proof.complete


def test_the_author_may_say_that_a_paper_is_not_the_result() -> None:
    birth, household = chain("出生", "户口")
    code = household.content.materials[0].code
    compiled = compile_standards([birth, household], different=[(f"户口/{code}", "出生")])
    assert not compiled.edges and names(compiled) == ["出生证"]


def test_the_author_may_say_that_a_paper_is_the_result() -> None:
    birth = standard("birth", results=(ItemResult(name="出生医学证明"),))
    care = standard("care", materials=(paper("孩子的出生医学证明或者户口信息", "proof"),))
    compiled = compile_standards([birth, care], same=[("care/proof", "birth")])
    assert compiled.requirements[0].met_by == birth.code


def test_items_that_wait_for_each_other_are_refused_by_name() -> None:
    one = standard(
        "one", name="节能审查", materials=(paper("项目批复", "p"),), results=(ItemResult(name="节能意见"),)
    )
    other = standard(
        "two", name="项目审批", materials=(paper("节能意见", "e"),), results=(ItemResult(name="项目批复"),)
    )
    with pytest.raises(Circle) as refused:
        compile_standards([one, other])
    sentence = refused.value.message
    assert all(word in sentence for word in ("节能审查", "项目审批", "项目批复", "节能意见"))
    assert set(refused.value.items) == {one.code, other.code}
    assert compile_standards([one, other], different=[("one/p", "two")]).proof.complete


def test_parallel_items_promise_the_longest_and_serial_ones_the_sum() -> None:
    first, second = chain("a", "b", days=(3, 4))
    beside = standard("c", promised_limit=Limit(amount=5))
    compiled = compile_standards([first, second, beside])
    rows = {row.item: row for row in compiled.schedule}
    assert compiled.promised_limit.amount == 7
    assert (rows[beside.code].starts, rows[beside.code].slack) == (0, 2)
    assert rows[second.code].starts == 3 and rows[second.code].slack == 0
    assert (compiled.saved.days.one_by_one, compiled.saved.days.together) == (12, 7)


def test_the_author_may_order_what_the_standards_do_not() -> None:
    one, other = standard("a", promised_limit=Limit(amount=2)), standard("b", promised_limit=Limit(amount=2))
    order = Order(before="b", after="a", why="先验收再开业", clause="消防法第十五条", when_failed="terminate")
    compiled = compile_standards([one, other], edges=[order])
    [edge] = compiled.edges
    assert (edge.earlier, edge.kind, edge.when_failed, edge.clause) == (
        other.code, "order", "terminate", "消防法第十五条",
    )  # fmt: skip
    assert compiled.promised_limit.amount == 4


def test_a_shorter_joint_promise_counts_and_a_longer_one_does_not() -> None:
    items = chain("a", "b", days=(3, 4))
    assert compile_standards(items, joint_limit=Limit(amount=5)).promised_limit.amount == 5
    assert compile_standards(items, joint_limit=Limit(amount=50)).promised_limit.amount == 7


def test_answers_prune_fields_and_materials_and_the_proof_says_why() -> None:
    married = Situation(code="married", question="结婚了吗？", options=("是", "否"))
    one = standard(
        "a",
        situations=(married,),
        materials=(paper("结婚证", required_when="married = '是'"), paper("户口簿")),
        form=form_of("applicant_name", FormField(element="agent_name", when="married = '是'")),
    )
    whole, pruned = compile_standards([one]), compile_standards([one], {"married": "否"})
    assert (len(whole.fields), len(pruned.fields)) == (2, 1)
    assert names(pruned) == ["户口簿"]
    assert {row.how for row in pruned.proof.rows if row.name == "结婚证"} == {"not_needed"}
    assert pruned.questions[0].answer == "否"
    assert whole.proof.complete and pruned.proof.complete


def test_a_licence_that_the_applicant_holds_is_not_asked() -> None:
    one = standard("a", materials=(paper("申请人居民身份证", sources=IDENTITY),))
    compiled = compile_standards([one], known=Known(licences=frozenset({"居民身份证"})))
    assert compiled.requirements[0].spared == "licence"
    assert compiled.proof.complete


def test_a_known_value_is_confirmed_not_asked() -> None:
    one = standard("a", form=form_of("applicant_name", "contact_phone"))
    compiled = compile_standards([one], known=Known(values={"applicant_name": "林晓燕"}))
    assert [field.known for field in compiled.fields] == [True, False]


def test_fees_are_kept_apart_and_added_up() -> None:
    fees = {slug: Fee(name="工本费", amount="20.00", basis="发改价格〔2017〕1186号") for slug in ("a", "b")}
    compiled = compile_standards([standard(slug, fees=(fee,)) for slug, fee in fees.items()])
    assert [line.item for line in compiled.fees.lines] == ["ITEM-a", "ITEM-b"]
    assert [(unit, str(total)) for unit, total in compiled.fees.totals] == [("元/件", "40.00")]


def test_trips_on_one_day_to_one_place_count_once() -> None:
    visiting = [standard(slug, visits=1) for slug in ("a", "b")]
    assert compile_standards(visiting).saved.visits.together == 1
    first, second = chain("c", "d")
    serial = [
        standard(s.slug, visits=1, materials=s.content.materials, results=s.content.results)
        for s in (first, second)
    ]
    assert compile_standards(serial).saved.visits.together == 2


def test_other_units_become_fewer_working_days_and_say_so() -> None:
    """The Monday after counts where a limit ends at the weekend (民法典第二百零三条)."""
    assert [fewest_working_days(n) for n in (1, 2, 3, 4, 7, 15, 30)] == [1, 1, 1, 2, 5, 11, 21]
    assert working_days(Limit(amount=1, unit="month")) == 20
    assert working_days(Limit(amount=8, unit="working_hour")) == 2
    compiled = compile_standards([standard("a", promised_limit=Limit(amount=15, unit="calendar_day"))])
    assert compiled.promised_limit.amount == 11
    assert "15个自然日" in compiled.notes[0]


def test_nothing_cannot_be_composed() -> None:
    with pytest.raises(Invalid, match="1到30个事项"):
        compile_standards([])


def test_what_a_result_brings_is_not_asked_and_whoever_needs_it_waits() -> None:
    licence = standard("licence", form=form_of("entity_proposed_name"), promised_limit=Limit(amount=1))
    needs = FormField(element="entity_uscc", required=True)
    tax = standard("tax", form=form_of(needs, "contact_name"), promised_limit=Limit(amount=2))
    brings = [Brings(item="licence", elements=("entity_uscc",))]
    compiled = compile_standards([licence, tax], brings=brings)
    assert compiled.awaited == {"entity_uscc"}
    assert [f.element for f in compiled.form_to_fill.fields()] == ["entity_proposed_name", "contact_name"]
    assert compiled.edges[0].brings == ("entity_uscc",)
    assert compiled.promised_limit.amount == 3
    assert (compiled.saved.fields.one_by_one, compiled.saved.fields.together) == (3, 2)
    assert compiled.proof.complete
    assert any("结果带出" in row.went_to for row in compiled.proof.rows)


def test_what_the_bringer_itself_asks_is_asked() -> None:
    licence, tax = (
        standard("licence", form=form_of("entity_uscc")),
        standard("tax", form=form_of("entity_uscc")),
    )
    compiled = compile_standards([licence, tax], brings=[Brings(item="licence", elements=("entity_uscc",))])
    assert compiled.awaited == frozenset() and compiled.edges == ()
