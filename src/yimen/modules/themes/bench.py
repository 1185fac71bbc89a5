"""Measurement: a theme of twenty items compiled and proven, and the same remembered. Touches no store."""

import statistics
from collections.abc import Callable
from datetime import date
from time import perf_counter
from typing import Any

from yimen.modules.forms.definition import FormDefinition, FormField, FormSection
from yimen.modules.items.api import PublishedStandard
from yimen.modules.items.content import (
    Condition,
    ItemResult,
    ItemType,
    Limit,
    MaterialRequirement,
    Situation,
    Source,
    StandardContent,
)
from yimen.modules.themes.compiling.compiler import NOTHING, compile_standards
from yimen.modules.themes.compiling.proof import prove
from yimen.modules.themes.content import ThemeContent
from yimen.modules.themes.queries.remembering import compiled

ITEMS, ROUNDS, SPAN = 20, 30, 5
ELEMENTS = (
    "applicant_name", "applicant_id_number", "applicant_phone", "applicant_home_address", "entity_name", "entity_uscc",
    "registered_address", "legal_representative_name", "contact_name", "contact_phone", "premises_name", "premises_address",
    "premises_area", "employee_count", "agent_name", "agent_phone", "bank_name", "bank_account_number",
)  # fmt: skip
SHARED = ("营业执照", "申请人居民身份证", "经营场所使用权证明", "授权委托书")


def bench(items: int = ITEMS, rounds: int = ROUNDS) -> dict[str, Any]:
    """Milliseconds to compile a theme with its proof, to prove it again, and to find it remembered; median and 95th percentile.

    Args:
        items: how many standards, each with 12 fields and 8 materials, five in a row by their results.
        rounds: how often each is measured.
    """
    made = [_standard(n) for n in range(items)]
    answers = {"handled_by": "本人"}
    whole = compile_standards(made, answers)
    if not whole.proof.complete:
        raise SystemExit("the proof of the measured theme is not complete")
    content = ThemeContent(name="测量")
    compiled(content, made, answers, NOTHING)
    return {
        "items": items,
        "fields": f"{whole.saved.fields.one_by_one} → {whole.saved.fields.together}",
        "materials": f"{whole.saved.materials.one_by_one} → {whole.saved.materials.together}",
        "edges": len(whole.edges),
        "proof_rows": len(whole.proof.rows),
        **_times("compile_and_prove", rounds, lambda: compile_standards(made, answers)),
        **_times("prove", rounds, lambda: prove(whole, answers, NOTHING)),
        **_times("remembered", rounds, lambda: compiled(content, made, answers, NOTHING)),
    }


def _times(name: str, rounds: int, run: Callable[[], object]) -> dict[str, float]:
    times = []
    for _ in range(rounds):
        begun = perf_counter()
        run()
        times.append((perf_counter() - begun) * 1000)
    times.sort()
    return {
        f"{name}_ms": round(statistics.median(times), 2),
        f"{name}_p95_ms": round(times[int(len(times) * 0.95)], 2),
    }


def _standard(number: int) -> PublishedStandard:
    content = _content(number)
    return PublishedStandard(
        standard_id=-1 - number,
        item_id=-1 - number,
        code=f"BENCH-{number:04d}",
        slug=f"bench-{number}",
        name=content.name,
        type=content.type,
        version=1,
        content=content,
        digest=f"bench-{number}",
        organisation_id=-1,
        organisation_code=f"bench-{number % 7}",
        organisation_name=f"第{number % 7}局",
        division_id=-1,
        division_code="449901000000",
        division_name="测量区",
        valid_from=date(2026, 1, 1),
        valid_to=None,
    )


def _content(number: int) -> StandardContent:
    by_agent = "handled_by = '委托他人'"
    chosen = [ELEMENTS[(number * 5 + n) % len(ELEMENTS)] for n in range(12)]
    fields = tuple(
        FormField(element=element, required=n % 3 == 0, when=by_agent if element.startswith("agent") else "")
        for n, element in enumerate(chosen)
    )
    return StandardContent(
        name=f"测量事项{number}",
        type=ItemType.PERMIT,
        audience=("enterprise",),
        conditions=(Condition(text=f"第{number}项条件"),),
        situations=(Situation(code="handled_by", question="由谁办理？", options=("本人", "委托他人")),),
        materials=_materials(number, by_agent),
        form=FormDefinition(title="申请表", sections=(FormSection(title="基本信息", fields=fields),)),
        legal_limit=Limit(amount=20),
        promised_limit=Limit(amount=2 + number % SPAN),
        results=(ItemResult(name=f"测量证书{number}", kind="licence"),),
    )


def _materials(number: int, by_agent: str) -> tuple[MaterialRequirement, ...]:
    shared = [
        MaterialRequirement(
            code=f"shared{n}",
            name=name,
            trust="A",
            required_when=by_agent if name == "授权委托书" else "",
            sources=(Source(kind="licence", name=name.removeprefix("申请人")),),
        )
        for n, name in enumerate(SHARED)
    ]
    own = [MaterialRequirement(code=f"own{n}", name=f"事项{number}的材料{n}") for n in range(3)]
    # Five in a row wait for each other's results, as the items of a life event do.
    before = number - 1 if number % SPAN else number
    waits = MaterialRequirement(code="before", name=f"测量证书{before}" if number % SPAN else f"证明{number}")
    return (*shared, *own, waits)
