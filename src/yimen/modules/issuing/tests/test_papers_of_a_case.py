"""Each act that the law wants on paper has its paper, once, readable by those who may see the case."""

import json

import pytest

from yimen.foundation.files.api import open_file
from yimen.foundation.trace import api as trace
from yimen.kernel.errors import Invalid, NotFound
from yimen.modules.cases.tests.factories import ROADS, brought_to, handed_in, officer, only_case, resident
from yimen.modules.issuing import api as issuing
from yimen.modules.issuing.models import Document
from yimen.modules.issuing.papers import BY_ACT, KINDS, kind_of
from yimen.modules.items.tests.factories import make_organisation

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("state", [state for state in ROADS if state != "submitted"])
def test_every_act_of_a_road_issues_what_it_must(state: str) -> None:
    case, _ = brought_to(state)
    for event in trace.events_of("case", case.number):
        kind = kind_of(event.act, json.loads(event.data) if event.data else {})
        made = issuing.issue_for_act(case.pk, event.sequence)
        assert bool(made) == (kind is not None), event.act
        again = issuing.issue_for_act(case.pk, event.sequence)
        assert [d.pk for d in again] == [d.pk for d in made], "issued once"
        for document in made:
            with open_file(document.file.digest) as file:
                assert file.read(5) == b"%PDF-"
            assert case.organisation.name and document.number


def test_every_kind_of_paper_is_named_by_an_act() -> None:
    named = {*BY_ACT.values(), "decision_granted", "decision_refused"}
    assert named == KINDS.keys()


def test_the_receipt_is_one_for_all_items() -> None:
    application = handed_in()
    first = issuing.issue_receipt(application.pk)
    assert issuing.issue_receipt(application.pk).pk == first.pk
    assert Document.objects.filter(application=application, kind="receipt").count() == 1
    assert issuing.documents_of([application.pk]) == [first]


def test_a_code_tells_anybody_what_was_issued() -> None:
    application = handed_in()
    paper = issuing.issue_receipt(application.pk)
    found = issuing.verified(paper.verification_code)
    assert found is not None and found.pk == paper.pk
    with pytest.raises(Invalid):
        issuing.verified("not a code")


def test_an_existing_code_of_others_says_no_more_than_a_made_up_one() -> None:
    actor = resident()
    case = only_case(handed_in(actor))
    paper = issuing.issue_receipt(case.application_id)
    assert issuing.readable_document(paper.verification_code, actor).pk == paper.pk
    assert issuing.readable_document(paper.verification_code, officer(case.organisation)).pk == paper.pk
    said = set()
    for code in (paper.verification_code, "AAAAAAAAAAAA"):
        for stranger in (resident("王五"), officer(make_organisation("another"))):
            with pytest.raises(NotFound) as refused:
                issuing.readable_document(code, stranger)
            said.add(refused.value.message)
    assert len(said) == 1 and case.number not in said.pop()
