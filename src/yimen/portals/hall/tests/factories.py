"""Items to apply for, and a browser's way through the steps of applying."""

from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from yimen.foundation.files.tests.factories import png
from yimen.foundation.identity import api as identity
from yimen.kernel.actor import Actor
from yimen.modules.forms.tests.factories import a_field, a_form
from yimen.modules.items.api import Item, PublishedStandard, Standard
from yimen.modules.items.content import (
    MaterialRequirement,
    Promise,
    Situation,
    Source,
    StandardContent,
    Tolerance,
)
from yimen.modules.items.tests.factories import make_content, make_standard

ID_CARD = MaterialRequirement(
    code="id_card",
    name="身份证",
    kind="certificate",
    trust="A",
    sources=(Source(kind="licence", name="居民身份证"),),
)
LEASE = MaterialRequirement(code="lease", name="租赁合同", trust="C", required_when="premises = '租的'")
PHOTO = MaterialRequirement(code="photo", name="门面照片", trust="C", main=False)
SURVEY = MaterialRequirement(code="survey", name="承重说明", trust="C")


def shop_content(**changes: Any) -> StandardContent:
    """A permit with a question, a small form and materials of every way."""
    base: dict[str, Any] = {
        "name": "小店经营许可",
        "situations": (
            Situation(code="premises", question="店面是租的还是自己的？", options=("租的", "自己的")),
        ),
        "form": a_form(
            a_field("applicant_name", required=True), a_field("applicant_phone", required=True), "remarks"
        ),
        "materials": (ID_CARD, LEASE, PHOTO, SURVEY),
        "promise": Promise(materials=("survey",), text="承诺店面承重符合要求。"),
        "tolerance": Tolerance(days=5),
    }
    return make_content(**{**base, **changes})


BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


def client_of(actor: Actor) -> Client:
    """A browser in which this actor is signed in."""
    client = Client()
    client.force_login(identity.Account.objects.get(pk=actor.account_id), backend=BACKEND)
    return client


def shop() -> PublishedStandard:
    return make_standard(content=shop_content())


def sign() -> PublishedStandard:
    """A second item that asks for the same identity card and the same name."""
    return make_standard(
        content=shop_content(
            name="招牌设置",
            promise=None,
            tolerance=None,
            situations=(),
            materials=(ID_CARD,),
            form=a_form(a_field("applicant_name", required=True), section="申请人"),
        )
    )


def new_version(standard: PublishedStandard, content: StandardContent, on: Any) -> None:
    """Publish another version of an item as of a day."""
    row = Standard.objects.get(pk=standard.standard_id)
    row.valid_to, row.state = on, "retired"
    row.save()
    row.pk, row.version, row.state = None, standard.version + 1, "published"
    row.valid_from, row.valid_to, row.digest = on, None, "0" * 64
    row.content = content.model_dump(mode="json")
    row.save(force_insert=True)
    Item.objects.filter(pk=standard.item_id).update(current=row)


def a_photo(name: str = "scan.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, png(), content_type="image/png")


class Applying:
    """One person at the steps of one address."""

    def __init__(self, client: Client, *codes: str) -> None:
        self.client = client
        self.url = "/apply/?" + "&".join(f"item={code}" for code in codes)

    def post(self, step: str, go: str = "next", **fields: Any) -> Any:
        return self.client.post(self.url, {"_step": step, "_go": go, **fields})

    def get(self, step: str = "") -> Any:
        return self.client.get(self.url + (f"&step={step}" if step else ""))

    def to_check(self, **form: Any) -> None:
        """Answer everything up to the last step."""
        answers = [
            self.post("who", applicant="me"),
            self.post("questions", **{"q-premises": "自己的"}),
            self.post("form", **{"applicant_name": "林晓燕", "applicant_phone": "13800138000", **form}),
            self.post("materials"),
        ]
        assert [answer.status_code for answer in answers] == [302] * 4

    def submit(self) -> Any:
        return self.post("check", "submit", delivery="window")
