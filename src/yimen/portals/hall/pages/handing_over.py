"""One request for a correction or a supply: what is wanted, what came, what stands on the page, what is kept meanwhile."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from yimen.foundation.files import api as files
from yimen.foundation.files.rest import refused_upload
from yimen.kernel.access import actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotPossible, Refusal
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.items.content import MaterialRequirement
from yimen.portals.hall import devices, supplies
from yimen.portals.hall.devices import Elsewhere
from yimen.portals.hall.filling import material_name
from yimen.portals.hall.pages.apply.helping import kept_answer
from yimen.portals.hall.pages.uploads import accept_attribute, accept_words, taken_in, wrong_kind

FORM = "form"
MATERIAL = material_name("")
TITLES = {"correct": "补正", "supply": "补交材料"}


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One thing that is wanted.

    Args:
        code: requirement code, or ``form``.
        reason: what the notice says is missing or wrong.
        targets: (item code, requirement code) it stands for, where one paper serves several departments.
    """

    code: str
    name: str
    reason: str
    requirement: MaterialRequirement | None
    targets: tuple[cases.Reference, ...] = ()


def accept_of(one: Wanted) -> set[str]:
    """The kinds of file taken for one thing; a requirement gone from the standard takes the usual ones."""
    return {str(kind) for kind in one.requirement.accept} if one.requirement else {"pdf", "image"}


