"""An application being filled in: the items, what was typed so far, what each step needs; kept as a sealed draft."""

import hashlib
from collections.abc import Iterable, Mapping, Set
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from yimen.foundation.files import api as files
from yimen.foundation.identity import api as identity
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.items import api as items
from yimen.modules.themes import api as themes

WHO, QUESTIONS, FORM, MATERIALS, CHECK = "who", "questions", "form", "materials", "check"
STEP_LABELS = {
    WHO: "谁来办", QUESTIONS: "说说情况", FORM: "填申请表", MATERIALS: "交材料", CHECK: "核对提交",
}  # fmt: skip
SUBJECT_PREFIX = "apply:"
ITEMS, STANDARDS, APPLICANT, PREFILLED, SEEN = "_items", "_standards", "_applicant", "_prefilled", "_seen"
DELIVERY, CENTRE = "_delivery", "_centre"
THEME, THEME_VERSION, TOGETHER = "_theme", "_theme_version", "_together"
ME = "me"
FILE, LICENCE, PROMISE, OWED = "file", "licence", "promise", "owed"
"""How one thing may be given."""


@dataclass(frozen=True, kw_only=True)
class Given:
    """How one asked thing is given so far.

    Args:
        how: one of the ways of ``requirements``, ``none`` when nothing was chosen.
        files: digests of uploads.
        licence: number of an electronic licence.
    """

    how: str = "none"
    files: tuple[str, ...] = ()
    licence: str = ""

    @property
    def complete(self) -> bool:
        if self.how == "file":
            return bool(self.files)
        return bool(self.licence) if self.how == "licence" else self.how in ("promise", "owed")


@dataclass(kw_only=True)
class Filling:
    """One person's application in the making.

    Args:
        undertaking: what is applied for: the items, or the theme composed under the answers so far.
        values: everything typed, by element code; keys that begin with ``_`` are the page's own.
        draft: id of the kept draft, ``None`` before the first saving.
        revision: how far the draft had been saved when it was read.
        said: answers that the address brought, until the first saving.
    """

    actor: Actor
    at: datetime
    undertaking: themes.Undertaking
    values: dict[str, Any] = field(default_factory=dict)
    draft: int | None = None
    step: str = ""
    revision: int = 0
    said: Mapping[str, str] = field(default_factory=dict)
    _codes: dict[int, str] = field(default_factory=dict)

    @property
    def standards(self) -> tuple[items.PublishedStandard, ...]:
        """In force now, in the order asked."""
        return self.undertaking.standards

    @property
    def theme(self) -> themes.PublishedTheme | None:
        return self.undertaking.theme

    @property
    def codes(self) -> list[str]:
        return [standard.code for standard in self.standards]

    @property
    def subject(self) -> str:
        return subject_of_theme(self.theme.code) if self.theme else subject_of(self.codes)

    @property
    def title(self) -> str:
        if self.theme:
            return self.theme.name
        return "、".join(standard.content.name for standard in self.standards)

    @property
    def query(self) -> str:
        """The address of this application in the making, after the question mark."""
        if self.theme:
            fresh = self.said if self.draft is None else {}
            return urlencode([("theme", self.theme.code), *((f"a-{k}", v) for k, v in fresh.items())])
        return "&".join(f"item={code}" for code in self.codes)

    @property
    def situations(self) -> tuple[themes.Question, ...]:
        """The questions of the theme and of all items, each once."""
        return self.undertaking.questions

    @property
    def definition(self) -> forms.FormDefinition:
        return self.undertaking.definition

    @property
    def steps(self) -> list[str]:
        """The steps that have something to ask."""
        steps = [WHO]
        if self.situations:
            steps.append(QUESTIONS)
        if any(True for _ in self.definition.fields()):
            steps.append(FORM)
        if any(standard.content.materials for standard in self.standards):
            steps.append(MATERIALS)
        return [*steps, CHECK]

    def after(self, step: str) -> str:
        steps = self.steps
        return steps[min(steps.index(step) + 1, len(steps) - 1)] if step in steps else steps[0]

    def before(self, step: str) -> str:
        steps = self.steps
        return steps[max(steps.index(step) - 1, 0)] if step in steps else ""

    @property
    def answers(self) -> Mapping[str, Any]:
        """Answers that fit an option, and those that the theme gives itself."""
        return self.undertaking.answers

    @property
    def known(self) -> dict[str, Any]:
        """What the form's rules may read beside the form: as when it is handed in."""
        entity = str(self.values.get(APPLICANT) or "").startswith("entity:")
        day = self.at.astimezone(CHINA).date()
        return {**self.answers, "today": day, "applicant_kind": "entity" if entity else "person"}

    @property
    def form_values(self) -> dict[str, Any]:
        own = {one.element for one in self.definition.fields()}
        return {code: value for code, value in self.values.items() if code in own}

    @property
    def decided(self) -> dict[str, Any]:
        """What rules over answers and form may read: everything typed that fits."""
        cleaned, _ = forms.clean_values(self.definition, self.form_values, self.known)
        return {**forms.facts(self.definition, cleaned), **self.known}

    def asked(self) -> tuple[list[cases.AskedThing], list[str]]:
        """What these answers ask for, and the names of what of the guides they do not."""
        decided = self.decided
        return self.undertaking.things(decided), cases.not_needed(self.standards, decided)

    def given(self, key: str) -> Given:
        held = self.values.get(material_name(key))
        if not isinstance(held, dict):
            return Given()
        return Given(
            how=str(held.get("how") or "none"),
            files=tuple(str(digest) for digest in held.get("files") or ()),
            licence=str(held.get("licence") or ""),
        )

    def entity_code(self, key: int) -> str:
        """The credit code of the enterprise that applies, read once."""
        if key not in self._codes:
            found = identity.LegalEntity.objects.filter(pk=key).values_list("uscc", flat=True).first()
            self._codes[key] = found or ""
        return self._codes[key]

    @property
    def pinned_versions(self) -> dict[str, int]:
        """The version of each standard that the person has read."""
        held = self.values.get(STANDARDS)
        return {code: int(pair[0]) for code, pair in held.items()} if isinstance(held, dict) else {}

    def outdated(self) -> list[tuple[items.PublishedStandard, items.PublishedStandard]]:
        """(the version read, the version in force) where they differ."""
        held = self.values.get(STANDARDS)
        if not isinstance(held, dict):
            return []
        return [
            (items.pinned(int(held[s.code][1])), s)
            for s in self.standards
            if s.code in held and int(held[s.code][1]) != s.standard_id
        ]

    @property
    def read_now(self) -> dict[str, list[int]]:
        return {s.code: [s.version, s.standard_id] for s in self.standards}


