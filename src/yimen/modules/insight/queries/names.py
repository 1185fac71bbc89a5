"""The names behind the keys of cubes, one statement a dimension."""

from collections.abc import Iterable, Mapping
from typing import Any

from yimen.foundation.orgs import api as orgs
from yimen.modules.cases import api as cases
from yimen.modules.insight.queries.asking import LEVELS
from yimen.modules.items import api as items

CHANNELS = {
    "window": "窗口",
    "online": "网上",
    "mobile": "手机",
    "kiosk": "自助机",
    "courier": "邮寄",
    "api": "接口",
    "system": "平台",
}
NO_CENTRE = "不经中心"
Name = tuple[str, str]
"""Public code and Chinese name."""


def names_of(cut: str, keys: Iterable[Any]) -> dict[Any, Name]:
    """Key to (code, name) of the values of one cut; what has no name is told by its key."""
    wanted = set(keys)
    found = dict(_found(cut, wanted))
    return {key: found.get(key, (str(key), str(key))) for key in wanted}


def _found(cut: str, wanted: set[Any]) -> Mapping[Any, Name]:
    if cut == "organisation":
        rows = orgs.Organisation.objects.filter(pk__in=wanted)
        return {o.pk: (o.code, o.label) for o in rows}
    if cut == "centre":
        held = {c.pk: (c.code, c.name) for c in orgs.Centre.objects.filter(pk__in=wanted)}
        return {0: ("", NO_CENTRE)} | held
    if cut == "item":
        return {i.pk: (i.code, i.name) for i in items.Item.objects.filter(pk__in=wanted)}
    if cut in LEVELS or cut == "division":
        codes = {orgs.full_code(str(key)): key for key in wanted}
        rows_ = orgs.Division.objects.filter(code__in=codes)
        return {codes[d.code]: (d.code, d.name) for d in rows_}
    if cut == "channel":
        return {key: (key, CHANNELS.get(key, key)) for key in wanted}
    if cut in ("state", "from_state", "to_state"):
        labels = {s.value: label for s, label in cases.STATE_LABELS.items()}
        return {key: (key, labels.get(key, key)) for key in wanted}
    if cut == "act":
        return {key: (key, cases.MACHINE.steps[key].label) for key in wanted if key in cases.MACHINE.steps}
    return {}
