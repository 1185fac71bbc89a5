"""What the pages show of a content: findings, the compiled thing, its chart."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid
from yimen.modules.themes.canonical import parse_content
from yimen.modules.themes.charting import chart
from yimen.modules.themes.compiling.proof import SPARED_WORDS
from yimen.modules.themes.compiling.values import Compiled
from yimen.modules.themes.queries.checking import check_content
from yimen.modules.themes.queries.work import names_called

NAV = "themes_console:list"
HOW_WORDS = {
    "kept": "保留",
    "merged": "合并",
    "met": "由结果代替",
    "spared": "免提交",
    "answered": "已定",
    "not_needed": "按回答不需要",
}
KIND_WORDS = {
    "field": "填写项",
    "material": "材料",
    "condition": "受理条件",
    "question": "情形",
    "fee": "收费",
    "edge": "先后",
    "limit": "期限",
}


def today() -> Any:
    return now().astimezone(CHINA).date()


def preview_of(data: Any) -> dict[str, Any]:
    """Everything that stands beside the form: what is wrong, and the thing that the content makes."""
    try:
        content = parse_content(data)
    except Invalid as refusal:
        return {"missing": refusal.fields, "checked": None, "compiled": None}
    checked = check_content(content, today())
    shown = shown_of(checked.compiled) if checked.compiled else {"compiled": None}
    return {"missing": {}, "checked": checked, **shown}


def shown_of(compiled: Compiled) -> dict[str, Any]:
    """A compiled thing for ``_compiled.html``."""
    names = {standard.code: standard.content.name for standard in compiled.items}
    slugs = {standard.code: standard.slug or standard.code for standard in compiled.items}
    saved = compiled.saved
    return {
        "compiled": compiled,
        "chart": chart(compiled),
        "names": names,
        "savings": [
            ("要交的材料", saved.materials, "份"),
            ("要填的内容", saved.fields, "项"),
            ("要跑的次数", saved.visits, "次"),
            ("承诺办结", saved.days, "个工作日"),
        ],
        "materials": [
            {
                "one": one,
                "asked_by": [names[code] for code in one.asked_by],
                "met_by": names.get(one.met_by, ""),
                "spared": SPARED_WORDS.get(one.spared, ""),
                "references": [f"{slugs[part.item]}/{part.requirement.code}" for part in one.parts],
            }
            for one in compiled.requirements
        ],
        "fields": [
            {
                "one": one,
                "asked_by": [names[code] for code in one.asked_by],
                "met_by": names.get(one.met_by, ""),
            }
            for one in compiled.fields
        ],
        "suggestions": [
            {"sentence": one.sentence, "references": "|".join(f"{slugs[i]}/{r}" for i, r in one.references)}
            for one in compiled.suggestions
        ],
        "waits": [(names[e.earlier], names[e.later], e) for e in compiled.edges],
        "critical": [names[code] for code in compiled.critical_path],
        "proof_counts": Counter(row.how for row in compiled.proof.rows),
        "how_words": HOW_WORDS,
    }


def names_of(data: Mapping[str, Any]) -> dict[str, str]:
    """The names of the items in a content, by whatever it calls them: one statement."""
    called = [str(row.get("item", "")) for row in data.get("members") or () if isinstance(row, Mapping)]
    return names_called(called)
