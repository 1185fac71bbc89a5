"""Cases reach the register: what is handed in is checked at once, what is granted is entered with the decision.

Which item means which act is data (``Binding``). Both reactions run in the transaction of the case: an application whose name
is not free is not received, and a decision stands only with its licence.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Invalid, NotPossible
from yimen.modules.cases import api as cases
from yimen.modules.registration.models import Binding, MarketEntity, PremisesCertificate
from yimen.modules.registration.queries.register import entity_of_code
from yimen.modules.registration.rules import facts
from yimen.modules.registration.services import entering, naming, premises
from yimen.modules.registration.states import EntityKind

SIMPLE = "简易注销"
UNSUCCESSFUL = frozenset({"refused", "not_accepted", "withdrawn", "terminated"})


@dataclass(frozen=True)
class Matter:
    """A case that is bound to the register: its form opened, the moment, and whose authority it is."""

    case: cases.Case
    binding: Binding
    form: dict[str, Any]
    at: datetime

    @property
    def on(self) -> date:
        return self.at.astimezone(CHINA).date()

    @property
    def application(self) -> str:
        return self.case.application.number

    @property
    def names(self) -> dict[str, str]:
        return {
            "authority": self.case.organisation.name,
            "application": self.application,
            "case_number": self.case.number,
        }

    @property
    def simple(self) -> bool:
        """Asked for the simple way; sole traders have no other one in the register's eyes (条例第三十三条第二款)."""
        return self.form.get("cancel_way") == SIMPLE


def matters_of(application_id: int, at: datetime) -> list[Matter]:
    """The bound cases of an application, its form opened once; nothing is opened when none is bound."""
    rows = list(
        cases.Case.objects.filter(application_id=application_id, item__registration__isnull=False)
        .select_related("application__person", "application__entity", "organisation", "item__registration")
        .order_by("id")
    )
    form = rows[0].application.form if rows else {}
    return [Matter(row, row.item.registration, form, at) for row in rows]


def receive(application_id: int, at: datetime) -> None:
    """Check what was handed in against the register, and reserve its name.

    Raises:
        Refusal: the application is not received; the sentence and the fields say what would pass.
    """
    for matter in matters_of(application_id, at):
        _RECEIVE[matter.binding.act](matter)


def enter(case_id: int, at: datetime) -> None:
    """Enter what was granted.

    Raises:
        Refusal: the decision cannot stand; the officer reads why.
    """
    found = cases.Case.objects.filter(pk=case_id).values_list("application_id", flat=True).first()
    for matter in matters_of(found or 0, at):
        if matter.case.pk == case_id:
            _ENTER[matter.binding.act](matter)


def let_go(case_id: int, at: datetime) -> None:
    """The case ended without a grant: the name it held is free again."""
    row = cases.Case.objects.filter(pk=case_id, item__registration__act__in=["set_up", "change"])
    if number := row.values_list("application__number", flat=True).first():
        naming.release(number)


def _receive_set_up(matter: Matter) -> None:
    wanted = facts.set_up_of(matter.form, matter.binding.kind, matter.on)
    parent = _parent(wanted)
    if wanted.named:
        naming.reserve_name(
            wanted.name, division=wanted.division, kind=wanted.kind, application=matter.application, on=matter.on,
            person_id=matter.case.application.person_id, promised=wanted.promised, parent=parent.name if parent else "",
        )  # fmt: skip


def _parent(wanted: facts.SetUp) -> MarketEntity | None:
    if wanted.kind != EntityKind.BRANCH:
        return None
    parent = entity_of_code(wanted.parent_code)
    if parent is None:
        told = f"没有统一社会信用代码为 {wanted.parent_code} 的登记，请核对隶属单位的代码。"
        raise Invalid(told, fields={"branch_of_uscc": told})
    if parent.kind in (EntityKind.SOLE_TRADER, EntityKind.BRANCH):
        told = f"“{parent.name}”是{parent.kind_label}，不能设立分支机构。"
        raise Invalid(told, fields={"branch_of_uscc": told}, would_pass="另行办理设立登记。")
    entering.require_alive(parent)
    return parent


def _enter_set_up(matter: Matter) -> None:
    wanted = facts.set_up_of(matter.form, matter.binding.kind, matter.on)
    _parent(wanted)
    entity = entering.set_up(
        wanted, matter.at, authority=matter.case.organisation, application=matter.application,
        case_number=matter.case.number,
    )  # fmt: skip
    carried = {
        "entity_uscc": entity.uscc, "entity_name": entity.name, "established_on": entity.established_on.isoformat(),
    }  # fmt: skip
    cases.bring(matter.case, carried)


