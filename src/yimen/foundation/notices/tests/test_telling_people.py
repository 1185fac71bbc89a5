"""Messages reach whom they are for, once, and say honestly what became of their way out."""

import json
import threading
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from django.urls import include, path

from yimen.foundation.identity.tests.factories import AT, account, entity, person
from yimen.foundation.notices import api as notices
from yimen.foundation.notices.channels import channels, register
from yimen.foundation.notices.channels.sms import SmsChannel
from yimen.foundation.notices.tests.factories import Scripted
from yimen.kernel.actor import Actor

pytestmark = pytest.mark.django_db
urlpatterns = [
    path("me/messages/", include("yimen.foundation.notices.pages.urls_hall")),
    path("", include("yimen.site.urls")),
]


@pytest.fixture(autouse=True)
def only_scripted(monkeypatch):
    channel = Scripted()
    monkeypatch.setattr("yimen.foundation.notices.channels._channels", {})
    register("try", channel)
    return channel


def test_the_same_occasion_is_told_once():
    someone = person()
    one = notices.notify(person=someone, title="申请已受理", key="case:1:2", at=AT)
    two = notices.notify(person=someone, title="申请已受理", key="case:1:2", at=AT)
    assert one == two and notices.Notice.objects.count() == 1 and notices.Sending.objects.count() == 1


def test_somebody_reads_own_messages_and_those_of_the_enterprise_only():
    me, other, firm = person(), person(), entity()
    notices.notify(person=me, title="一", at=AT)
    notices.notify(person=other, title="二", at=AT)
    notices.notify(entity=firm, title="三", at=AT)
    actor = Actor(account_id=1, person_id=me.pk, entity_ids=frozenset({firm.pk}))
    assert [n.title for n in notices.notices_of(actor)] == ["三", "一"]
    assert notices.unread_count(actor) == 2
    assert notices.mark_read(actor, AT) == 2 and notices.unread_count(actor) == 0
    assert notices.Notice.objects.get(title="二").read_at is None
    assert notices.unread_count(Actor()) == 0


def test_the_number_lies_sealed_and_only_the_plain_sentence_leaves(only_scripted):
    notices.notify(
        person=person(phone="13800138000"),
        title="申请已受理",
        body="林晓燕的申请",
        text="您的办件有进展",
        at=AT,
    )
    sending = notices.Sending.objects.get()
    assert b"13800138000" not in bytes(sending.address_sealed)
    assert notices.send_due(AT) == 1
    [message] = only_scripted.sent
    assert (message.address, message.text) == ("13800138000", "您的办件有进展")
    sending.refresh_from_db()
    assert sending.state == "sent" and sending.sent_at == AT


def test_a_busy_gateway_is_tried_again_later_and_given_up_with_its_reason(only_scripted):
    only_scripted.answers = [notices.FailedForNow("网关忙")] * 9
    notices.notify(person=person(), title="一", at=AT)
    notices.send_due(AT)
    sending = notices.Sending.objects.get()
    assert sending.state == "retrying" and sending.available_at > AT and notices.send_due(AT) == 0
    for hours in range(1, 8):
        notices.send_due(AT + timedelta(hours=7 * hours))
    sending.refresh_from_db()
    assert sending.state == "failed" and "网关忙" in sending.reason and sending.attempts == 6
    only_scripted.answers = []
    assert notices.send_again(sending.pk, AT) and notices.send_due(AT) == 1
    assert notices.Sending.objects.get().state == "sent"


def test_a_refused_number_is_not_tried_again(only_scripted):
    only_scripted.answers = [notices.FailedForGood("空号")]
    notices.notify(person=person(), title="一", at=AT)
    notices.send_due(AT)
    assert [s.reason for s in notices.sendings_failed()] == ["空号"]


def test_without_a_gateway_messages_go_to_the_mailbox_file(tmp_path, settings, monkeypatch):
    from yimen.foundation.notices.channels.file import FileChannel

    settings.DATA = tmp_path
    monkeypatch.delenv("YIMEN_SMS_URL", raising=False)
    channels()
    register("file", FileChannel())
    FileChannel().send(notices.Message(reference="1", address="13800138000", title="", text="您的办件有进展"))
    [line] = (tmp_path / "mailbox" / "messages.jsonl").read_text().splitlines()
    assert json.loads(line) == {"reference": "1", "to": "138****8000", "text": "您的办件有进展"}


@pytest.mark.parametrize(
    ("status", "outcome"), [(200, None), (503, "FailedForNow"), (429, "FailedForNow"), (400, "FailedForGood")]
)
def test_what_the_gateway_answers_decides(status, outcome, monkeypatch):
    seen = []

    class Gateway(BaseHTTPRequestHandler):
        def do_POST(self):
            seen.append(
                (
                    self.headers["Authorization"],
                    json.loads(self.rfile.read(int(self.headers["Content-Length"]))),
                )
            )
            self.send_response(status)
            self.end_headers()

        def log_message(self, *_):
            pass

    server = HTTPServer(("127.0.0.1", 0), Gateway)
    threading.Thread(target=server.handle_request, daemon=True).start()
    monkeypatch.setenv("YIMEN_SMS_URL", f"http://127.0.0.1:{server.server_port}/send")
    monkeypatch.setenv("YIMEN_SMS_TOKEN", "secret")
    message = notices.Message(reference="7", address="13800138000", title="t", text="您的办件有进展")
    try:
        SmsChannel().send(message)
        found = None
    except Exception as failure:
        found = type(failure).__name__
    server.server_close()
    assert found == outcome
    assert seen == [("Bearer secret", {"id": "7", "phone": "13800138000", "text": "您的办件有进展"})]


@pytest.mark.urls(__name__)
def test_my_messages_page(client):
    me = person()
    notice = notices.notify(person=me, title="申请已受理", body="三天内\n给您结果", link="/my/", at=AT)
    stranger = notices.notify(person=person(), title="别人的", at=AT)
    assert client.get("/me/messages/").status_code == 302
    client.force_login(account(kind="resident", person=me))
    page = client.get("/me/messages/?page=abc")
    assert "申请已受理" in page.text and "别人的" not in page.text and "未读" in page.text
    assert client.get(f"/me/messages/{stranger.pk}/").status_code == 404
    assert client.get(f"/me/messages/{notice.pk}/")["Location"] == "/my/"
    assert "没有未读的消息" in client.get("/me/messages/?show=unread").text
    assert client.post("/me/messages/read/").status_code == 302
