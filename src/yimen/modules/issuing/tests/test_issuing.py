"""Papers follow acts: each once, dated, readable, with a code that verifies."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from yimen.foundation.files import api as files
from yimen.foundation.outbox import api as outbox
from yimen.kernel.errors import NotFound
from yimen.modules.cases.tests.factories import AT, ROADS, brought_to, resident
from yimen.modules.issuing import api as issuing

pytestmark = pytest.mark.django_db

EXPECTED = {
    "submitted": ["receipt"],
    "correction_requested": ["receipt", "correction_notice"],
    "accepted": ["receipt", "acceptance"],
    "suspended": ["receipt", "acceptance", "suspension"],
    "granted": ["receipt", "acceptance", "decision_granted", "certificate"],
    "refused": ["receipt", "acceptance", "decision_refused"],
    "delivered": ["receipt", "acceptance", "decision_granted", "certificate", "delivery"],
    "not_accepted": ["receipt", "not_accepted"],
    "terminated": ["receipt", "acceptance", "termination"],
}


def text_of(document: issuing.Document) -> str:
    with files.open_file(document.file.digest) as stored:
        return "".join(page.extract_text() for page in PdfReader(io.BytesIO(stored.read())).pages)


@pytest.mark.parametrize("state", [s for s in ROADS if s in EXPECTED])
def test_every_act_that_requires_paper_issues_it_once(state: str) -> None:
    case, _ = brought_to(state)
    later = AT + timedelta(days=30)
    outbox.deliver_due(later)
    outbox.deliver_due(later)
    papers = issuing.documents_of([case.application_id])
    assert [p.kind for p in papers] == EXPECTED[state]


def test_a_paper_says_what_it_is_about_and_can_be_checked() -> None:
    case, _ = brought_to("refused")
    outbox.deliver_due(AT + timedelta(days=30))
    paper = issuing.documents_of([case.application_id])[-1]
    text = "".join(text_of(paper).split())
    for word in ("测试经营许可", case.number, "场所不符合要求", "行政复议"):
        assert word in text
    assert issuing.verified(paper.verification_code.lower()) == paper


def test_only_those_who_see_the_case_read_its_papers() -> None:
    case, office = brought_to("accepted")
    outbox.deliver_due(AT + timedelta(days=30))
    paper = issuing.documents_of([case.application_id])[-1]
    assert issuing.readable_document(paper.verification_code, office) == paper
    with pytest.raises(NotFound):
        issuing.readable_document(paper.verification_code, resident("王五"))


def test_a_page_may_ask_for_a_paper_before_the_worker_came() -> None:
    case, _ = brought_to("submitted")
    first = issuing.issue_receipt(case.application_id)
    outbox.deliver_due(AT + timedelta(days=1))
    assert issuing.documents_of([case.application_id]) == [first]
