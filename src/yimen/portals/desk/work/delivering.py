"""Handing over the results of one application all at once: every one of them or none."""

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.http import QueryDict

from yimen.kernel.actor import Actor
from yimen.kernel.errors import Conflict, NotPossible, Refusal
from yimen.modules.cases import api as cases
from yimen.portals.desk.lists.results import reach_of
from yimen.portals.desk.work.payloads import payload_of

NUMBER_LENGTH = 28


def deliver_together(
    number: str, included: Mapping[str, int], post: QueryDict, actor: Actor, at: datetime
) -> list[cases.Case]:
    """Deliver everything of an application that this actor hands over.

    Args:
        number: of the application.
        included: case number to the revision that the page showed.
        post: the form: way, receiver, reference.

    Raises:
        NotFound: unknown or invisible application.
        Invalid: something of the form is left open.
        NotPossible: not everything is decided, or one of them was refused; nothing was handed over, and each is told.
        Conflict: the results are others than those shown.
    """
    application = cases.application_with_number(number, actor)
    reach = reach_of([application.pk], actor).get(application.pk)
    if reach is None or not application.together or not reach.ready:
        raise NotPossible("这次申请没有可以由您一起送达的结果，请刷新后再看。")
    if reach.undecided:
        raise NotPossible(f"申请人选择全部办好后一起领取，还有{reach.undecided}件没有作出决定。")
    if {case.number for case in reach.ready} != set(included):
        raise Conflict("可以送达的结果刚刚有变化，没有送达。请核对最新的名单后再办，您填写的内容还在。")
    payload = payload_of("deliver", reach.ready[0], post)
    done: list[cases.Case] = []
    refused: list[str] = []
    with transaction.atomic():
        for case in reach.ready:
            try:
                done.append(
                    cases.act(case.number, "deliver", payload, actor, at, revision=included[case.number])
                )
            except Refusal as refusal:
                refused.append(f"“{case.item.name}”：{refusal.message}")
        transaction.set_rollback(bool(refused))
    if refused:
        raise NotPossible("都没有送达，因为：" + "；".join(refused))
    return done


def shown_revisions(post: QueryDict) -> dict[str, int]:
    """Case number to revision as the page had them; what is no revision is no number that fits."""
    found = {}
    for text in post.getlist("included")[:60]:
        number, _sep, revision = str(text)[: NUMBER_LENGTH + 10].partition(":")
        found[number] = int(revision) if revision.isascii() and revision.isdigit() else -1
    return found