class Handing:
    """One request for one case: what is wanted, what came, what stands on the page."""

    def __init__(
        self, request: HttpRequest, case: cases.Case, act: str, wanted: Sequence[Wanted], until: str
    ) -> None:
        self.request, self.case, self.act, self.wanted, self.until = request, case, act, wanted, until
        self.actor: Actor = actor_of_request(request)
        self.at = now()
        self.errors: dict[str, str] = {}
        self.codes = [one.code for one in wanted if one.code != FORM]
        title = f"{case.published.content.name}：{TITLES[act]}"
        self.begun = supplies.load(act, case.number, title, self.codes, self.actor)
        self.device = devices.device_of_page(request)
        self.page_knows = self.begun.revision
        self.elsewhere: list[Elsewhere] = []

    def is_open(self) -> bool:
        return self.act in cases.possible_acts(self.case, self.actor) and bool(self.wanted)

    def answer(self) -> HttpResponse:
        if not self.is_open():
            messages.info(self.request, _("现在没有要补的材料，最新情况见下面。"))
            return redirect("hall:case", number=self.case.number)
        return self.page() if self.request.method == "GET" else self.post()

    def keep_quietly(self) -> HttpResponse:
        if not self.is_open():
            return HttpResponse(status=204)
        try:
            self.take()
            self.keep(choices=False)
        except Refusal as refusal:
            return JsonResponse({"message": refusal.message}, status=409)
        return kept_answer(self.request, self.begun.revision, self.elsewhere)

    @property
    def has_form(self) -> bool:
        return any(one.code == FORM for one in self.wanted)

    @cached_property
    def standards(self) -> list[Any]:
        """Of the cases that the actor may know of: the form asks for nothing of the others."""
        rows = cases.own_cases(self.actor).filter(application_id=self.case.application_id).order_by("id")
        return [row.published for row in rows]

    def definition(self) -> forms.FormDefinition:
        return cases.merged_form(tuple(s.standard_id for s in self.standards))

    def post(self) -> HttpResponse:
        redraw = self.take()
        try:
            self.keep()
        except Refusal as refusal:
            self.errors.setdefault("", refusal.message)
        if not self.request.POST.get("partial"):
            self.tell_missing()
        again = redraw or bool(self.request.POST.get("_remove")) or self.request.POST.get("_go") == "stay"
        if self.elsewhere or self.errors or again:
            return self.page(409 if self.elsewhere else 200 if again else 422)
        payload: dict[str, Any] = {"materials": self.materials()}
        if self.has_form:
            payload["form"] = self.begun.merged_form(self.case.application.form)
        return self.perform(payload)

    def take(self) -> bool:
        """Take in what the post brings; was it only to redraw the form?"""
        for one in self.wanted:
            if one.code != FORM:
                self.take_files(one)
        if refusal := refused_upload(self.request):
            self.errors[""] = refusal.message
        if not self.has_form:
            return False
        definition, post = self.definition(), self.request.POST
        self.begun.form = forms.posted_values(definition, post)
        self.begun.emptied = forms.cleared_fields(definition, post)
        return forms.is_refresh(post)

    def keep(self, *, choices: bool = True) -> None:
        """Keep it as a draft, as the page knew it; what stands differently on another device is offered."""
        begun, device = self.begun, self.device
        seen = devices.seen_by(begun.draft, begun.revision, device, self.actor)
        if choices and begun.draft is not None and devices.has_chosen(self.request):
            self.take_over(devices.others(begun.draft, seen, device, begun.values(self.codes), self.actor))
            seen = begun.revision
        saved = supplies.keep(begun, self.codes, self.actor, self.at, device, seen)
        self.page_knows = saved.revision
        mine = {code: value for code, value in begun.values(self.codes).items() if code != supplies.EMPTIED}
        if (set(saved.clashes) | set(saved.others)) & set(mine):
            found = devices.others(saved.id, seen, device, mine, self.actor)
            self.elsewhere = [
                self.other(code, mine[code], o, code in saved.clashes) for code, o in found.items()
            ]
            self.page_knows = seen if found else saved.revision

    def take_over(self, found: Mapping[str, devices.Other]) -> None:
        for code in devices.chosen_there(self.request, found):
            value = found[code].value
            if code.startswith(MATERIAL):
                held = value or {}
                self.begun.files[code.removeprefix(MATERIAL)] = list(held.get("files") or ())
                self.begun.licences[code.removeprefix(MATERIAL)] = str(held.get("licence") or "")
            elif value is not None:
                self.begun.form[code] = value
                self.begun.emptied.discard(code)

    def other(self, code: str, mine: Any, other: devices.Other, changed_here: bool) -> Elsewhere:
        name = code.removeprefix(MATERIAL)
        if code.startswith(MATERIAL):
            label = next((one.name for one in self.wanted if one.code == name), name)
            words = (devices.given_words(mine), devices.given_words(other.value))
        else:
            definition = self.definition()
            label = devices.label_of(definition, code)
            here, there = (devices.value_words(definition, code, value) for value in (mine, other.value))
            words = (here, there)
        return Elsewhere(
            code=code, label=label, here=words[0], there=words[1], where=other.where, at=other.at,
            changed_here=changed_here,
        )  # fmt: skip

    def take_files(self, one: Wanted) -> None:
        name = f"file-{one.code}"
        dropped = self.request.POST.get("_remove", "")
        digests, sentence = taken_in(self.request, name, self.actor)
        if sentence:
            self.errors[name] = f"{one.name}：{sentence}"
        kept = [d for d in dict.fromkeys(digests) if f"{one.code}:{d}" != dropped]
        stored_by = files.usable_files(kept, self.actor) if kept else {}
        self.begun.files[one.code] = [d for d in kept if d in stored_by]
        licence = " ".join(self.request.POST.get(f"licence-{one.code}", "").split())[:100]
        self.begun.licences[one.code] = licence
        accept = accept_of(one)
        wrong = wrong_kind(stored_by, self.begun.files[one.code], accept)
        if wrong:
            self.errors[name] = f"“{one.name}”不收这种文件（{wrong}），请上传{accept_words(accept)}。"

    def tell_missing(self) -> None:
        for one in self.wanted:
            name = f"file-{one.code}"
            if one.code != FORM and not self.begun.files[one.code] and len(self.begun.licences[one.code]) < 4:
                self.errors.setdefault(name, f"请补交“{one.name}”。")

    def materials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for one in self.wanted:
            if one.code == FORM:
                continue
            for digest in self.begun.files[one.code]:
                found.append({"requirement": one.code, "file": digest})
            if not self.begun.files[one.code] and len(self.begun.licences[one.code]) >= 4:
                found.append({"requirement": one.code, "licence": self.begun.licences[one.code]})
        return found

    def perform(self, payload: dict[str, Any]) -> HttpResponse:
        said = self.request.POST.get("revision", "")
        revision = int(said) if re.fullmatch(r"\d{1,9}", said, re.ASCII) else None
        try:
            cases.act(self.case.number, self.act, payload, self.actor, self.at, revision=revision)
        except Conflict as clash:
            messages.warning(self.request, f"{clash.message}")
            return redirect("hall:case", number=self.case.number)
        except Invalid as wrong:
            self.errors = {k: v for k, v in wrong.fields.items() if k != "materials"} or {"": wrong.message}
            return self.page(422)
        except (NotPossible, NotAllowed) as refusal:
            messages.warning(self.request, refusal.message)
            return redirect("hall:case", number=self.case.number)
        supplies.forget(self.begun, self.actor)
        messages.success(self.request, _("已经交了。部门会在5个工作日内看完，结果会显示在这里。"))
        return redirect("hall:case", number=self.case.number)

    def page(self, status: int = 200) -> HttpResponse:
        stored = {}
        digests = {digest for row in self.begun.files.values() for digest in row}
        if digests:
            stored = files.usable_files(digests, self.actor)
        context: dict[str, Any] = {
            "case": self.case,
            "act": self.act,
            "until": self.until,
            "lines": [self.line(one, stored) for one in self.wanted if one.code != FORM],
            "form_reason": next((one.reason for one in self.wanted if one.code == FORM), ""),
            "errors": self.errors,
            "upload_url": reverse("hall:apply_upload"),
            "megabytes": files.max_bytes(self.at) // 1_048_576,
            "save_url": reverse("hall:supplying_save", args=[self.case.number, self.act]),
            "revision": self.page_knows,
            "page_mark": self.device.mark or devices.new_mark(),
            "elsewhere": self.elsewhere,
            "kept": self.begun.draft is not None and self.request.method == "GET",
            "nav_current": "hall:my",
        }
        if self.has_form:
            context["form_body"] = self.form_body(self.begun.merged_form(self.case.application.form))
        return render(self.request, "hall/supplying.html", context, status=status)

    def line(self, one: Wanted, stored: dict[str, files.StoredFile]) -> dict[str, Any]:
        accept = accept_of(one)
        sources = one.requirement.sources if one.requirement else ()
        return {
            "wanted": one,
            "files": [stored[d] for d in self.begun.files.get(one.code, []) if d in stored],
            "accept": accept_attribute(accept),
            "accept_words": accept_words(accept),
            "image": "image" in accept,
            "unusual": accept != {"pdf", "image"},
            "licence": next((s.name for s in sources if s.kind == "licence"), ""),
            "licence_value": self.begun.licences.get(one.code, ""),
            "error": self.errors.get(f"file-{one.code}", ""),
        }

    def form_body(self, typed: dict[str, Any]) -> str:
        situations = {s.code for standard in self.standards for s in standard.content.situations}
        known = {code: value for code, value in self.case.application.form.items() if code in situations}
        values = {code: value for code, value in typed.items() if code not in situations}
        day = self.at.astimezone(CHINA).date()
        return forms.render_form(
            self.definition(),
            values,
            {k: v for k, v in self.errors.items() if not k.startswith("file-")},
            known=known,
            divisions=forms.division_choices(self.case.division, day),
            summary=False,
        )


class TogetherHanding(Handing):
    """One correction for all departments of one thing: each gets what it asked for."""

    def perform(self, payload: dict[str, Any]) -> HttpResponse:
        number = self.case.application.number
        targets = {one.code: one.targets for one in self.wanted}
        given = [
            cases.MaterialIn.model_validate({**line, "item": item, "requirement": requirement})
            for line in payload["materials"]
            for item, requirement in targets[line["requirement"]]
        ]
        try:
            cases.correct_together(number, given, payload.get("form", {}), self.actor, self.at)
        except Invalid as wrong:
            self.errors = {k: v for k, v in wrong.fields.items() if k != "materials"} or {"": wrong.message}
            return self.page(422)
        except (NotPossible, NotAllowed) as refusal:
            messages.warning(self.request, refusal.message)
            return redirect("hall:application", number=number)
        supplies.forget(self.begun, self.actor)
        messages.success(self.request, _("已经一起交给各部门了。他们会在5个工作日内看完，结果会显示在这里。"))
        return redirect("hall:application", number=number)
