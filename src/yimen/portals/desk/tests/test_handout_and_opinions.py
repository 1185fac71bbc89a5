"""Results are handed over with who received them; opinions are given for one's own organisation."""

import pytest

from yimen.modules.cases import api as cases
from yimen.modules.cases.tests.factories import brought_to, make_centre
from yimen.modules.issuing import api as issuing
from yimen.modules.items.content import Joint, Limit, ReviewStep
from yimen.modules.items.tests.factories import make_organisation
from yimen.portals.desk.tests.factories import clerk_client, office_client

pytestmark = pytest.mark.django_db


def test_found_by_number_receipt_and_identity_number_then_delivered_once() -> None:
    clerk = clerk_client(make_centre())
    case, _ = brought_to("granted")
    cases.Case.objects.filter(pk=case.pk).update(centre=make_centre())
    receipt = issuing.issue_receipt(case.application_id)
    person = case.application.person
    for q in (
        case.number,
        f"http://x/verify/{receipt.verification_code}",
        receipt.verification_code,
        person.id_number,
    ):
        found = clerk.get("/desk/handout/", {"q": q}).context["page"].results
        assert [row.case.number for row in found] == [case.number]
    assert clerk.get("/desk/handout/", {"q": "无此人"}).context["page"].count == 0
    post = {"case": case.number, "revision": case.revision, "way": "window"}
    refused = clerk.post("/desk/handout/", post)
    assert refused.context["errors"] == {"receiver": "请写明谁领取的。"}
    done = clerk.post("/desk/handout/", {**post, "receiver": "林晓燕"})
    page = clerk.get(done["Location"])
    assert page.context["printed"].kind == "delivery"
    assert (
        clerk.get(f"/desk/papers/{page.context['printed'].verification_code}/")["Content-Type"]
        == "application/pdf"
    )
    again = clerk.post("/desk/handout/", {**post, "receiver": "林晓燕"})
    assert "刚刚办理了“送达”" in again.context["said"]


def test_an_opinion_is_asked_seen_and_given() -> None:
    asked = make_organisation("asked-org")
    steps = (
        ReviewStep(code="joint", name="征求意见", post="reviewer", joint=Joint(organisations=(asked.code,))),
        ReviewStep(code="decide", name="决定", post="head", limit=Limit(amount=3)),
    )
    case, _ = brought_to("accepted", content={"steps": steps})
    ours = office_client(organisation=asked, username="asked")
    page = ours.get("/desk/opinions/")
    [request] = page.context["page"].results
    assert ours.get(f"/desk/cases/{case.number}/").context["buttons"] == []
    refused = ours.post("/desk/opinions/", {"request": request.pk, "answer": "object", "text": ""})
    assert refused.context["errors"] == {"text": "不同意的，请写明理由和依据。"}
    assert (
        ours.post("/desk/opinions/", {"request": request.pk, "answer": "agree", "text": "同意"}).status_code
        == 302
    )
    assert ours.get("/desk/opinions/").context["page"].count == 0
    assert "同意" in office_client().get(f"/desk/cases/{case.number}/").content.decode()
    for odd in ("", "abc", "999999999", "9" * 30):
        assert ours.post("/desk/opinions/", {"request": odd, "answer": "agree"}).status_code == 200
