"""What the window's page shows."""

from collections.abc import Mapping
from typing import Any

from django.urls import reverse
from django.utils.safestring import SafeString

from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.items import api as items
from yimen.portals.desk.pages.window_matter import (
    found_items,
    found_things,
    handover_context,
    say_context,
    thing_context,
)
from yimen.portals.desk.window import handing, taking
from yimen.portals.desk.window import mandate as mandates
from yimen.portals.desk.window import sitting as sittings
from yimen.portals.desk.window.clarify import unfit_for
from yimen.portals.desk.window.party import ID_KINDS
from yimen.portals.desk.window.sitting import CHECK, FORM, MATERIALS, MATTER, ORDER, STEPS, Sitting
from yimen.portals.desk.window.things import WAYS, accept_of, missing_of, ways_of
from yimen.portals.desk.work.workspace import place_names


def context_of(sitting: Sitting, errors: Mapping[str, str], said: str) -> dict[str, Any]:
    """Everything the flow's template reads; only the open step's parts are worked out."""
    standards = sitting.standards
    context: dict[str, Any] = {
        "sitting": sitting,
        "who": sitting.who,
        "agent": sitting.agent,
        "standards": standards,
        "errors": errors,
        "said": said,
        "legs": legs_of(sitting),
        "tabs": sittings.open_tabs(sitting.actor),
        "id_kinds": ID_KINDS,
        "gone": sitting.gone,
        "outdated": sitting.outdated,
        "centre": sitting.centre,
        "mandate": mandates.shown(sitting) if sitting.step in (sittings.WHO, CHECK) else {},
        "unfit": unfit_for(
            standards, sitting.who, sitting.undertaking.yet_to_be if sitting.undertaking else frozenset()
        ),
        "nav_current": "desk:window",
    } | say_context(sitting)
    if sitting.step == MATTER:
        q = str(sitting.values.get("q") or "")
        context |= {"found": found_items(sitting, q), "found_things": found_things(sitting, q)}
        context |= thing_context(sitting, with_things=True)
    elif sitting.step == FORM:
        context["form_body"] = rendered_form(sitting, errors)
        context["situation_errors"] = {k[2:]: v for k, v in errors.items() if k.startswith("a-")}
    elif sitting.step == MATERIALS:
        context["rows"] = material_rows(sitting, errors)
    elif sitting.step == CHECK:
        context["check"] = handing.check(sitting)
        context["rows"] = material_rows(sitting, {})
        context["sections"] = forms.present(
            sitting.definition,
            sitting.form,
            sitting.known,
            division_name=place_names(sitting.on),
        )
        context["ways"] = ways = delivery_ways(standards)
        said = str(sitting.values.get("delivery") or "")
        context["delivery"] = said if said in dict(ways) else ways[0][0]
        context |= thing_context(sitting, with_things=False) | handover_context(sitting)
    return context


def legs_of(sitting: Sitting) -> list[dict[str, Any]]:
    """The five steps with how far they are and a line that sums each up."""
    here = ORDER.index(sitting.step) if sitting.step in ORDER else 0
    lines = {
        sittings.WHO: _who_line(sitting),
        MATTER: _matter_line(sitting),
        FORM: "",
        MATERIALS: "",
        CHECK: "",
    }
    if here > ORDER.index(FORM):
        lines[FORM] = "；".join(q.answer for q in sitting.situations if q.answer)
    if here > ORDER.index(MATERIALS):
        taken = sum(sitting.given(thing.key).complete for thing in sitting.things)
        missing = len(missing_of(sitting.things, handing.given_of(sitting)))
        lines[MATERIALS] = f"收到{taken}项" + (f"，缺{missing}项" if missing else "，齐了")
    return [
        {
            "key": key, "label": label, "line": lines[key], "number": n, "previous": n == here,
            "state": "current" if n - 1 == here else "done" if n - 1 < here else "todo",
        }
        for n, (key, label) in enumerate(STEPS, 1)
    ]  # fmt: skip


def _matter_line(sitting: Sitting) -> str:
    if sitting.theme is None:
        return "、".join(s.content.name for s in sitting.standards)
    return f"{sitting.theme.name}（{len(sitting.standards)}个事项）"


def _who_line(sitting: Sitting) -> str:
    who, agent = sitting.who, sitting.agent
    if who is None:
        return ""
    line = f"{who.label} {who.shown_number}"
    return f"{line}，{agent.label}代办" if sitting.by_agent and agent else line


def rendered_form(sitting: Sitting, errors: Mapping[str, str]) -> SafeString:
    """The one form of all items, prefilled."""
    definition = sitting.definition
    needs_places = any(
        (element := definition.element(f.element)) and element.type in ("address", "division")
        for f in definition.fields()
    )
    on = sitting.on
    under = sitting.centre.division.code if sitting.centre else ""
    under = under or (sitting.standards[0].division_code if sitting.standards else "")
    return forms.render_form(
        definition,
        sitting.values.get("form") or {},
        {code: text for code, text in errors.items() if not code.startswith("a-")},
        taking.PREFIX,
        f"{reverse('desk:window')}?s={sitting.key}",
        known=sitting.known,
        divisions=forms.division_choices(f"{under[:6]}000000", on) if needs_places and under else (),
    )


def material_rows(sitting: Sitting, errors: Mapping[str, str]) -> list[dict[str, Any]]:
    """The things asked for with how each is given."""
    uploads = taking.uploads_of(sitting)
    several = len(sitting.standards) > 1
    return [
        {
            "thing": thing,
            "given": (given := sitting.given(thing.key)),
            "files": [uploads[d] for d in given.files if d in uploads],
            "ways": [{"value": way, "label": WAYS[way][0], "key": WAYS[way][1]} for way in ways_of(thing)],
            "how": WAYS[given.how][0],
            "accept": accept_of(thing),
            "error": errors.get(f"m:{thing.key}", ""),
            "note": _note(thing, several=several),
        }
        for thing in sitting.things
    ]


def _note(thing: cases.AskedThing, *, several: bool) -> str:
    """How many, for which items, and what the guide remarks, in one line."""
    whose = f"用于{'、'.join(dict.fromkeys(thing.item_names))}" if several else ""
    return " · ".join(part for part in (thing.amount, whose, *thing.notes) if part)


def delivery_ways(standards: list[items.PublishedStandard]) -> list[tuple[str, str]]:
    """The ways in which every chosen item hands over its result."""
    labels = {"window": "到窗口领取", "courier": "邮寄送达", "electronic": "电子送达"}
    allowed = [set(s.content.delivery) for s in standards]
    common = set.intersection(*allowed) if allowed else set(labels)
    return [(key, label) for key, label in labels.items() if key in (common or labels)]