def material_name(key: str) -> str:
    return f"_m:{key}"


def subject_of(codes: Iterable[str]) -> str:
    """The draft's subject for a set of items, whatever their order."""
    text = SUBJECT_PREFIX + "+".join(sorted(codes))
    if len(text) <= 120:
        return text
    return SUBJECT_PREFIX + hashlib.sha256(text.encode()).hexdigest()


def subject_of_theme(code: str) -> str:
    """The draft's subject for a theme, whatever joins it."""
    return f"{SUBJECT_PREFIX}theme:{code}"


def load(codes: Iterable[str], actor: Actor, at: datetime) -> Filling:
    """The application in the making for these items, as kept so far.

    Args:
        codes: codes or short names of items.

    Raises:
        NotFound, NotPossible: an item is unknown, suspended, not published; ``fields`` holds code to sentence.
    """
    on = at.astimezone(CHINA).date()
    bare = themes.undertake_items(list(codes), {}, on)
    filling = Filling(actor=actor, at=at, undertaking=bare)
    if _take_up_draft(filling):
        filling.undertaking = themes.undertake_standards(filling.standards, filling.values, on)
    return filling


def load_theme(code: str, actor: Actor, at: datetime, said: Mapping[str, str] | None = None) -> Filling:
    """The application in the making for a theme, as kept so far.

    Args:
        said: answers given on the theme's own page; a kept draft's answers stand behind them.

    Raises:
        NotFound, NotPossible: the theme, or an item that joins it, may not be applied for.
    """
    on = at.astimezone(CHINA).date()
    kept = forms.load_draft(subject_of_theme(code), actor)
    values = {**(kept.values if kept else {}), **(said or {})}
    kind, _, key = str(values.get(APPLICANT) or ME).partition(":")
    kind = "entity" if kind == "entity" else "person"
    known = themes.known_of(actor, on, kind=kind, key=int(key) if key.isdecimal() and len(key) < 19 else None)
    undertaking = themes.undertake_theme(code, values, on, known)
    filling = Filling(actor=actor, at=at, undertaking=undertaking, values=values, said=dict(said or {}))
    if kept is not None:
        filling.draft, filling.step, filling.revision = kept.id, kept.step, kept.revision
    return filling


def _take_up_draft(filling: Filling) -> bool:
    kept = forms.load_draft(filling.subject, filling.actor)
    if kept is not None:
        filling.values, filling.draft, filling.step = dict(kept.values), kept.id, kept.step
        filling.revision = kept.revision
    return kept is not None


def save(
    filling: Filling,
    values: Mapping[str, Any],
    *,
    cleared: Set[str] = frozenset(),
    step: str = "",
    device: str = "",
    seen: int | None = None,
) -> forms.SavedDraft:
    """Keep what was typed; the standards' versions are noted with the first saving.

    Args:
        seen: the revision that the page knows (``devices.seen_by``); what another device wrote later is not undone by fields
            that this page left as they were. ``None`` = the page knows the latest.
    """
    kept = {**(filling.said if filling.draft is None else {}), **values}
    if STANDARDS not in filling.values:
        kept[STANDARDS] = filling.read_now
    kept[ITEMS] = filling.codes
    if filling.theme:
        kept[THEME] = filling.theme.code
        kept.setdefault(THEME_VERSION, filling.values.get(THEME_VERSION, filling.theme.version))
    latest = forms.load_draft(filling.subject, filling.actor)
    saved = forms.save_draft(
        filling.subject,
        kept,
        filling.actor,
        filling.at,
        based_on=seen if seen is not None and latest else latest.revision if latest else 0,
        cleared=cleared,
        step=step,
        title=filling.title,
        device=device,
    )
    filling.draft, filling.step, filling.revision = saved.id, step or filling.step, saved.revision
    filling.values = {k: v for k, v in {**filling.values, **kept}.items() if k not in cleared}
    return saved


def uploads_of(filling: Filling) -> dict[str, files.StoredFile]:
    """The files of this draft that still are the person's to use, by digest, in one statement."""
    digests = {
        digest
        for name, held in filling.values.items()
        if name.startswith("_m:") and isinstance(held, dict)
        for digest in held.get("files") or ()
    }
    return files.usable_files(digests, filling.actor) if digests else {}
