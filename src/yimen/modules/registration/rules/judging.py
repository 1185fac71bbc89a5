"""When a name stands too near another one of its registry, and the whole answer about a name (企业名称登记管理规定第十六条、第十七条)."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from yimen.modules.registration.rules import lookalikes
from yimen.modules.registration.rules.names import Finding, NameParts, composition, forbidden_in
from yimen.modules.registration.states import EntityKind as K


@dataclass(frozen=True, kw_only=True)
class Verdict:
    """The answer: ``ok``, ``similar`` (may be registered upon a promise) or ``refused``."""

    parts: NameParts
    findings: tuple[Finding, ...] = field(default=())

    @property
    def outcome(self) -> str:
        if any(finding.refuses for finding in self.findings):
            return "refused"
        return "similar" if self.findings else "ok"


@dataclass(frozen=True, kw_only=True)
class Held:
    """A name that somebody holds in the same registry: registered, reserved, or given up less than a year ago."""

    name: str
    brand: str
    trade: str
    trade_code: str
    why: str = "已经登记"


def same_trade(mine: NameParts, other: Held) -> bool:
    """Of one trade, or one of them states none (规定第十七条第一款)."""
    if not mine.trade or not other.trade:
        return True
    if mine.trade_code and other.trade_code:
        return mine.trade_code == other.trade_code
    return mine.trade == other.trade


def nearness(mine: NameParts, other: Held) -> Finding | None:
    """How near a held name of the same registry stands: the same, the same trade name in one trade, or a twin of it."""
    clause = "企业名称登记管理规定第十七条"
    if mine.whole == other.name:
        return Finding(
            kind="identical", refuses=True, clause=clause, other=other.name,
            sentence=f"“{other.name}”{other.why}，名称完全相同。", would_pass="换一个字号。",
        )  # fmt: skip
    if not mine.brand or not same_trade(mine, other):
        return None
    if mine.brand == other.brand:
        return Finding(
            kind="same_brand", refuses=True, clause=clause, other=other.name,
            sentence=f"字号“{mine.brand}”与{other.why}的“{other.name}”相同，又是同一行业（或者没有写行业）。",
            would_pass="换一个字号；有投资关系的，请到窗口提交证明。",
        )  # fmt: skip
    told = lookalikes.difference(mine.brand, other.brand)
    if not told:
        return None
    sounds = lookalikes.sound_of(mine.brand) == lookalikes.sound_of(other.brand)
    return Finding(
        kind="sounds_alike" if sounds else "looks_alike", refuses=False, other=other.name,
        clause="企业名称登记管理规定第十六条第二款",
        sentence=f"字号“{mine.brand}”与{other.why}的“{other.name}”近似：{told}。",
        would_pass="换一个字号更稳妥；坚持使用的，要承诺因名称近似侵犯他人权益时依法承担责任。",
    )  # fmt: skip


def judge(
    parts: NameParts, kind: str, held: Sequence[Held], parent: str = "", *, county_alone: bool = False
) -> Verdict:
    """The whole answer about a name, worst first.

    Args:
        held: names of the same registry that may be too near, found by index.
    """
    found = [
        *composition(parts, kind, parent, county_alone=county_alone),
        *forbidden_in(parts.whole.removeprefix(parts.place)),
    ]
    if (
        kind == K.BRANCH
    ):  # a branch carries its enterprise's trade name by law; only the very same name is taken
        held = [other for other in held if other.name == parts.whole]
    near = [finding for other in held if (finding := nearness(parts, other))]
    order = {"identical": 0, "same_brand": 1, "sounds_alike": 2, "looks_alike": 3}
    near.sort(key=lambda finding: (order[finding.kind], finding.other))
    return Verdict(parts=parts, findings=(*found, *near[:10]))
