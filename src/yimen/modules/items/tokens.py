"""From texts and queries to search tokens: Chinese words and pairs, pinyin, initials, filters (pure).

Every Chinese text is indexed by its words and by each pair of neighbouring characters, so that a query is found however either
is cut into words. Pinyin and initials are kept from every word on, so that the prefix ``jyxk`` finds 食品经营许可. Filters
(division, organisation, kind, audience, open) are tokens as well: an index answers the whole question, exact count included.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import rjieba
from pypinyin import lazy_pinyin, load_phrases_dict

LONGEST_QUERY = 60
HOT = 20
"""Applications from which an item counts as popular when too many items match to rank them all."""
PINYIN_LENGTH = 28
INITIALS_LENGTH = 12
STARTS = 12

load_phrases_dict(
    {
        "长寿区": [["cháng"], ["shòu"], ["qū"]],
        "番禺": [["pān"], ["yú"]],
        "东莞": [["dōng"], ["guǎn"]],
        "单县": [["shàn"], ["xiàn"]],
        "六安": [["lù"], ["ān"]],
        "大埔": [["dà"], ["bù"]],
        "会计": [["kuài"], ["jì"]],
        "参保": [["cān"], ["bǎo"]],
        "调解": [["tiáo"], ["jiě"]],
        "行业": [["háng"], ["yè"]],
        "重新": [["chóng"], ["xīn"]],
        "长者": [["zhǎng"], ["zhě"]],
        "生长": [["shēng"], ["zhǎng"]],
    }
)
WORDS_KEPT = (
    "食品经营",
    "营业执照",
    "不动产",
    "残疾人证",
    "居住证",
    "身份证",
    "公积金",
    "一件事",
    "老年人",
    "医保",
)
STOP = frozenset(
    [
        "怎么",
        "怎样",
        "如何",
        "办理",
        "办",
        "我",
        "我要",
        "我想",
        "想",
        "要",
        "的",
        "了",
        "在",
        "去",
        "到",
        "哪里",
        "哪儿",
        "哪",
        "什么",
        "需要",
        "手续",
        "请问",
        "可以",
        "能",
        "吗",
        "呢",
        "一下",
        "一个",
        "个",
        "和",
        "与",
        "及",
        "或",
        "、",
        "，",
        "。",
        "？",
        "！",
    ]
)
SYNONYMS: dict[str, tuple[str, ...]] = {
    "饭店": ("食品经营",),
    "餐馆": ("食品经营",),
    "餐厅": ("食品经营",),
    "小吃店": ("食品经营",),
    "奶茶店": ("食品经营",),
    "开店": ("个体工商户", "食品经营"),
    "执照": ("设立登记", "个体工商户"),
    "房产证": ("不动产",),
    "房产": ("不动产",),
    "低保": ("最低生活保障",),
    "社保": ("社会保险", "养老保险"),
    "医保": ("医疗保险", "医疗保障"),
    "残疾证": ("残疾人证",),
    "落户": ("户口",),
    "迁户口": ("户口",),
    "结婚": ("婚姻登记",),
    "离婚": ("婚姻登记",),
    "生孩子": ("生育", "出生"),
    "准生证": ("生育登记",),
    "下岗": ("失业",),
    "失业金": ("失业保险",),
    "退休金": ("养老",),
    "香烟": ("烟草",),
    "卖烟": ("烟草",),
    "装修": ("施工",),
    "挖路": ("挖掘", "占用"),
    "广告牌": ("户外广告",),
    "驾照": ("驾驶证",),
    "老人": ("老年人", "高龄"),
    "小孩": ("儿童", "未成年"),
    "上学": ("入学",),
    "幼儿园": ("学前教育", "民办学校"),
    "打疫苗": ("预防接种",),
}

_CHINESE = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+")
_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U000323af]+|[a-z0-9]+")
_STANDING = str.maketrans({"\u3000": " "})

for _word in WORDS_KEPT:
    rjieba.add_word(_word, 20_000, "n")


@dataclass(frozen=True, kw_only=True)
class Indexed:
    """What the index needs to know of one item."""

    name: str
    texts: tuple[str, ...] = ()
    owner: str = ""
    division_prefixes: tuple[str, ...] = ()
    division_code: str = ""
    organisation_id: int = 0
    type: str = ""
    audience: tuple[str, ...] = ()
    open: bool = True
    popularity: int = 0


def normal(text: str) -> str:
    """Half width, lower case, no control characters."""
    text = unicodedata.normalize("NFKC", text).lower()
    return "".join(c for c in text if c.isprintable() or c.isspace()).strip()


def runs(text: str) -> Iterator[str]:
    """Maximal pieces of Chinese or of Latin letters and digits."""
    yield from _RUN.findall(normal(text))


@lru_cache(maxsize=60_000)
def pinyin_of(word: str) -> tuple[str, ...]:
    """Syllables of a word, without tones: 许可 → (xu, ke)."""
    return tuple(s.lower() for s in lazy_pinyin(word, errors="ignore"))


def pairs(word: str) -> list[str]:
    return [word[i : i + 2] for i in range(len(word) - 1)]


def words_of(run: str) -> list[str]:
    """The words of a Chinese run."""
    return [w for w in rjieba.cut(run) if _CHINESE.fullmatch(w)]


def text_tokens(text: str, *, spoken: bool) -> set[str]:
    """Tokens of one text; with ``spoken`` also its pinyin and initials from every word on."""
    found: set[str] = set()
    spelled: list[tuple[str, ...]] = []
    for run in runs(text):
        if not _CHINESE.fullmatch(run):
            found.add(run[:40])
            spelled.append((run,))
            continue
        found.update(pairs(run) or [run])
        cut = words_of(run)
        found.update(cut)
        spelled.extend(pinyin_of(word) for word in cut)
    if spoken:
        found |= spoken_tokens(spelled)
    return found


def spoken_tokens(spelled: list[tuple[str, ...]]) -> set[str]:
    """Whole pinyin and initials from every word on, cut to a useful length."""
    found: set[str] = set()
    for start in range(min(len(spelled), STARTS)):
        rest = [s for word in spelled[start : start + INITIALS_LENGTH] for s in word]
        found.add("".join(rest)[:PINYIN_LENGTH])
        found.add("".join(s[0] for s in rest if s)[:INITIALS_LENGTH])
    return {token for token in found if len(token) > 1}


def filter_tokens(entry: Indexed) -> set[str]:
    found = {f"zzd{prefix}" for prefix in entry.division_prefixes}
    found |= {f"zza{_letters(kind)}" for kind in entry.audience}
    found |= {
        f"zzx{entry.division_code}",
        f"zzo{entry.organisation_id}",
        f"zzt{_letters(entry.type)}",
        "zzall",
    }
    if entry.open:
        found.add("zzopen")
    if entry.popularity >= HOT:
        found.add("zzhot")
    return found


def index_words(entry: Indexed) -> str:
    """All tokens of an item, one space between them."""
    found = (
        text_tokens(entry.name, spoken=True) | text_tokens(entry.owner, spoken=False) | filter_tokens(entry)
    )
    for text in entry.texts:
        found |= text_tokens(text, spoken=len(text) <= 30)
    return " ".join(sorted(found))


def _letters(text: str) -> str:
    return re.sub(r"[^a-z0-9]", "", text.lower())


# ---- queries ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Term:
    """One token, or a beginning of tokens."""

    text: str
    prefix: bool = False


@dataclass(frozen=True)
class Any_:
    """At least one of these."""

    parts: tuple["Node", ...]


@dataclass(frozen=True)
class All:
    """Every one of these."""

    parts: tuple["Node", ...]


Node = Term | Any_ | All


def word_node(word: str) -> Node:
    """A Chinese word: pairs that cover it must all occur; a single character may begin any token."""
    if len(word) == 1:
        return Term(word, prefix=True)
    if len(word) == 2:
        return Term(word)
    covering = [*pairs(word)[::2], word[-2:]]
    return All(tuple(Term(pair) for pair in dict.fromkeys(covering)))


def meanings(word: str) -> Node:
    """A word or what officials call it."""
    node = word_node(word)
    official = SYNONYMS.get(word)
    return Any_((node, *(word_node(other) for other in official))) if official else node


def query_words(q: str) -> list[str]:
    """What a query asks for, without the words that say nothing (怎么、办理 …) unless there are no others."""
    found: list[str] = []
    for run in runs(q[:LONGEST_QUERY]):
        found.extend(_chinese_words(run) if _CHINESE.fullmatch(run) else [run[:PINYIN_LENGTH]])
    found = list(dict.fromkeys(found))
    return [w for w in found if w not in STOP] or found


def _chinese_words(run: str) -> list[str]:
    if run in SYNONYMS:
        return [run]
    for known in SYNONYMS:
        if len(known) > 1 and known in run:
            before, after = run.split(known, 1)
            return [*_chinese_words(before), known, *_chinese_words(after)] if before or after else [known]
    return words_of(run)


def query_nodes(q: str) -> list[Node]:
    """One node a word: all should match; when nothing does, some may. A single letter begins too much to be a prefix."""
    return [meanings(w) if _CHINESE.fullmatch(w) else Term(w, prefix=len(w) > 1) for w in query_words(q)]


def filter_nodes(
    *,
    division: str = "",
    ancestors: Iterable[str] = (),
    organisation_id: int | None = None,
    type: str = "",
    audience: str = "",
    only_open: bool = True,
) -> list[Node]:
    """Filters as nodes; ``division`` is a prefix, ``ancestors`` full codes above it whose own items also serve it."""
    found: list[Node] = []
    if only_open:
        found.append(Term("zzopen"))
    if division:
        found.append(
            Any_((Term(f"zzd{_letters(division)}"), *(Term(f"zzx{_letters(a)}") for a in ancestors)))
        )
    if organisation_id is not None:
        found.append(Term(f"zzo{int(organisation_id)}"))
    if type:
        found.append(Term(f"zzt{_letters(type)}"))
    if audience:
        found.append(Term(f"zza{_letters(audience)}"))
    return found


def fts5(node: Node) -> str:
    """A node in the query language of SQLite's FTS5."""
    if isinstance(node, Term):
        return f'"{node.text}"{"*" if node.prefix else ""}'
    word = " OR " if isinstance(node, Any_) else " AND "
    return "(" + word.join(fts5(part) for part in node.parts) + ")"


def tsquery(node: Node) -> str:
    """A node as PostgreSQL tsquery text."""
    if isinstance(node, Term):
        return f"'{node.text}'{':*' if node.prefix else ''}"
    word = " | " if isinstance(node, Any_) else " & "
    return "(" + word.join(tsquery(part) for part in node.parts) + ")"


def matches(node: Node, words: Any) -> bool:
    """Does a set of tokens satisfy a node? The meaning that both engines must share; used by tests."""
    if isinstance(node, Term):
        return any(w.startswith(node.text) for w in words) if node.prefix else node.text in words
    return (any if isinstance(node, Any_) else all)(matches(part, words) for part in node.parts)
