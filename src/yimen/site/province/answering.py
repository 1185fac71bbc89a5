"""The answer key: what rules should find in a case (pure)."""

from typing import Any

from yimen.site.province.counting import Counting
from yimen.site.province.days import DAY, EPOCH, ZONE
from yimen.site.province.drawing import NOT_ACCEPTED
from yimen.site.province.records import Case
from yimen.site.province.wording import passed_step

OVERDUE = {
    "telling": "overdue_telling", "promised": "overdue_promised", "legal": "overdue_legal", "step": "step_overtime",
    "delivery": "overdue_delivery", "opinion": "overdue_opinion",
}  # fmt: skip
REMINDED = ("telling", "promised", "delivery")
SEEN_BY: dict[str, tuple[str, ...]] = {
    "not_accepting": ("refuse_acceptance",), "not_told_once": ("request_correction",),
    "suspended_without_paper": ("suspend",), "suspension_overran": ("resume",), "out_of_order": ("decide",),
    "one_officer": ("pass_step",), "handled_before_registered": ("accept",),
    "refused_without_reason": ("refuse_acceptance", "decide"), "asked_outside_guide": ("request_correction",),
    "fee_over_standard": ("decide",), "lost_clock": ("accept",),
}  # fmt: skip
"""The acts of which one has to have happened before a planted fault can be seen."""
GROUP_RULES = ("", "retaken", "split_case", "month_end")
LAST_ROLE = (-1, 1, 2, 0)


class Answering(Counting):
    """Tells what was planted in the cases of a plan, and what their clocks show; and what was handed in."""

    # -- materials, answer key ----------------------------------------------------------------------------------------

    def _materials(self, case: Case, fault: str, fate: int, variant: int) -> None:
        given = [("application", "form"), ("identity", "licence" if case.serial % 3 else "paper")]
        lacking = fate == NOT_ACCEPTED and not fault and variant == 1
        if not lacking:
            given.append(("proof", "paper" if case.channel == "window" else "file"))
        back = next((e.at for e in reversed(case.events) if e.act == "correct"), 0)
        waits = case.state == "correction_requested"
        for code, source in given:
            proof = code == "proof"
            state = "rejected" if proof and waits else "handed_in"
            case.materials.append((code, source, state, back if proof and back else case.received))

    def _came_to_pass(self, case: Case, fault: str, variant: int) -> bool:
        acts = [e for e in case.events if e.act in SEEN_BY[fault]]
        if fault == "not_told_once":
            return len(acts) > 1
        if fault == "one_officer":
            return any(e.data == passed_step("site", True) for e in acts)
        if fault == "out_of_order" and variant:
            return any(e.data == passed_step("check", True) for e in case.events)
        return bool(acts)

    def _key(self, case: Case, fault: str, row: dict[str, Any]) -> None:
        """What rules should find in this case alone: what was planted and came to pass, and what the clocks show."""
        if fault in SEEN_BY and self._came_to_pass(case, fault, row["variant"]):
            case.faults.append((fault, case.number))
        if row["grouped"] and row["role"] == LAST_ROLE[row["grouped"]]:
            rule = GROUP_RULES[row["grouped"]]
            code = self.places.offices[case.office].code
            case.faults.append((rule, f"{code}:{row['group']}" if rule == "month_end" else case.number))
        said = set()
        for clock in case.clocks:
            if not clock.due:
                continue
            closing = (clock.due - EPOCH) * DAY - ZONE + DAY
            late = clock.state == "missed" or (clock.state == "running" and closing <= self._end)
            if late and clock.kind in OVERDUE:
                said.add(OVERDUE[clock.kind])
            if clock.kind in REMINDED and clock.amount > 1 and clock.state != "cancelled":
                before = self._nth[self._until[clock.due - self._base + 1] - 1]
                came = max(clock.started, (before - EPOCH) * DAY - ZONE)
                if came < self._end and (not clock.stopped or clock.stopped > came):
                    said.add("near_due")
        case.faults += [(rule, case.number) for rule in sorted(said)]
