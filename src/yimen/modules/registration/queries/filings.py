"""The applicant's own documents that follow from a set-up's form."""

from dataclasses import dataclass
from datetime import date

from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotFound
from yimen.modules.cases import api as cases
from yimen.modules.registration.models import Binding
from yimen.modules.registration.papers import place_name
from yimen.modules.registration.rules.deeds import Deed, deeds_of
from yimen.modules.registration.rules.facts import set_up_of


@dataclass(frozen=True)
class Filing:
    """An application that sets something up, with the documents of its form; ``on`` is their day."""

    number: str
    name: str
    on: date
    deeds: list[Deed]


def has_filing(application_id: int) -> bool:
    """Does an application set something up, so that documents follow from its form?"""
    return Binding.objects.filter(act="set_up", item__cases__application_id=application_id).exists()


def filing_of(number: str, actor: Actor) -> Filing:
    """The documents of one's own application.

    Raises:
        NotFound: not one's own, or nothing is set up by it.
    """
    found = cases.own_applications(actor).filter(number=number[:40]).first()
    binding = (
        Binding.objects.filter(act="set_up", item__cases__application=found).order_by("id").first()
        if found
        else None
    )
    if found is None or binding is None:
        raise NotFound("没有找到这份设立申请，可能编号输错了，也可能它不是您的。")
    on = (found.received_at or found.created_at).astimezone(CHINA).date()
    try:
        wanted = set_up_of(found.form, binding.kind, on)
    except Invalid as wrong:
        raise NotFound("申请表还没有填完，填好以后才能生成文件。") from wrong
    return Filing(found.number, wanted.name, on, deeds_of(wanted, place_name(wanted.division, on)))
