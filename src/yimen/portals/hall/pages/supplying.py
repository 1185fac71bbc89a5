"""Handing in what a notice asks for, or what was tolerated to follow: each thing with its own upload."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from yimen.foundation.files import api as files
from yimen.foundation.files.rest import refused_upload
from yimen.kernel.access import SIGNED_IN, access, actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Conflict, Invalid, NotAllowed, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.forms import api as forms
from yimen.modules.items.content import MaterialRequirement
from yimen.portals.hall.own import case_of
from yimen.portals.hall.pages.uploads import accept_attribute, accept_words, taken_in, wrong_kind

FORM = "form"


@dataclass(frozen=True, kw_only=True)
class Wanted:
    """One thing that is wanted.

    Args:
        code: requirement code, or ``form``.
        reason: what the notice says is missing or wrong.
    """

    code: str
    name: str
    reason: str
    requirement: MaterialRequirement | None


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def correct(request: HttpRequest, number: str) -> HttpResponse:
    """The correction: exactly what the notice names."""
    case = case_of(number, actor_of_request(request))
    notice = cases.last_notice(case)
    lines: Any = notice.get("missing") or []
    requirements = {m.code: m for m in case.published.content.materials}
    wanted = [
        Wanted(
            code=line["requirement"],
            name=line["name"],
            reason=line["reason"],
            requirement=requirements.get(line["requirement"]),
        )
        for line in lines
    ]
    return _Handing(request, case, "correct", wanted, str(notice.get("until") or "")).answer()


@require_http_methods(["GET", "POST"])
@access(SIGNED_IN)
def supply(request: HttpRequest, number: str) -> HttpResponse:
    """What was tolerated to follow (容缺后补)."""
    case = case_of(number, actor_of_request(request))
    owed = cases.Material.objects.filter(case=case, state="owed").order_by("id")
    requirements = {m.code: m for m in case.published.content.materials}
    wanted = [
        Wanted(code=m.requirement, name=m.name, reason=_("您说过这一份后补"), requirement=requirements.get(m.requirement))
        for m in owed
    ]  # fmt: skip
    return _Handing(request, case, "supply", wanted, "").answer()


def accept_of(one: Wanted) -> set[str]:
    """The kinds of file taken for one thing; a requirement gone from the standard takes the usual ones."""
    return {str(kind) for kind in one.requirement.accept} if one.requirement else {"pdf", "image"}


class _Handing:
    """One request for one case: what is wanted, what came, what stands on the page."""

    def __init__(
        self, request: HttpRequest, case: cases.Case, act: str, wanted: Sequence[Wanted], until: str
    ) -> None:
        self.request, self.case, self.act, self.wanted, self.until = request, case, act, wanted, until
        self.actor: Actor = actor_of_request(request)
        self.at = now()
        self.errors: dict[str, str] = {}
        self.digests: dict[str, list[str]] = {}
        self.licences: dict[str, str] = {}

    def answer(self) -> HttpResponse:
        if self.act not in cases.possible_acts(self.case, self.actor) or not self.wanted:
            messages.info(self.request, _("现在没有要补的材料，最新情况见下面。"))
            return redirect("hall:case", number=self.case.number)
        if self.request.method == "GET":
            return self.page(self.case.application.form if self.has_form else {})
        return self.post()

    @property
    def has_form(self) -> bool:
        return any(one.code == FORM for one in self.wanted)

    @property
    def standards(self) -> list[Any]:
        return [row.published for row in self.case.application.cases.order_by("id")]

    def definition(self) -> forms.FormDefinition:
        return cases.merged_form(tuple(s.standard_id for s in self.standards))

    def post(self) -> HttpResponse:
        for one in self.wanted:
            if one.code != FORM:
                self.take_files(one)
        if refusal := refused_upload(self.request):
            self.errors[""] = refusal.message
        typed, redraw = self.typed()
        partial = bool(self.request.POST.get("partial"))
        if not partial:
            self.tell_missing()
        if self.errors or redraw or self.request.POST.get("_remove"):
            return self.page(typed, 200 if redraw or self.request.POST.get("_remove") else 422)
        payload: dict[str, Any] = {"materials": self.materials()}
        if self.has_form:
            payload["form"] = typed
        return self.perform(payload, typed)

    def typed(self) -> tuple[dict[str, Any], bool]:
        if not self.has_form:
            return {}, False
        definition, before = self.definition(), self.case.application.form
        values = forms.posted_values(definition, self.request.POST)
        cleared = forms.cleared_fields(definition, self.request.POST)
        merged = {k: v for k, v in {**before, **values}.items() if k not in cleared}
        return merged, forms.is_refresh(self.request.POST)

    def take_files(self, one: Wanted) -> None:
        name = f"file-{one.code}"
        dropped = self.request.POST.get("_remove", "")
        digests, sentence = taken_in(self.request, name, self.actor)
        if sentence:
            self.errors[name] = f"{one.name}：{sentence}"
        kept = [d for d in dict.fromkeys(digests) if f"{one.code}:{d}" != dropped]
        stored_by = files.usable_files(kept, self.actor) if kept else {}
        self.digests[one.code] = [d for d in kept if d in stored_by]
        licence = " ".join(self.request.POST.get(f"licence-{one.code}", "").split())[:100]
        self.licences[one.code] = licence
        accept = accept_of(one)
        wrong = wrong_kind(stored_by, self.digests[one.code], accept)
        if wrong:
            self.errors[name] = f"“{one.name}”不收这种文件（{wrong}），请上传{accept_words(accept)}。"

    def tell_missing(self) -> None:
        for one in self.wanted:
            name = f"file-{one.code}"
            if one.code != FORM and not self.digests[one.code] and len(self.licences[one.code]) < 4:
                self.errors.setdefault(name, f"请补交“{one.name}”。")

    def materials(self) -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = []
        for one in self.wanted:
            if one.code == FORM:
                continue
            for digest in self.digests[one.code]:
                found.append({"requirement": one.code, "file": digest})
            if not self.digests[one.code] and len(self.licences[one.code]) >= 4:
                found.append({"requirement": one.code, "licence": self.licences[one.code]})
        return found

    def perform(self, payload: dict[str, Any], typed: dict[str, Any]) -> HttpResponse:
        said = self.request.POST.get("revision", "")
        revision = int(said) if re.fullmatch(r"\d{1,9}", said, re.ASCII) else None
        try:
            cases.act(self.case.number, self.act, payload, self.actor, self.at, revision=revision)
        except Conflict as clash:
            messages.warning(self.request, f"{clash.message}")
            return redirect("hall:case", number=self.case.number)
        except Invalid as wrong:
            self.errors = {k: v for k, v in wrong.fields.items() if k != "materials"} or {"": wrong.message}
            return self.page(typed, 422)
        except (NotPossible, NotAllowed) as refusal:
            messages.warning(self.request, refusal.message)
            return redirect("hall:case", number=self.case.number)
        messages.success(self.request, _("已经交了。部门会在5个工作日内看完，结果会显示在这里。"))
        return redirect("hall:case", number=self.case.number)

    def page(self, typed: dict[str, Any], status: int = 200) -> HttpResponse:
        stored = {}
        digests = {digest for row in self.digests.values() for digest in row}
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
            "nav_current": "hall:my",
        }
        if self.has_form:
            context["form_body"] = self.form_body(typed)
        return render(self.request, "hall/supplying.html", context, status=status)

    def line(self, one: Wanted, stored: dict[str, files.StoredFile]) -> dict[str, Any]:
        accept = accept_of(one)
        sources = one.requirement.sources if one.requirement else ()
        return {
            "wanted": one,
            "files": [stored[d] for d in self.digests.get(one.code, []) if d in stored],
            "accept": accept_attribute(accept),
            "accept_words": accept_words(accept),
            "image": "image" in accept,
            "unusual": accept != {"pdf", "image"},
            "licence": next((s.name for s in sources if s.kind == "licence"), ""),
            "licence_value": self.licences.get(one.code, ""),
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
