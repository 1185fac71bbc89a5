"""Finding an item by name, everyday words, pinyin and initials, on whichever database the tests run."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from yimen.modules.items import bench, engines
from yimen.modules.items.engines import both, engine
from yimen.modules.items.models import SearchEntry
from yimen.modules.items.queries import search as searching
from yimen.modules.items.queries.search import search, suggest
from yimen.modules.items.services import life
from yimen.modules.items.services.indexing import reindex
from yimen.modules.items.tests.factories import AT, AUTHOR, make_organisation, make_standard
from yimen.modules.items.tokens import filter_nodes, index_words, matches, pinyin_of, query_nodes, query_words

pytestmark = pytest.mark.django_db
NAMES = (
    "食品经营许可（新办）",
    "食品生产许可",
    "药品经营许可",
    "不动产首次登记",
    "重庆市长寿区会计代理记账审批",
    "残疾人证核发",
)


@pytest.fixture
def catalogue() -> dict[str, str]:
    return {name: make_standard(name=name).code for name in NAMES}


@pytest.mark.parametrize(
    ("q", "first"),
    [
        ("食品经营", NAMES[0]),
        ("食品生产许可", NAMES[1]),
        ("spjy", NAMES[0]),
        ("shipinjingying", NAMES[0]),
        ("jyxk", NAMES[2]),
        ("changshouqu", NAMES[4]),
        ("kuaiji", NAMES[4]),
        ("我想开餐馆怎么办理", NAMES[0]),
        ("残疾证", NAMES[5]),
        ("房产证", NAMES[3]),
        ("药", NAMES[2]),
        ("食品 经营", NAMES[0]),
        ("ＳＰＪＹ", NAMES[0]),
    ],
)
def test_people_find_what_they_mean(catalogue: dict[str, str], q: str, first: str) -> None:
    assert search(q).results[0].name == first


def test_when_no_item_has_every_word_the_nearest_are_shown(catalogue: dict[str, str]) -> None:
    found = search("食品经营星际许可变更")
    assert found.count and found.results[0].name == NAMES[0]
    assert search("火星").count == 0


def test_the_same_name_comes_first_and_popular_ones_before_others() -> None:
    a = make_standard(name="户外广告设置审批")
    b = make_standard(name="户外广告设置")
    c = make_standard(name="户外广告设置变更")
    assert search("户外广告设置").results[0].code == b.code
    life.record_popularity({c.code: 500, a.code: 3})
    assert [line.code for line in search("户外广告").results] == [c.code, a.code, b.code]


def test_filters_narrow_and_serve_those_below() -> None:
    district = make_standard(name="区里的事项")
    city = make_standard(name="市里的事项", organisation=make_organisation("city", "449900000000"))
    other = make_standard(name="邻区的事项", organisation=make_organisation("near", "449902000000"))
    codes = {line.code for line in search("事项", division="449901000000").results}
    assert codes == {district.code, city.code}
    assert {line.code for line in search(division="4499").results} == {district.code, city.code, other.code}
    assert search(organisation="near").results[0].code == other.code
    assert search(organisation="no-such").count == 0
    assert search(type="benefit").count == 0
    assert search(audience="person").count == 3
    assert search(district.code).results[0].code == district.code


def test_every_hit_is_paged_once_in_one_order_even_when_there_are_many(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for n in range(25):
        make_standard(name=f"经营许可第{n}种" if n % 3 else f"第{n}种经营许可")
    whole = [line.code for line in search("许可", size=100).results]
    monkeypatch.setattr(searching, "BROAD", 5)
    monkeypatch.setattr(searching, "FIRST_CHOICE", 4)
    pages = [line.code for page in range(1, 5) for line in search("许可", page=page, size=7).results]
    assert len(pages) == 25 and set(pages) == set(whole)


def test_suggestions_name_each_thing_once(catalogue: dict[str, str]) -> None:
    make_standard(name=NAMES[0], organisation=make_organisation("twin", "449902000000"))
    assert [one.name for one in suggest("食")].count(NAMES[0]) == 1
    assert suggest("   ") == []
    assert suggest("'\"*()&|!:") == []


@given(st.text(max_size=80))
def test_no_query_whatever_breaks_search(q: str) -> None:
    search(q)
    suggest(q)


def test_the_engine_finds_what_the_tokens_say(catalogue: dict[str, str]) -> None:
    rows = dict(SearchEntry.objects.values_list("item_id", "words"))
    for q in ("食品", "sp", "经营许可", "开餐馆", "药品 许可", "长", "xk", "登记"):
        node = both([*query_nodes(q), *filter_nodes()])
        meant = {pk for pk, words in rows.items() if matches(node, words.split(" "))}
        assert engine().counts([node]) == [len(meant)]
        assert set(engine().best(node, q, 0, 50)) == meant


def test_the_index_can_be_made_anew(catalogue: dict[str, str]) -> None:
    before = dict(SearchEntry.objects.values_list("item_id", "words"))
    SearchEntry.objects.all().delete()
    assert search("食品").count == 0
    assert reindex() == len(NAMES)
    assert search("食品").count == 2
    assert dict(SearchEntry.objects.values_list("item_id", "words")).keys() == before.keys()


def test_a_cancelled_item_is_not_offered(catalogue: dict[str, str]) -> None:
    life.cancel_item(catalogue[NAMES[5]], "取消", "国发〔2024〕1号", AUTHOR, AT)
    assert search("残疾人证").count == 0


def test_surnames_and_places_are_spoken_right() -> None:
    assert pinyin_of("长寿区")[0] == "chang"
    assert pinyin_of("番禺")[0] == "pan"
    assert query_words("怎么办理") != []
    assert index_words.__doc__


def test_the_measurement_leaves_nothing_behind() -> None:
    told = bench.bench(300, rounds=1)
    assert told["searches"] > 0
    assert not SearchEntry.objects.exists()
    assert engines.BROAD > 0
