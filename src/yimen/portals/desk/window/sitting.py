"""A sitting: one person served at a window, from the identity number to the receipt; kept as a sealed draft.

Several sittings of one clerk may be open at once: one is at the counter, the others are held (挂起).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Any

from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Refusal
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.items import api as items
from yimen.modules.items.content import Situation
from yimen.portals.desk.grants import CREATE
from yimen.portals.desk.window.party import Party, party_of
from yimen.portals.desk.window.things import Given

SUBJECT = "desk.window"
WHO, MATTER, FORM, MATERIALS, CHECK = "who", "matter", "form", "materials", "check"
STEPS = (
    (WHO, "谁来办"), (MATTER, "办什么"), (FORM, "情况与申请表"), (MATERIALS, "收材料"), (CHECK, "核对收件"),
)  # fmt: skip
ORDER = [key for key, _ in STEPS]
DONE = "done"
MOST_ITEMS = 30


@dataclass(kw_only=True)
class Sitting:
    """What one draft holds, opened.

    Args:
        key: tells the clerk's sittings apart; stands in the address.
        values: ``who``, ``agent``, ``items`` (``[code, version, standard id]``), ``answers``, ``form``, ``materials``,
            ``delivery``, ``held``, ``mandate`` (a letter of authority that was taken).
        step: the step that is open.
    """

    key: str
    actor: Actor
    at: datetime
    centre: orgs.Centre | None
    values: dict[str, Any] = field(default_factory=dict)
    step: str = WHO
    saved: bool = False
    told: str = ""
    """What the clerk is told besides the receipt."""
    gone: dict[str, str] = field(default_factory=dict)
    """Items that cannot be applied for any more: code to sentence."""

    @property
    def who(self) -> Party | None:
        return party_of(self.values.get("who"))

    @property
    def agent(self) -> Party | None:
        return party_of(self.values.get("agent"))

    @property
    def by_agent(self) -> bool:
        """Somebody stands in for the applicant; for an entity somebody always does."""
        who = self.who
        return bool(self.values.get("by_agent")) or (who is not None and who.kind == "entity")

    @property
    def who_ready(self) -> bool:
        who, agent = self.who, self.agent
        if who is None or not who.ready:
            return False
        return not self.by_agent or (agent is not None and agent.ready)

    @cached_property
    def standards(self) -> list[items.PublishedStandard]:
        """The standards in force of the chosen items; what is gone is told in ``gone``."""
        codes = [str(row[0]) for row in self.values.get("items") or ()]
        if not codes:
            return []
        day = self.at.astimezone(CHINA).date()
        try:
            found = items.open_items(codes, day)
        except Refusal as refusal:
            self.gone = {code: said for code, said in refusal.fields.items() if code in codes}
            left = [code for code in codes if code not in self.gone]
            found = items.open_items(left, day) if left else {}
        return list({s.code: s for s in found.values()}.values())

    @property
    def outdated(self) -> list[tuple[items.PublishedStandard, items.PublishedStandard]]:
        """(the version the clerk began with, the one in force now) where they differ."""
        began = {str(row[0]): int(row[2]) for row in self.values.get("items") or ()}
        return [
            (items.pinned(began[s.code]), s)
            for s in self.standards
            if began.get(s.code, s.standard_id) != s.standard_id
        ]

    @cached_property
    def definition(self) -> forms.FormDefinition:
        return cases.merged_form(tuple(s.standard_id for s in self.standards))

    @cached_property
    def situations(self) -> list[Situation]:
        """The questions of all items, each once."""
        return list({q.code: q for s in self.standards for q in s.content.situations}.values())

    @property
    def answers(self) -> dict[str, Any]:
        given = self.values.get("answers") or {}
        return {q.code: given[q.code] for q in self.situations if given.get(q.code) in q.options}

    @property
    def form(self) -> dict[str, Any]:
        own = {f.element for f in self.definition.fields()}
        return {code: value for code, value in (self.values.get("form") or {}).items() if code in own}

    @property
    def is_entity(self) -> bool:
        who = self.who
        return who is not None and who.kind == "entity"

    @property
    def known(self) -> dict[str, Any]:
        """Facts beside the form."""
        kind = "entity" if self.is_entity else "person"
        return {**self.answers, "today": self.at.astimezone(CHINA).date(), "applicant_kind": kind}

    @property
    def decided(self) -> dict[str, Any]:
        """What rules may read: answers and whatever of the form fits already."""
        cleaned, _ = forms.clean_values(self.definition, self.form, self.known)
        return {**forms.facts(self.definition, cleaned), **self.known}

    @cached_property
    def things(self) -> list[cases.AskedThing]:
        """What is to be handed in, each once for all items."""
        return cases.asked_things(self.standards, self.decided)

    def given(self, key: str) -> Given:
        held = (self.values.get("materials") or {}).get(key)
        return Given.of(held) if isinstance(held, dict) else Given()

    @property
    def title(self) -> str:
        """What the tab says; masked, because a draft's title is not sealed."""
        who = self.who
        names = "、".join(s.content.name for s in self.standards[:2])
        return " · ".join(part for part in (who.label if who else "", names) if part)[:60] or "新的一位"


