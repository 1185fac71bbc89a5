"""A sitting: one person served at a window, from the identity number to the receipt; kept as a sealed draft.

Several sittings of one clerk may be open at once: one is at the counter, the others are held (挂起).
"""

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from typing import Any

from yimen.foundation.orgs import api as orgs
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.items import api as items
from yimen.modules.themes import api as themes
from yimen.portals.desk.grants import CREATE
from yimen.portals.desk.window import matter
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
        values: ``who``, ``agent``, ``items`` (``[code, version, standard id]``), ``theme`` (``[code, version]``; while one is
            chosen the items rest), ``read`` (like ``items``: the standards of the theme that the clerk has read), ``answers``,
            ``form``, ``materials``, ``delivery``, ``together``, ``held``, ``mandate`` (a letter of authority that was taken).
        step: the step that is open.
    """

    key: str
    actor: Actor
    at: datetime
    centre: orgs.Centre | None
    values: dict[str, Any] = field(default_factory=dict)
    step: str = WHO
    found_at: str = WHO
    """The step as it was read: what only keeps words does not undo a step that another request took meanwhile."""
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

    @property
    def on(self) -> date:
        """The day, in China."""
        return self.at.astimezone(CHINA).date()

    @cached_property
    def undertaking(self) -> themes.Undertaking | None:
        """What is to be applied for under everything typed; what may not any more is told in ``gone``."""
        found, self.gone = matter.undertaking_of(self.values, self.on, entity=self.is_entity)
        return found

    @property
    def theme(self) -> themes.PublishedTheme | None:
        return self.undertaking.theme if self.undertaking else None

    @property
    def standards(self) -> list[items.PublishedStandard]:
        """The standards in force of everything that is to be applied for."""
        return list(self.undertaking.standards) if self.undertaking else []

    @property
    def _read(self) -> list[list[Any]]:
        """``[code, version, standard id]`` of what the clerk has read."""
        rows = self.values.get("read" if self.theme else "items")
        return [list(row) for row in rows or ()]

    @property
    def expected(self) -> dict[str, int]:
        """Item code to the version that the clerk has read."""
        return {str(row[0]): int(row[1]) for row in self._read}

    @property
    def outdated(self) -> list[tuple[items.PublishedStandard, items.PublishedStandard]]:
        """(the version the clerk began with, the one in force now) where they differ."""
        began = {str(row[0]): int(row[2]) for row in self._read}
        return [
            (items.pinned(began[s.code]), s)
            for s in self.standards
            if began.get(s.code, s.standard_id) != s.standard_id
        ]

    @property
    def theme_changed(self) -> bool:
        """A newer version of the theme is in force than the one the clerk began with."""
        return self.theme is not None and matter.theme_version(self.values) != self.theme.version

    @cached_property
    def definition(self) -> forms.FormDefinition:
        """The one form of all, without what results of earlier items bring."""
        return self.undertaking.definition if self.undertaking else cases.merged_form(())

    @property
    def awaited(self) -> frozenset[str]:
        """Data elements that results of earlier items bring: nobody can fill them in yet."""
        compiled = self.undertaking.compiled if self.undertaking else None
        return (
            frozenset(element for edge in compiled.edges for element in edge.brings)
            if compiled
            else frozenset()
        )

    @property
    def situations(self) -> list[themes.Question]:
        """The questions of all items, each once; those that decide what joins are asked before."""
        asked = self.undertaking.questions if self.undertaking else ()
        return [question for question in asked if not question.deciding]

    @property
    def answers(self) -> dict[str, Any]:
        """Answers that fit, to all questions, and those that the theme gives itself."""
        return dict(self.undertaking.answers) if self.undertaking else {}

    @property
    def situation_answers(self) -> dict[str, Any]:
        """Those that belong into the application's form."""
        own = {q.code for s in self.standards for q in s.content.situations}
        return {code: answer for code, answer in self.answers.items() if code in own}

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
        return {**self.answers, "today": self.on, "applicant_kind": kind}

    @property
    def decided(self) -> dict[str, Any]:
        """What rules may read: answers and whatever of the form fits already."""
        cleaned, _ = forms.clean_values(self.definition, self.form, self.known)
        return {**forms.facts(self.definition, cleaned), **self.known}

    @cached_property
    def things(self) -> list[cases.AskedThing]:
        """What is to be handed in, each once for all items."""
        return self.undertaking.things(self.decided) if self.undertaking else []

    def given(self, key: str) -> Given:
        held = (self.values.get("materials") or {}).get(key)
        return Given.of(held) if isinstance(held, dict) else Given()

    @property
    def title(self) -> str:
        """What the tab says; masked, because a draft's title is not sealed."""
        who = self.who
        names = self.theme.name if self.theme else "、".join(s.content.name for s in self.standards[:2])
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
        sitting.step = sitting.found_at = kept.step if kept.step in (*ORDER, DONE) else WHO
    return sitting


def keep(sitting: Sitting, changes: Mapping[str, Any]) -> None:
    """Keep changes; an empty value empties its field. The last one to save wins, field by field."""
    latest = forms.load_draft(SUBJECT, sitting.actor, name=sitting.key)
    sitting.values = {**sitting.values, **changes}
    for name in ("undertaking", "definition", "things"):
        sitting.__dict__.pop(name, None)
    forms.save_draft(
        SUBJECT,
        {name: value for name, value in changes.items() if value not in (None, "", {}, [])},
        sitting.actor,
        sitting.at,
        name=sitting.key,
        based_on=latest.revision if latest else 0,
        cleared={name for name, value in changes.items() if value in (None, "", {}, [])},
        step=latest.step if latest and sitting.step == sitting.found_at else sitting.step,
        title=sitting.title,
    )
    sitting.saved, sitting.found_at = True, sitting.step


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
