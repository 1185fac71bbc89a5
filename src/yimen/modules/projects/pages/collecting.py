"""Files that come with a stage's page: kept at once, so that an error elsewhere loses none of them."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest

from yimen.foundation.files import api as files
from yimen.foundation.files.rest import check_rate, refused_upload
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid, Refusal
from yimen.modules.cases import api as cases
from yimen.modules.projects.pages.reading import text_of
from yimen.modules.themes.api import CompiledRequirement

DIGEST = re.compile(r"[0-9a-f]{64}")
MOST_FILES = 9
ACCEPT = {
    "pdf": ".pdf", "image": ".jpg,.jpeg,.png,.bmp,.tif,.tiff,.webp", "office": ".doc,.docx,.xls,.xlsx,.wps,.et", "ofd": ".ofd",
}  # fmt: skip
KEPT = "_files"
SHOWN = "_licences"
SHORTEST_NUMBER = 4


@dataclass(frozen=True, kw_only=True)
class Line:
    """One paper of the one set as the page shows it."""

    key: str
    name: str
    asked_by: str
    notes: str
    accept: str
    main: bool
    files: tuple[files.StoredFile, ...]
    licence_name: str = ""
    licence: str = ""
    error: str = ""

    @property
    def licence_field(self) -> str:
        return f"licence-{self.key}"


def lines_of(
    asked: Iterable[CompiledRequirement],
    names: Mapping[str, str],
    kept: Mapping[str, list[str]],
    actor: Actor,
    errors: Mapping[str, str],
    licences: Mapping[str, str],
) -> list[Line]:
    """The papers to hand in, with what is there already.

    Args:
        names: item code to name.
        kept: paper key to digests.
        licences: paper key to the number of an electronic licence shown instead.
    """
    asked = list(asked)
    wanted = {digest for digests in kept.values() for digest in digests}
    stored = files.usable_files(wanted, actor) if wanted else {}
    return [
        Line(
            key=one.key,
            name=one.name,
            asked_by="、".join(names.get(code, code) for code in one.asked_by),
            notes="；".join(one.notes),
            accept=",".join(ACCEPT[kind] for kind in one.accept if kind in ACCEPT),
            main=one.main,
            files=tuple(stored[digest] for digest in kept.get(one.key, ()) if digest in stored),
            licence_name=licence_of(one),
            licence=licences.get(one.key, ""),
            error=errors.get(f"file-{one.key}", ""),
        )
        for one in asked
    ]


def taken_in(
    request: HttpRequest, keys: Iterable[str], actor: Actor
) -> tuple[dict[str, list[str]], dict[str, str]]:
    """Store the posted files; those kept before come back as digests, one taken off is gone.

    Returns:
        Digests by paper key, and a sentence for each paper whose file could not be taken.
    """
    kept: dict[str, list[str]] = {}
    errors: dict[str, str] = {}
    dropped = str(request.POST.get("_remove", ""))
    at = now()
    for key in keys:
        name = f"file-{key}"
        digests = [d for d in request.POST.getlist(name) if DIGEST.fullmatch(d) and f"{key}:{d}" != dropped]
        for upload in request.FILES.getlist(name):
            try:
                check_rate(actor, at)
                upload.seek(0)
                digests.append(files.store(upload.name or "", upload, actor, at).digest)
            except Refusal as refusal:
                errors[name] = refusal.message
            finally:
                upload.close()
        if digests:
            kept[key] = list(dict.fromkeys(digests))[:MOST_FILES]
    if (refused := refused_upload(request)) is not None:
        errors[""] = refused.message
    return kept, errors


def licence_of(one: CompiledRequirement) -> str:
    """The electronic licence that may be shown instead of the paper, "" when none may."""
    sources = [source for part in one.parts for source in part.requirement.sources]
    return next((source.name for source in sources if source.kind == "licence"), "")


def licences_in(request: HttpRequest, asked: Iterable[CompiledRequirement]) -> dict[str, str]:
    """Typed licence numbers by paper key."""
    typed = {
        one.key: text_of(request.POST.get(f"licence-{one.key}"), 100) for one in asked if licence_of(one)
    }
    return {key: number for key, number in typed.items() if number}


def materials_of(
    asked: Iterable[CompiledRequirement], kept: Mapping[str, list[str]], licences: Mapping[str, str]
) -> list[cases.MaterialIn]:
    """What the kept files and shown licences stand for, for every item that asks for the paper.

    Raises:
        Invalid: a licence number that cannot be one.
    """
    found = []
    for one in asked:
        number = "" if kept.get(one.key) else licences.get(one.key, "")
        if number and len(number) < SHORTEST_NUMBER:
            sentence = f"“{one.name}”的证照号码太短，请照证照填写，或者上传文件。"
            raise Invalid(sentence, fields={f"licence-{one.key}": sentence})
        for part in one.parts:
            base = {"item": part.item, "requirement": part.requirement.code}
            found += [cases.MaterialIn(**base, file=digest) for digest in kept.get(one.key, ())]
            if number:
                found.append(cases.MaterialIn(**base, licence=number))
    return found


def kept_in(values: Mapping[str, Any]) -> dict[str, list[str]]:
    """Digests by paper key as a draft keeps them."""
    held = values.get(KEPT)
    if not isinstance(held, dict):
        return {}
    return {
        str(key): [d for d in digests if isinstance(d, str) and DIGEST.fullmatch(d)]
        for key, digests in held.items()
        if isinstance(digests, list)
    }


def shown_in(values: Mapping[str, Any]) -> dict[str, str]:
    """Licence numbers by paper key as a draft keeps them."""
    held = values.get(SHOWN)
    return {str(key): str(number)[:100] for key, number in held.items()} if isinstance(held, dict) else {}
