"""A standard as a reader sees it: the five questions answered, the rest in plain words (pure)."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from yimen.modules.items.content import (
    ITEM_TYPE_LABELS,
    Fee,
    Limit,
    MaterialRequirement,
    ReviewStep,
    StandardContent,
)
from yimen.modules.items.lint import UNCONFIRMED
from yimen.modules.items.wording import (
    AUDIENCE_WORDS,
    BASIS_WORDS,
    CHANNEL_WORDS,
    DELIVERY_WORDS,
    DEPTH_WORDS,
    LEVEL_WORDS,
    MEDIUM_WORDS,
    RESULT_WORDS,
    SOURCE_WORDS,
    limit_words,
)

POST_WORDS = {
    "receiver": "受理岗",
    "reviewer": "审查岗",
    "inspector": "勘验岗",
    "head": "决定岗",
    "certifier": "制证送达岗",
}


@dataclass(frozen=True, kw_only=True)
class MaterialLine:
    """One material for a reader.

    Args:
        how: copies and medium in words.
        spared: how it can be spared, "" when it must be handed in.
        sometimes: only in some situations.
    """

    part: MaterialRequirement
    how: str
    spared: str
    sometimes: bool
    promise: bool = False


@dataclass(frozen=True, kw_only=True)
class StepLine:
    part: ReviewStep
    post: str
    limit: str


@dataclass(frozen=True, kw_only=True)
class Guide:
    """A standard made ready for the page: ``content`` for texts, the rest computed."""

    content: StandardContent
    type_label: str
    level: str
    audience: str
    needed: tuple[MaterialLine, ...]
    spared: tuple[MaterialLine, ...]
    promised: str
    legal: str
    fee: str
    fees: tuple[tuple[Fee, str], ...]
    channels: str
    delivery: str
    depth: str
    visits: str
    steps: tuple[StepLine, ...]
    basis: tuple[tuple[str, str, str], ...] = field(default=())
    results: tuple[tuple[str, str, str], ...] = field(default=())
    procedures: tuple[tuple[str, str, str], ...] = field(default=())


def guide_of(content: StandardContent) -> Guide:
    """Everything that a guide page shows."""
    promised = content.promise.materials if content.promise else ()
    lines = [_material(part, part.code in promised) for part in content.materials]
    return Guide(
        content=content,
        type_label=ITEM_TYPE_LABELS[content.type],
        level=LEVEL_WORDS[content.level],
        audience=_words(content.audience, AUDIENCE_WORDS),
        needed=tuple(line for line in lines if not line.spared),
        spared=tuple(line for line in lines if line.spared),
        promised="当场办结" if content.instant else limit_text(content.promised_limit),
        legal=limit_text(content.legal_limit),
        fee="、".join(f"{fee.name}{_money(fee)}" for fee in content.fees if fee.amount) or "不收费",
        fees=tuple((fee, _money(fee)) for fee in content.fees),
        channels=_words(content.channels, CHANNEL_WORDS),
        delivery=_words(content.delivery, DELIVERY_WORDS),
        depth=DEPTH_WORDS[content.online_depth],
        visits="不用到现场" if not content.visits else f"到现场{content.visits}次",
        steps=tuple(_step(step) for step in content.steps),
        basis=tuple((BASIS_WORDS[b.kind], _law(b.law, b.article), b.text) for b in content.basis),
        results=tuple(
            (r.name, RESULT_WORDS[r.kind], limit_text(r.validity) if r.validity else "")
            for r in content.results
        ),
        procedures=tuple(
            (p.name, limit_text(p.limit) if p.limit else "", p.clause) for p in content.special_procedures
        ),
    )


def limit_text(limit: Limit) -> str:
    """20个工作日; 当场办结; with its note."""
    if limit.note == UNCONFIRMED:
        return UNCONFIRMED
    text = limit_words(limit.amount, limit.unit)
    return f"{text}（{limit.note}）" if limit.note else text


def _words(codes: Iterable[str], words: dict[str, str]) -> str:
    return "、".join(words.get(code, code) for code in codes)


def _money(fee: Fee) -> str:
    amount = f"{fee.amount:.2f}".rstrip("0").rstrip(".")
    return f"{amount}{fee.unit}"


def _law(law: str, article: str) -> str:
    return (law if law.startswith("《") or "〔" in law else f"《{law}》") + article


def _material(part: MaterialRequirement, promise: bool) -> MaterialLine:
    copies = [f"原件{part.originals}份"] if part.originals else []
    copies += [f"复印件{part.copies}份"] if part.copies else []
    ways = [
        f"{SOURCE_WORDS[source.kind]}（{source.name}）" for source in part.sources if source.kind != "promise"
    ]
    return MaterialLine(
        part=part,
        how="，".join([*copies, MEDIUM_WORDS[part.medium]]),
        spared="、".join(ways),
        sometimes=bool(part.required_when.strip()),
        promise=promise or any(source.kind == "promise" for source in part.sources),
    )


def _step(step: ReviewStep) -> StepLine:
    return StepLine(
        part=step,
        post=POST_WORDS.get(step.post, step.post),
        limit=limit_text(step.limit) if step.limit else "",
    )
