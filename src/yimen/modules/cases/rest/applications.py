"""REST of applications."""

from dataclasses import replace
from typing import Any

from django.http import HttpRequest
from ninja import Router, Status

from yimen.kernel.access import actor_of_request
from yimen.kernel.actor import Actor
from yimen.kernel.clock import now
from yimen.kernel.errors import Invalid
from yimen.modules.cases import queries
from yimen.modules.cases.models import Application
from yimen.modules.cases.permissions import CREATE
from yimen.modules.cases.rest.shapes import ApplicationActIn, ApplicationIn, ApplicationOut
from yimen.modules.cases.services.intake.composing import compose
from yimen.modules.cases.services.intake.hand_in import HandIn, hand_in
from yimen.modules.cases.services.joint.telling import tell_together
from yimen.modules.cases.services.joint.together import accept_together, correct_together

router = Router(tags=["办件"])


@router.post("/applications", response={201: ApplicationOut}, summary="提交申请", by_alias=True)
def create_application(request: HttpRequest, payload: ApplicationIn) -> Status[Any]:
    actor = _through(actor_of_request(request), payload.channel)
    command = HandIn(
        items=payload.items,
        applicant=payload.applicant,
        form=payload.form,
        materials=payload.materials,
        centre=payload.centre,
        delivery_way=payload.delivery_way,
        draft=payload.draft,
        expected=payload.standards,
        together=payload.together,
    )
    if payload.theme:
        return Status(201, _application(compose(command, payload.theme, payload.answers, actor, now())))
    return Status(201, _application(hand_in(command, actor, now())))


@router.get("/applications/{number}", response=ApplicationOut, summary="查看申请")
def read_application(request: HttpRequest, number: str) -> Any:
    return _application(queries.application_with_number(number, actor_of_request(request)))


@router.post("/applications/{number}/acts", response=ApplicationOut, summary="对整个申请办理一步（一件事）")
def act_on_application(request: HttpRequest, number: str, payload: ApplicationActIn) -> Any:
    actor, at = actor_of_request(request), now()
    if payload.act == "accept_together":
        accept_together(number, actor, at)
    elif payload.act == "tell_together":
        tell_together(number, actor, at)
    else:
        correct_together(number, payload.materials, payload.form, actor, at)
    return _application(queries.application_with_number(number, actor))


def _through(actor: Actor, channel: str) -> Actor:
    """The channel as told; only window clerks speak for a window."""
    if channel == "window" and not actor.may(CREATE):
        raise Invalid("只有窗口收件人员可以以窗口方式提交。", fields={"channel": "请用 online 或 api。"})
    return replace(actor, channel=channel)


def _application(application: Application) -> dict[str, Any]:
    waiting = queries.waits_of(application)
    return {
        "number": application.number,
        "state": application.state,
        "received_at": application.received_at,
        "joint": application.joint,
        "due_at": queries.joint_due(application),
        "cases": [
            {"number": c.number, "item": c.published.code, "state": c.state, "after": waiting.get(c.pk, [])}
            for c in application.cases.all()
        ],
    }
