"""Setting parameters: a new row from a day on; nothing is overwritten."""

from datetime import date, datetime
from typing import Any

from django.db import transaction

from yimen.foundation.params.events import ParamSet
from yimen.foundation.params.models import Param
from yimen.foundation.params.permissions import PARAM_MANAGE
from yimen.foundation.params.registry import declaration_of
from yimen.foundation.trace import api as trace
from yimen.kernel.actor import PLATFORM, Actor
from yimen.kernel.errors import Invalid, NotAllowed
from yimen.kernel.events import announce


def _checked(code: str, value: Any) -> Any:
    default = declaration_of(code).default
    if isinstance(default, bool) != isinstance(value, bool) or (
        not isinstance(default, bool) and isinstance(default, int | float) != isinstance(value, int | float)
    ):
        raise Invalid("值的类型不对。", fields={"value": f"值应与默认值“{default}”同类，请改填。"})
    if isinstance(default, str | list | dict) and not isinstance(value, type(default)):
        raise Invalid("值的类型不对。", fields={"value": f"值应与默认值“{default}”同类，请改填。"})
    return value


def _require_reach(actor: Actor, division: str) -> None:
    if actor == PLATFORM:
        return
    reached = any(
        division.startswith(scope.division) and scope.organisation_id is None and scope.centre_id is None
        for scope in actor.scopes(PARAM_MANAGE)
    )
    if not reached:
        raise NotAllowed("您只能修改自己管辖范围内的参数。")


@transaction.atomic
def set_value(
    code: str,
    value: Any,
    *,
    valid_from: date,
    actor: Actor,
    at: datetime,
    division: str = "",
    clause: str = "",
) -> Param:
    """Set a parameter from a day on, for the whole platform or one division and all below it.

    Raises:
        NotFound: no code declares it.
        NotAllowed: the division is out of the actor's scope.
        Invalid: the value is of another type than the default, or the division code is no code.
    """
    checked = _checked(code, value)
    if division and not (division.isdigit() and len(division) == 12):
        raise Invalid("区划代码应为12位数字。", fields={"division": "区划代码应为12位数字，全平台请留空。"})
    _require_reach(actor, division)
    row = Param.objects.create(
        code=code,
        value=checked,
        division=division,
        clause=clause.strip(),
        valid_from=valid_from,
        set_by_id=actor.account_id,
        set_by_name=actor.name,
        set_at=at,
    )
    trace.append(
        "param",
        code,
        "set_param",
        actor,
        at,
        clause=clause.strip(),
        note=f"{division or '全平台'} = {checked}",
    )
    announce(ParamSet(at=at, code=code, division=division, actor_id=actor.account_id))
    return row
