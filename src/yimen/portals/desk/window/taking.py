"""Taking in what one post of the window page says: only the open step's own fields are read."""

import re
import time
from collections.abc import Callable
from typing import Any

from django.http import QueryDict

from yimen.foundation.files import api as files
from yimen.foundation.trace import api as trace
from yimen.kernel.errors import Invalid
from yimen.kernel.pacing import Buckets, Pace
from yimen.modules.forms import api as forms
from yimen.portals.desk.window import mandate as mandates
from yimen.portals.desk.window import sitting as sittings
from yimen.portals.desk.window.party import Party, find_party, named, party_of, registered_person
from yimen.portals.desk.window.sitting import Sitting
from yimen.portals.desk.window.things import FILE, LICENCE, NONE, WAYS, ways_of

PREFIX = "v-"
DIGEST = re.compile(r"[0-9a-f]{64}", re.ASCII)
MOST_FILES = 20
LOOKED_UP, LOOK_UPS = Buckets(), Pace(rate=1 / 20, burst=60)
"""A window sees a person every few minutes; who tries numbers sees many."""


def typed(sitting: Sitting, post: QueryDict) -> dict[str, Any]:
    """The values of the open step as typed, for keeping; nothing is refused here."""
    taker = TAKERS.get(str(post.get("has") or ""))
    return taker(sitting, post) if taker else {}


def _who(sitting: Sitting, post: QueryDict) -> dict[str, Any]:
    changes: dict[str, Any] = {
        "number": str(post.get("number") or "")[:40],
        "id_kind": str(post.get("id_kind") or "")[:24],
        "agent_number": str(post.get("agent_number") or "")[:40],
        "by_agent": bool(post.get("by_agent")),
    } | mandates.typed(post, [str(digest) for digest in post.getlist("f:mandate")])
    for role, prefix in (("who", ""), ("agent", "agent_")):
        party = party_of(sitting.values.get(role))
        if party is None:
            continue
        name = str(post.get(f"{prefix}name", party.name) or "")[:200] if not party.known else party.name
        phone = str(post.get(f"{prefix}phone") or "")[:30] or party.phone
        changes[role] = {**party.kept, "name": " ".join(name.split()), "phone": phone}
    return changes


def _matter(sitting: Sitting, post: QueryDict) -> dict[str, Any]:
    changes: dict[str, Any] = {"q": str(post.get("q") or "")[:60]}
    asked = sitting.undertaking.questions if sitting.theme and sitting.undertaking else ()
    said = {q.code: str(post.get(f"a-{q.code}") or "")[:300] for q in asked if q.deciding}
    if any(said.values()):
        kept = sitting.values.get("answers") or {}
        changes["answers"] = {**kept, **{code: answer for code, answer in said.items() if answer}}
    return changes


def _form(sitting: Sitting, post: QueryDict) -> dict[str, Any]:
    asked = {q.code: str(post.get(f"a-{q.code}") or "")[:300] for q in sitting.situations}
    definition = sitting.definition
    cleared = forms.cleared_fields(definition, post, PREFIX)
    kept = {code: value for code, value in (sitting.values.get("form") or {}).items() if code not in cleared}
    others = {c: a for c, a in (sitting.values.get("answers") or {}).items() if c not in asked}
    return {
        "answers": {**others, **{code: value for code, value in asked.items() if value}},
        "form": {**kept, **forms.posted_values(definition, post, PREFIX)},
    }


def _materials(sitting: Sitting, post: QueryDict) -> dict[str, Any]:
    told: dict[str, Any] = {}
    for thing in sitting.things:
        before = sitting.given(thing.key)
        how = str(post.get(f"m:{thing.key}") or NONE)
        digests = [d for d in post.getlist(f"f:{thing.key}") if DIGEST.fullmatch(str(d))][:MOST_FILES]
        licence = str(post.get(f"l:{thing.key}") or "").strip()[:100]
        if digests and how == NONE and before.how == NONE:
            how = FILE
        if how in WAYS and (how != NONE or digests or licence):
            told[thing.key] = {"how": how, "files": digests, "licence": licence}
    return {"materials": told}