def centre_of(actor: Actor) -> orgs.Centre | None:
    """The centre at whose window the actor sits; ``None`` for somebody who may receive anywhere."""
    for scope in actor.scopes(CREATE):
        if scope.centre_id is not None:
            return orgs.Centre.objects.select_related("division").get(pk=scope.centre_id)
    return None


def new_key() -> str:
    return secrets.token_hex(6)


def load(key: str, actor: Actor, at: datetime) -> Sitting:
    """A sitting as kept; an unknown key is a fresh one."""
    sitting = Sitting(key=key, actor=actor, at=at, centre=centre_of(actor))
    kept = forms.load_draft(SUBJECT, actor, name=key)
    if kept is not None:
        sitting.values, sitting.saved = dict(kept.values), True
        sitting.step = kept.step if kept.step in (*ORDER, DONE) else WHO
    return sitting


def keep(sitting: Sitting, changes: Mapping[str, Any]) -> None:
    """Keep changes; an empty value empties its field. The last one to save wins, field by field."""
    latest = forms.load_draft(SUBJECT, sitting.actor, name=sitting.key)
    sitting.values = {**sitting.values, **changes}
    for name in ("standards", "definition", "situations", "things"):
        sitting.__dict__.pop(name, None)
    forms.save_draft(
        SUBJECT,
        {name: value for name, value in changes.items() if value not in (None, "", {}, [])},
        sitting.actor,
        sitting.at,
        name=sitting.key,
        based_on=latest.revision if latest else 0,
        cleared={name for name, value in changes.items() if value in (None, "", {}, [])},
        step=sitting.step,
        title=sitting.title,
    )
    sitting.saved = True


def finish(sitting: Sitting, number: str) -> None:
    """Forget what was typed; only the application's number stays for a while, so that a second click finds it."""
    forms.discard_drafts_about(SUBJECT, sitting.actor, name=sitting.key)
    for old in forms.drafts_visible_to(sitting.actor).filter(subject=SUBJECT, step=DONE):
        forms.discard_draft(old.pk, sitting.actor)
    forms.save_draft(
        SUBJECT, {"number": number}, sitting.actor, sitting.at, name=sitting.key, step=DONE, title=number
    )


@dataclass(frozen=True, kw_only=True)
class Tab:
    """One open sitting in the row of tabs."""

    key: str
    title: str
    at: datetime


def open_tabs(actor: Actor) -> list[Tab]:
    """The clerk's sittings that are not finished, in the order in which they were last touched."""
    rows = forms.drafts_visible_to(actor).filter(subject=SUBJECT).exclude(step=DONE)
    return [Tab(key=row.name, title=row.title or "新的一位", at=row.updated_at) for row in rows[:20]]
