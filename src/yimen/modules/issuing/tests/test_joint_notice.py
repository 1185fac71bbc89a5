"""One notice of correction for all departments of one thing: one paper, one message."""

import json

import pytest

from yimen.foundation.trace import api as trace
from yimen.modules.cases.tests.factories import Thing
from yimen.modules.issuing.api import Document, issue_for_act

pytestmark = pytest.mark.django_db


def test_one_paper_tells_what_every_department_found() -> None:
    thing = Thing("甲", "乙")
    for n in range(2):
        thing.act(n, "request_correction", missing=[{"requirement": "own", "reason": "没有签名"}])
    for n in range(2):
        case = thing.case(n)
        last = trace.events_of("case", case.number).filter(act="request_correction").last()
        assert last is not None and json.loads(last.data)["missing"]
        issue_for_act(case.pk, last.sequence)
    [paper] = Document.objects.filter(kind="correction_notice")
    assert paper.case == thing.case(0)
