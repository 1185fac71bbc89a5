"""Issue papers: each once for the act that requires it, however often this is called."""

import io
import json
from dataclasses import replace
from typing import Any

from django.conf import settings
from django.db import IntegrityError, transaction

from yimen.foundation.documents import api as documents
from yimen.foundation.files import api as files
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM
from yimen.kernel.clock import CHINA
from yimen.modules.cases import api as cases
from yimen.modules.deadlines import api as deadlines
from yimen.modules.issuing import papers
from yimen.modules.issuing.models import Document

RECEIPT = "receipt"


def issue_for_act(case_id: int, sequence: int) -> list[Document]:
    """Issue what the act recorded by this trace event requires.

    Args:
        case_id: the case.
        sequence: number of the event in the case's chain.

    Returns:
        The papers, new or issued before.
    """
    case = cases.Case.objects.select_related(
        "application__person", "application__entity", "organisation"
    ).get(pk=case_id)
    event = trace.events_of("case", case.number).get(sequence=sequence)
    data = json.loads(event.data) if event.data else {}
    kind = papers.kind_of(event.act, data)
    if kind is None:
        return []
    [found] = deadlines.clocks_of("case", [case.number]).values()
    common = _common(case.application, case, kind.word, event)
    occasion = papers.Occasion(case, event, data, {c.kind: c for c in found}, common)
    made = [_issue(kind.code, kind.title, kind.build(occasion), case.application, case, event)]
    if kind.code == "decision_granted":
        made += [
            _issue("certificate", paper.title, paper, case.application, case, event, part)
            for part, paper in enumerate(papers.certificates(occasion), 1)
        ]
    return made


def issue_receipt(application_id: int) -> Document:
    """Issue the receipt of an application."""
    application = cases.Application.objects.select_related("person", "entity").get(pk=application_id)
    received = list(application.cases.select_related("organisation").order_by("id"))
    first = received[0]
    event = trace.events_of("case", first.number).get(act="submit")
    common = _common(application, first, "收", event)
    common |= {
        "case_number": application.number,
        "item": "、".join(c.published.content.name for c in received),
    }
    paper = papers.receipt(application, received, common)
    return _issue(
        RECEIPT, "收件凭证", paper, application, None, event, sequence=0, organisation=first.organisation
    )


def _common(
    application: cases.Application, case: cases.Case, word: str, event: trace.Event
) -> dict[str, Any]:
    """What every paper carries; the code is taken from an earlier issue where there is one."""
    code = documents.verification_code()
    content = case.published.content
    on = event.at.astimezone(CHINA).date()
    return {
        "organisation": case.organisation.name,
        "number": f"{case.organisation.label}{word}〔{on.year}〕{case.number[6:]}号",
        "addressee": application.applicant_name,
        "date": on,
        "item": content.name,
        "case_number": case.number,
        "verification_code": code,
        "verification_url": f"{settings.PUBLIC_URL}/verify/{code}",
        "contact": content.consult_phone,
        "address": content.places[0].address if content.places else "",
        "demo": settings.DEMO,
    }


def _issue(
    kind: str,
    title: str,
    paper: Any,
    application: cases.Application,
    case: cases.Case | None,
    event: trace.Event,
    part: int = 0,
    *,
    sequence: int | None = None,
    organisation: Any = None,
) -> Document:
    place = {
        "application": application,
        "case": case,
        "kind": kind,
        "sequence": event.sequence if sequence is None else sequence,
        "part": part,
    }
    earlier = Document.objects.filter(**place).first()
    if earlier is not None:
        return earlier
    if part:
        code = documents.verification_code()
        paper = replace(
            paper, verification_code=code, verification_url=f"{settings.PUBLIC_URL}/verify/{code}"
        )
    pdf = documents.render_paper(paper)
    stored = files.store(f"{title}.pdf", io.BytesIO(pdf), PLATFORM, event.at, origin="platform")
    try:
        with transaction.atomic():
            return Document.objects.create(
                **place,
                title=title,
                number=paper.number,
                organisation=organisation or case.organisation,  # type: ignore[union-attr]
                issued_at=event.at,
                verification_code=paper.verification_code,
                file=stored,
            )
    except IntegrityError:  # another worker issued it a moment ago
        return Document.objects.get(**place)
