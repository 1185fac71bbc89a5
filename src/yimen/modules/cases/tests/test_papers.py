"""Which requirements of several items are one and the same paper: when in doubt, two."""

from typing import Any

from yimen.modules.cases.api import Grouping, group_requirements
from yimen.modules.items.content import MaterialRequirement, Source

ID = (Source(kind="licence", name="居民身份证"),)


def wanted(item: str, name: str, code: str = "", **more: Any) -> tuple[str, MaterialRequirement]:
    return item, MaterialRequirement(code=code or "m", name=name, **more)


def names(grouping: Grouping) -> list[list[str]]:
    return [[part.item for part in paper.parts] for paper in grouping.papers]


def test_equal_names_but_for_width_and_quotation_marks_are_one_paper() -> None:
    grouping = group_requirements([wanted("a", "《营业执照》（副本）"), wanted("b", "营业执照(副本) ")])
    assert names(grouping) == [["a", "b"]]
    assert grouping.papers[0].why == "名称相同"


def test_one_licence_of_one_holder_is_one_paper_and_of_another_is_not() -> None:
    asked = [
        wanted("a", "申请人居民身份证", sources=ID),
        wanted("b", "本人身份证", sources=ID),
        wanted("c", "父亲居民身份证", sources=ID),
        wanted("d", "父母双方居民身份证", sources=ID),
    ]
    grouping = group_requirements(asked)
    assert names(grouping) == [["a", "b"], ["c"], ["d"]]
    assert "父亲居民身份证" in grouping.suggestions[0].sentence


def test_two_requirements_of_one_item_stay_two() -> None:
    assert names(group_requirements([wanted("a", "证明", "x"), wanted("a", "证明", "y")])) == [["a"], ["a"]]


def test_a_form_is_never_a_certificate() -> None:
    assert len(group_requirements([wanted("a", "申请表", kind="form"), wanted("b", "申请表")]).papers) == 2


def test_what_no_one_file_satisfies_is_not_one_paper_even_through_a_third() -> None:
    asked = [
        wanted("a", "平面图", accept=("pdf", "ofd")),
        wanted("b", "平面图", accept=("pdf",)),
        wanted("c", "平面图", accept=("ofd",)),
    ]
    assert names(group_requirements(asked)) == [["a", "b"], ["c"]]


def test_two_licences_under_one_name_are_not_one_paper() -> None:
    def by(code: str) -> Any:
        return (Source(kind="licence", name="许可证", code=code),)

    grouping = group_requirements(
        [wanted("a", "许可证", sources=by("1")), wanted("b", "许可证", sources=by("2"))]
    )
    assert len(grouping.papers) == 2


def test_whoever_composes_decides_and_different_decides_above_all() -> None:
    asked = [wanted("a", "甲"), wanted("b", "乙"), wanted("c", "甲")]
    one, other, third = ("a", "m"), ("b", "m"), ("c", "m")
    joined = group_requirements(asked, same=[(one, other)])
    assert names(joined) == [["a", "b", "c"]]
    apart = group_requirements(asked, same=[(one, other)], different=[(other, third)])
    assert names(apart) == [["a", "b"], ["c"]]
    assert group_requirements(asked, same=[(one, other)], different=[(one, other)]).clashes


def test_names_that_nobody_asks_for_change_nothing() -> None:
    asked = [wanted("a", "甲"), wanted("b", "乙")]
    assert len(group_requirements(asked, same=[(("a", "m"), ("nobody", "m"))]).papers) == 2
