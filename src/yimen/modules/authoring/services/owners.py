"""Whose item a row is: the division by its code, the department by code, name or USCC; unknown ones are registered and told."""

from datetime import datetime
from hashlib import sha256

from yimen.foundation.orgs.api import (
    Division,
    DivisionRow,
    Organisation,
    create_organisation,
    division_with_code,
    level_of,
    organisations,
    save_divisions,
)
from yimen.kernel.actor import Actor
from yimen.kernel.errors import NotAllowed, NotFound
from yimen.modules.authoring.intake.rows import DOUBT, INFO, Draft
from yimen.modules.items.api.authors import Item, reaches
from yimen.modules.items.permissions import WRITE


class Owners:
    """Finds, and where needed registers, divisions and departments during one import."""

    def __init__(self, actor: Actor, at: datetime, *, dry_run: bool) -> None:
        self._actor, self._at, self._dry_run = actor, at, dry_run
        self._divisions: dict[str, Division] = {}
        self._found: dict[tuple[str, str, str, str], Organisation] = {}
        self._by_code: dict[str, Organisation] = {}
        self._by_name: dict[tuple[str, str], Organisation] = {}
        self._by_uscc: dict[str, Organisation] = {}
        for organisation in organisations():
            self._remember(organisation)

    def _remember(self, organisation: Organisation) -> None:
        self._by_code[organisation.code] = organisation
        for name in filter(None, (organisation.name, organisation.short_name)):
            self._by_name.setdefault((organisation.division.code, name), organisation)
        if organisation.uscc:
            self._by_uscc.setdefault(organisation.uscc, organisation)

    def find(self, draft: Draft) -> Organisation:
        """The organisation of a row.

        Raises:
            NotFound: neither department nor USCC given, or the division is unknown.
            NotAllowed: the actor may not write its items.
        """
        key = (draft.organisation, draft.department, draft.uscc, draft.area)
        organisation = self._found.get(key)
        if organisation is None:
            organisation = self._known(draft) or self._new(draft)
            self._found[key] = organisation
        self._allowed(organisation)
        return organisation

    def division_of(self, draft: Draft, organisation: Organisation) -> Division:
        """The row's own division, else that of its organisation."""
        return self._division(draft) or organisation.division

    def _known(self, draft: Draft) -> Organisation | None:
        if draft.organisation and draft.organisation in self._by_code:
            return self._by_code[draft.organisation]
        if draft.department:
            if draft.area and (draft.area, draft.department) in self._by_name:
                return self._by_name[draft.area, draft.department]
            if not draft.area:
                same = [org for (_, name), org in self._by_name.items() if name == draft.department]
                return same[0] if len(same) == 1 else self._by_uscc.get(draft.uscc)
            return None
        return self._by_uscc.get(draft.uscc)

    def _new(self, draft: Draft) -> Organisation:
        if not draft.department:
            raise NotFound("没有实施部门，也没有可以识别的统一社会信用代码，请填写部门名称。")
        division = self._division(draft)
        if division is None:
            raise NotFound(
                f"“{draft.department}”不在本平台的机构表中，又没有区划代码，不知道属于哪里，请补上12位区划代码。"
            )
        code = "imp-" + sha256(f"{division.code}|{draft.department}".encode()).hexdigest()[:12]
        uscc = draft.uscc if draft.uscc not in self._by_uscc else ""
        if self._dry_run:
            organisation = Organisation(
                code=code,
                name=draft.department[:120],
                short_name=draft.department[:40],
                uscc=uscc,
                division=division,
            )
        else:
            organisation = create_organisation(
                code=code,
                name=draft.department[:120],
                short_name=draft.department[:40],
                uscc=uscc,
                division=division,
                actor=self._actor,
                at=self._at,
            )
        self._remember(organisation)
        draft.say(
            INFO,
            "department",
            "department_created",
            f"本平台没有“{draft.department}”，已在{division.name}登记为新机构（代码{code}）。",
            "如果它是已有机构的别名，请在机构管理中合并。",
        )
        return organisation

    def _division(self, draft: Draft) -> Division | None:
        if not draft.area:
            return None
        if draft.area not in self._divisions:
            try:
                self._divisions[draft.area] = division_with_code(draft.area)
            except NotFound:
                self._divisions[draft.area] = self._new_division(draft)
        return self._divisions[draft.area]

    def _new_division(self, draft: Draft) -> Division:
        name = f"区划{draft.area.rstrip('0') or draft.area}（待核实）"
        draft.say(
            DOUBT,
            "area",
            "division_unresolved",
            f"区划代码{draft.area}不在本平台的区划表中，已登记为“{name}”。",
            "请由管理员核对后更正区划名称。",
        )
        if self._dry_run:
            return Division(code=draft.area, name=name, level=level_of(draft.area))
        if self._actor.channel != "system" and not self._actor.may("console:organisation:manage"):
            raise NotAllowed(f"区划代码{draft.area}不在本平台的区划表中，请由管理员先登记。")
        save_divisions([DivisionRow(code=draft.area, name=name)])
        return division_with_code(draft.area)

    def _allowed(self, organisation: Organisation) -> None:
        probe = Item(
            organisation=organisation, division=organisation.division, organisation_id=organisation.pk
        )
        if not reaches(WRITE, self._actor, probe):
            raise NotAllowed(f"您没有编制“{organisation.name}”事项的权限。")
