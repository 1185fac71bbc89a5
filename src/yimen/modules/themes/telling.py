"""One thing as REST tells it: plain JSON values."""

from decimal import Decimal
from typing import Any

from yimen.modules.themes.canonical import plain
from yimen.modules.themes.compiling.values import Compiled, Saving
from yimen.modules.themes.queries.composing import Composed
from yimen.modules.themes.queries.published import PublishedTheme, ThemeLine


def line_out(line: ThemeLine) -> dict[str, Any]:
    figures = line.headline
    days = figures.get("promised_days")
    return {
        "code": line.code,
        "version": line.version,
        "name": line.name,
        "summary": line.summary,
        "trade": line.trade,
        "audience": list(line.audience),
        "organisation": line.organisation,
        "organisation_name": line.organisation_name,
        "division": line.division,
        "items": figures.get("items", 0),
        "promised_limit": None if days is None else {"amount": days, "unit": "working_day"},
        "saved": figures.get("saved", {}),
    }


def theme_out(theme: PublishedTheme) -> dict[str, Any]:
    return {
        "code": theme.code,
        "version": theme.version,
        "valid_from": theme.valid_from.isoformat(),
        "digest": theme.digest,
        "organisation": theme.organisation_code,
        "organisation_name": theme.organisation_name,
        "division": theme.division_code,
        **plain(theme.content),
    }


def composed_out(composed: Composed) -> dict[str, Any]:
    questions = [
        {
            "code": q.code,
            "question": q.question,
            "options": list(q.options),
            "asked_by": list(q.asked_by),
            "answer": q.answer,
            "deciding": q.deciding,
        }
        for q in composed.questions
    ]
    return {
        **compiled_out(composed.compiled),
        "questions": questions,
        "theme": composed.theme.code,
        "theme_version": composed.theme.version,
        "undecided": list(composed.undecided),
        "left_out": [one.item for one in composed.left_out],
    }


def compiled_out(compiled: Compiled) -> dict[str, Any]:
    saved = {name: getattr(compiled.saved, name) for name in ("materials", "fields", "visits", "days")}
    return {
        "items": [_item(compiled, n) for n in range(len(compiled.items))],
        "fields": [_plain(field) for field in compiled.fields],
        "questions": [
            {
                "code": one.situation.code,
                "question": one.situation.question,
                "options": list(one.situation.options),
                "asked_by": list(one.asked_by),
                "answer": one.answer,
                "deciding": False,
            }
            for one in compiled.questions
        ],
        "materials": _materials(compiled),
        "conditions": [
            {"text": c.condition.text, "rule": c.condition.rule, "asked_by": list(c.asked_by)}
            for c in compiled.conditions
        ],
        "edges": [
            {
                "from": e.earlier,
                "to": e.later,
                "why": e.why,
                "kind": e.kind,
                "supplies": list(e.supplies),
                "brings": list(e.brings),
                "clause": e.clause,
                "when_failed": e.when_failed,
            }
            for e in compiled.edges
        ],
        "schedule": [
            {"item": r.item, "starts": r.starts, "ends": r.ends, "slack": r.slack, "note": r.note}
            for r in compiled.schedule
        ],
        "critical_path": list(compiled.critical_path),
        "promised_limit": compiled.promised_limit.model_dump(mode="json"),
        "fees": {
            "lines": [
                {"item": line.item, **line.fee.model_dump(mode="json")} for line in compiled.fees.lines
            ],
            "totals": {unit: f"{Decimal(total):.2f}" for unit, total in compiled.fees.totals},
        },
        "saved": {name: saving.saved for name, saving in saved.items()},
        "one_by_one": _figures(saved, "one_by_one"),
        "together": _figures(saved, "together"),
        "conflicts": [_plain(conflict) for conflict in compiled.conflicts],
        "suggestions": [alike.sentence for alike in compiled.suggestions],
        "notes": list(compiled.notes),
        "proof": {
            "complete": compiled.proof.complete,
            "checked": len(compiled.proof.rows),
            "rows": [_plain(row) for row in compiled.proof.rows],
        },
    }


def _figures(saved: dict[str, Saving], which: str) -> dict[str, int]:
    return {name: getattr(saving, which) for name, saving in saved.items()}


def _item(compiled: Compiled, number: int) -> dict[str, Any]:
    standard = compiled.items[number]
    return {
        "code": standard.code,
        "name": standard.content.name,
        "organisation": standard.organisation_code,
        "organisation_name": standard.organisation_name,
        "version": standard.version,
        "promised_limit": standard.content.promised_limit.model_dump(mode="json"),
    }


def _materials(compiled: Compiled) -> list[dict[str, Any]]:
    """Asked and met alike: ``met_by`` is the item whose result it is, null for what is handed in or spared."""
    return [
        {
            "requirement": one.key,
            "name": one.name,
            "asked_by": list(one.asked_by),
            "met_by": one.met_by or None,
            "spared": one.spared or None,
            "to_hand_in": one.to_hand_in,
            "why": one.why,
            "trust": one.trust,
            "originals": one.originals,
            "copies": one.copies,
            "main": one.main,
            "required_when": one.required_when,
            "parts": [{"item": p.item, "requirement": p.requirement.code} for p in one.parts],
        }
        for one in compiled.requirements
    ]


def _plain(value: Any) -> dict[str, Any]:
    return {name: list(part) if isinstance(part, tuple) else part for name, part in vars(value).items()}