def _subject(matter: Matter, lock: bool = False) -> MarketEntity:
    """The entity that a change or a cancellation is about; only by itself or by its head."""
    code = facts.text_of(matter.form, "entity_uscc").upper()
    rows = MarketEntity.objects.select_for_update(of=("self",)) if lock else MarketEntity.objects.all()
    entity = rows.select_related("legal_entity").filter(uscc=code).first()
    if entity is None:
        told = f"登记簿里没有代码为 {code or '（空）'} 的市场主体，请核对统一社会信用代码。"
        raise Invalid(told, fields={"entity_uscc": told})
    applicant = matter.case.application
    by_itself = applicant.entity is not None and applicant.entity.uscc == code
    legal = entity.legal_entity
    by_head = (
        applicant.person_id is not None
        and legal is not None
        and legal.legal_representative_id == applicant.person_id
    )
    if not (by_itself or by_head):
        told = f"这项登记要由“{entity.name}”自己，或者它的法定代表人（经营者）申请。"
        raise Invalid(told, fields={"entity_uscc": told}, would_pass="请换成这家单位的名义申请。")
    if legal is None and by_itself:
        entity.legal_entity = applicant.entity
    return entity


def _receive_change(matter: Matter) -> None:
    entity = _subject(matter)
    entering.require_alive(entity)
    wanted = facts.change_of(matter.form, entity.kind, matter.on)
    head = wanted.representative
    if head is not None and head.name != entity.representative and not head.id_number:
        told = f"登记的是“{entity.representative}”，换成“{head.name}”要填写新任者的身份证号码。"
        raise Invalid(told, fields={"legal_representative_id_number": told})
    name = wanted.values.get("name", entity.name)
    if name != entity.name:
        naming.reserve_name(
            name, division=wanted.values.get("division", entity.division), kind=entity.kind,
            application=matter.application, on=matter.on, promised=wanted.promised, entity_id=entity.pk,
            parent=entity.parent.name if entity.parent else "",
        )  # fmt: skip


def _enter_change(matter: Matter) -> None:
    entity = _subject(matter, lock=True)
    entering.change(entity, facts.change_of(matter.form, entity.kind, matter.on), matter.at, **matter.names)


def _receive_cancel(matter: Matter) -> None:
    entering.require_cancellable(_subject(matter), matter.on, simple=matter.simple)


def _enter_cancel(matter: Matter) -> None:
    entity = _subject(matter, lock=True)
    names = {key: value for key, value in matter.names.items() if key != "application"}
    # An application in time stays in time, however long the authority took (条例第三十三条).
    received = matter.case.received_at or matter.at
    entering.cancel(
        entity, matter.at, simple=matter.simple, received_on=received.astimezone(CHINA).date(), **names
    )


def _premises(matter: Matter) -> tuple[str, str, date, PremisesCertificate | None]:
    form = matter.form
    value = form.get("premises_address")
    address = (
        str(value.get("detail") or "") if isinstance(value, dict) else facts.text_of(form, "premises_address")
    )
    holder = (
        facts.text_of(form, "entity_name", "entity_proposed_name", "premises_name")
        or matter.case.application.applicant_name
    )
    try:
        until = date.fromisoformat(facts.text_of(form, "lease_until"))
    except ValueError:
        told = "请填写截止日期。"
        raise Invalid(told, fields={"lease_until": told}) from None
    if form.get("application_kind") != "renewal":
        return holder, address, until, None
    number = facts.text_of(form, "original_certificate_number")
    old = PremisesCertificate.objects.filter(number=number).first()
    if old is None:
        told = f"没有编号为 {number or '（空）'} 的临时经营场所证明，请对照原证明核对。"
        raise Invalid(told, fields={"original_certificate_number": told})
    return old.holder, old.address, until, old


def _receive_premises(matter: Matter) -> None:
    _, _, until, old = _premises(matter)
    start = premises.require_renewable(old, matter.on) if old else matter.on
    premises.check_term(start, until, matter.on)


def _enter_premises(matter: Matter) -> None:
    holder, address, until, old = _premises(matter)
    code = facts.text_of(matter.form, "entity_uscc")
    # A renewal asked for in time is not lost by the time it took (行政许可法第五十条第二款).
    received = matter.case.received_at or matter.at
    premises.issue_premises(
        holder, address, until, received if old else matter.at, number=f"LSC{matter.case.number.replace('-', '')}"[:30],
        authority=matter.case.organisation.name, case_number=matter.case.number, renews=old,
        entity=entity_of_code(code) if code else None,
    )  # fmt: skip


_RECEIVE: dict[str, Callable[[Matter], None]] = {
    "set_up": _receive_set_up, "change": _receive_change, "cancel": _receive_cancel, "premises": _receive_premises,
}  # fmt: skip
_ENTER: dict[str, Callable[[Matter], None]] = {
    "set_up": _enter_set_up, "change": _enter_change, "cancel": _enter_cancel, "premises": _enter_premises,
}  # fmt: skip


def bind_item(item_id: int, act: str, kind: str = "") -> Binding:
    """Say what an item means for the register; saying it again replaces what was said.

    Raises:
        NotPossible: no such act, or a set-up without a kind.
    """
    if act not in dict(Binding.ACTS) or (act == "set_up" and kind not in set(EntityKind)):
        raise NotPossible(f"没有“{act} {kind}”这种登记行为。")
    row, _ = Binding.objects.update_or_create(item_id=item_id, defaults={"act": act, "kind": kind})
    return row