def _check(sitting: Sitting, post: QueryDict) -> dict[str, Any]:
    way = str(post.get("delivery") or "window")
    told = {"delivery": way if way in ("window", "courier", "electronic") else "window"}
    together = str(post.get("together") or "")
    return told | ({"together": together} if together in ("yes", "no") else {})


TAKERS: dict[str, Callable[[Sitting, QueryDict], dict[str, Any]]] = {
    sittings.WHO: _who,
    sittings.MATTER: _matter,
    sittings.FORM: _form,
    sittings.MATERIALS: _materials,
    sittings.CHECK: _check,
}


def look_up(sitting: Sitting, role: str) -> dict[str, Any]:
    """Find the applicant or the agent by the number just typed.

    Args:
        role: ``who`` or ``agent``.

    Raises:
        Invalid: the number is wrong; ``fields`` is keyed by the control.
    """
    agent = role == "agent"
    control = "agent_number" if agent else "number"
    number = str(sitting.values.get(control) or "")
    if LOOKED_UP.take(sitting.actor.account_id, LOOK_UPS, time.monotonic()):
        raise Invalid("", fields={control: "短时间内查找的人太多了，请稍等一分钟再查。"})
    kind = "" if agent else str(sitting.values.get("id_kind") or "")
    party = find_party(number, kind, field=control, only_person=agent)
    other = sitting.who if agent else sitting.agent
    if other is not None and (other.kind, other.number) == (party.kind, party.number):
        raise Invalid("", fields={control: "代办人和申请人是同一个人，本人办理不用填代办人。"})
    if (person := registered_person(party)) is not None:
        trace.record_reading(sitting.actor, "person", str(person.pk), "窗口按证件号码查找", sitting.at)
    return {role: party.kept, control: party.number}


def check_who(sitting: Sitting) -> dict[str, Any]:
    """The parties, ready to go on with.

    Raises:
        Invalid: with a sentence beside each field.
    """
    wrong: dict[str, str] = {}
    checked: dict[str, Any] = {}
    roles = [("who", "", "number")] + ([("agent", "agent_", "agent_number")] if sitting.by_agent else [])
    for role, prefix, control in roles:
        party = party_of(sitting.values.get(role))
        shown = "".join(str(sitting.values.get(control) or "").split()).upper()
        if party is None or (shown and shown != party.number):
            wrong[control] = (
                "请输入号码，按回车查找。" if role == "who" else "请输入代办人的身份证号码，按回车查找。"
            )
            continue
        try:
            checked[role] = _named(party, prefix).kept
        except Invalid as error:
            wrong |= error.fields
    wrong |= mandates.problems(sitting)
    if wrong:
        raise Invalid("请先核对申请人。", fields=wrong)
    return checked


def _named(party: Party, prefix: str) -> Party:
    return named(party, party.name, party.phone, prefix)


def check_materials(sitting: Sitting) -> None:
    """Ways that were begun and not finished are told; what is not given at all is not an error (行政许可法第三十二条).

    Raises:
        Invalid: with a sentence beside each thing.
    """
    wrong = {}
    for thing in sitting.things:
        given = sitting.given(thing.key)
        if given.how == FILE and not given.files:
            wrong[f"m:{thing.key}"] = "选了“扫描上传”，还没有文件：请上传，或者改选别的方式。"
        elif given.how == LICENCE and len(given.licence) < 4:
            wrong[f"m:{thing.key}"] = "请填写电子证照的编号。"
        elif given.how not in ways_of(thing):
            wrong[f"m:{thing.key}"] = f"这项材料不能“{WAYS[given.how][0]}”，请改选。"
    if wrong:
        raise Invalid("有的材料还没有收完。", fields=wrong)


def uploads_of(sitting: Sitting) -> dict[str, files.StoredFile]:
    """The files taken so far, by digest, in one statement."""
    held = (sitting.values.get("materials") or {}).values()
    digests = {digest for row in held if isinstance(row, dict) for digest in row.get("files") or ()}
    return files.usable_files(digests, sitting.actor) if digests else {}
