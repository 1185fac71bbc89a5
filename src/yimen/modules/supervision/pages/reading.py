"""What the rooms share: reading addresses and posts, one page of a list, files that come with a form."""

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext as _

from yimen.foundation.documents import api as documents
from yimen.foundation.files import api as files
from yimen.foundation.files.rest import check_rate, file_response, refused_upload
from yimen.foundation.orgs import api as orgs
from yimen.foundation.trace import api as trace
from yimen.kernel import lists
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA, now
from yimen.kernel.errors import Invalid, NotFound, Refusal
from yimen.kernel.paging import Page
from yimen.modules.supervision.models import Card
from yimen.modules.supervision.states import EVENT_KIND, MACHINE, STATE_LABELS, CardState

M = TypeVar("M", bound=Model)
DIGEST = re.compile(r"[0-9a-f]{64}")
ACT_WORDS = {name: step.label for name, step in MACHINE.steps.items()} | {
    "issue": "发牌",
    "readdress": "改由承接机构说明",
}


def text_of(value: object, most: int = 200) -> str:
    """A posted or queried value without control characters, cut to a bearable length."""
    return "".join(c for c in str(value or "") if c.isprintable() or c == "\n").strip()[:most]


def whole(value: object, otherwise: int = 0) -> int:
    """A number from an address or a form; anything odd is ``otherwise``."""
    text = str(value or "")
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else otherwise


def day_of(value: object, otherwise: date) -> date:
    """A day from an address; anything odd is ``otherwise``."""
    try:
        found = date.fromisoformat(str(value or "")[:10])
    except ValueError:
        return otherwise
    return found if 1990 <= found.year <= 2200 else otherwise


def opening(day: date) -> datetime:
    """The first moment of a day in China."""
    return datetime.combine(day, time(), CHINA).astimezone(UTC)


def page_of(rows: "QuerySet[M]", request: HttpRequest, size: int = 30) -> Page[M]:
    """The page that the address asks for; one beyond the last shows the last."""
    return lists.page_of(rows, whole(request.GET.get("page"), 1) or 1, size)


def division_of(actor: Actor, grant: str) -> str:
    """The division code of the actor's scope of a grant; "" = everywhere."""
    prefixes = sorted({s.division for s in actor.scopes(grant)})
    return orgs.full_code(prefixes[0]) if prefixes and prefixes[0] else ""


def span_of(request: HttpRequest, days: int = 90) -> tuple[date, date]:
    """``?from=&to=`` as days, both included; by default the last so many days."""
    today = now().astimezone(CHINA).date()
    until = day_of(request.GET.get("to"), today)
    return min(day_of(request.GET.get("from"), until - timedelta(days=days)), until), until


def card_context(card: Card) -> dict[str, Any]:
    """What every room shows of a card."""
    told = [
        {
            "at": e.at,
            "title": ACT_WORDS.get(e.act, e.act),
            "who": e.actor_name,
            "note": e.note,
            "state": STATE_LABELS[CardState(e.to_state)] if e.to_state else "",
        }
        for e in trace.events_of(EVENT_KIND, card.number)
    ]
    return {
        "card": card,
        "events": told,
        "evidence": card.evidence.select_related("file").order_by("pk"),
        "facts": card.told_facts,
    }


def files_of(request: HttpRequest, actor: Actor, name: str = "files") -> list[str]:
    """Digests of the files that came with a form, those kept from before among them.

    Raises:
        Invalid: a file could not be taken; the sentence stands beside the field.
    """
    kept = [d for d in request.POST.getlist(name) if DIGEST.fullmatch(d)][:9]
    at = now()
    for upload in request.FILES.getlist(name)[:9]:
        try:
            check_rate(actor, at)
            upload.seek(0)
            kept.append(files.store(upload.name or "", upload, actor, at).digest)
        except Refusal as refusal:
            raise Invalid(refusal.message, fields={name: refusal.message}) from refusal
        finally:
            upload.close()
    if too_large := refused_upload(request):
        raise Invalid(too_large.message, fields={name: too_large.message})
    return list(dict.fromkeys(kept))


def kept_files(request: HttpRequest, actor: Actor, name: str = "files") -> list[files.StoredFile]:
    """The files already taken in, to be shown again when the form comes back."""
    digests = [d for d in request.POST.getlist(name) if DIGEST.fullmatch(d)]
    return list(files.usable_files(digests, actor).values()) if digests else []


def evidence_file(card: Card, key: int) -> Any:
    """The file of one piece of evidence.

    Raises:
        NotFound: not of this card.
    """
    found = card.evidence.select_related("file").filter(pk=min(key, 2**63 - 1)).first()
    if found is None:
        raise NotFound("没有找到这份证据。")
    return file_response(found.file, inline=True, name=found.name)


def paper(card: Card, demo: bool) -> HttpResponse:
    """The card as a paper (监察督办单)."""
    issued = card.issued_at.astimezone(CHINA)
    facts = [("编号", card.number), ("监察规则", f"{card.rule.label}（第{card.rule.version}版）"),
             ("颜色", card.colour_label), ("责任机构", card.organisation.name), ("当时承办", " ".join(filter(None, (card.holder, card.step)))),
             ("办件", card.case.number if card.case else "—"), ("发生时间", f"{card.occurred_at.astimezone(CHINA):%Y-%m-%d %H:%M}")]  # fmt: skip
    until = f"请在{card.due_at.astimezone(CHINA):%Y年%m月%d日}前说明情况。" if card.due_at else ""
    data: dict[str, Any] = {
        "organisation": "效能督查部门",
        "title": "监察督办单" if card.answerable else "监察提醒单",
        "paragraphs": [p for p in (card.sentence, until, card.remark, f"后果：{card.rule.consequence}") if p],
        "facts": [{"label": label, "value": value} for label, value in facts],
        "clauses": [card.rule.clause],
        "date": issued.date().isoformat(),
        "demo": demo,
    }
    answer = HttpResponse(documents.render_pdf("notice", data), content_type="application/pdf")
    answer.headers["Content-Disposition"] = f'inline; filename="{card.number}.pdf"'
    return answer


def errors_of(refusal: Refusal) -> dict[str, str]:
    """A refusal as sentences beside fields; one without fields stands on top."""
    words = " ".join(part for part in (refusal.message, refusal.would_pass) if part)
    return dict(refusal.fields) or {"": words or _("没有办成。")}
