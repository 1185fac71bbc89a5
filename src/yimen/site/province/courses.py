"""From what was drawn to the record of each case: what is done, in order, until the plan ends (pure)."""

from collections.abc import Iterator
from datetime import date
from typing import Any

import numpy as np

from yimen.site.province import catalogue
from yimen.site.province.answering import Answering
from yimen.site.province.catalogue import FEE, INSTANT, JOINT, KINDS, SITE
from yimen.site.province.drawing import CHANNELS, FAULT_NAMES, NOT_ACCEPTED, REFUSED, TERMINATED, Draw
from yimen.site.province.records import APPLICANT, FINAL_STATES, Case, Event, numbers_of
from yimen.site.province.wording import (
    OWN_CLAUSE,
    act_of,
    data_of,
    not_accepted,
    notice,
    opinion,
    passed_step,
    way_of,
)


class Courses(Answering):
    """Makes the cases of a plan's draws."""

    def cases(self, draw: Draw) -> Iterator[Case]:
        """The cases of one batch, in order of serial, those not handed in by the end left out."""
        moments = {
            name: self._moments(getattr(draw, name))
            for name in (
                "accepted", "opined", "first", "suspended", "resumed", "second", "third", "decided", "delivered", "ended",
            )
        }  # fmt: skip
        noticed = self._moments(draw.noticed)
        corrected = self._moments(draw.corrected)
        plain = {
            n: v.tolist()
            for n, v in draw.columns().items()
            if n not in moments and n not in ("noticed", "corrected")
        }
        before = FAULT_NAMES.index("handled_before_registered")
        numbers = numbers_of(draw.received, draw.serial)
        for i in range(len(draw)):
            row = {name: values[i] for name, values in plain.items()}
            t = {name: values[i] for name, values in moments.items()}
            if row["fault"] == before:
                later = t["accepted"] + 2400 + row["variant"] * 7200
                if later < self._end:
                    row["received"] = later
                else:
                    row["fault"] = -1
            if row["received"] < self._end:
                yield self._case(numbers[i], row, t, noticed[i], corrected[i])

    def _moments(self, positions: Any) -> Any:
        gone = np.isnan(positions)
        return np.where(gone, 0, self.time.moment(np.where(gone, 0.0, positions))).tolist()

    # -- one case -----------------------------------------------------------------------------------------------

    def _case(
        self, number: str, row: dict[str, Any], t: dict[str, int], noticed: list[int], corrected: list[int]
    ) -> Case:
        kind = KINDS[row["kind"]]
        case = Case(
            row["serial"], number, row["county"], row["person"], row["item"], kind, row["office"],
            CHANNELS[row["channel"]], row["received"],
        )  # fmt: skip
        fault = FAULT_NAMES[row["fault"]] if row["fault"] >= 0 else ""
        events = [e for e in self._acts(case, row, t, noticed, corrected, fault) if e.at < self._end]
        case.events = events
        for e in events:
            self._note(case, e)
        case.state = events[-1].after
        self._clocks(case, t, fault)
        self._materials(case, fault, row["fate"], row["variant"])
        self._key(case, fault, row)
        return case

    def _note(self, case: Case, e: Event) -> None:
        if e.act == "submit" or e.act == "correct":
            case.renewed = e.at
        elif e.act == "request_correction":
            case.corrections += 1
        elif e.act == "accept":
            case.accepted = e.at
        elif e.act == "decide":
            case.decided, case.outcome = e.at, e.after
            case.accepted = case.accepted or e.at
        elif e.act == "suspend":
            case.resume = e.before
        elif e.act == "resume":
            case.resume = ""
        if e.after in FINAL_STATES:
            case.finished = e.at

    def _acts(
        self,
        case: Case,
        row: dict[str, Any],
        t: dict[str, int],
        noticed: list[int],
        corrected: list[int],
        fault: str,
    ) -> Iterator[Event]:
        """What is done, in order; whoever reads stops where the plan ends."""
        window = case.channel == "window"
        clerk, first, second, head = (
            self.places.clerk(case.county),
            *(self.places.staff(case.office, n) for n in range(3)),
        )
        if case.serial & 1:
            first, second = second, first
        asking = clerk if window else APPLICANT
        channel = case.channel if window else "online"
        ended, variant = t["ended"], row["variant"]
        state = "submitted"
        yield Event(case.received, "submit", "draft", "submitted", asking, channel, "", "收到申请材料", "")
        for turn in range(row["corrections"]):
            asked = notice(fault, turn)
            yield act_of(
                noticed[turn],
                "request_correction",
                state,
                "correction_requested",
                first,
                note=asked[0],
                data=asked[1],
            )
            yield Event(
                corrected[turn], "correct", "correction_requested", "submitted", asking, channel, "", "补交材料",
                '{"form":[],"materials":["proof"]}',
            )  # fmt: skip
        instant = case.kind == INSTANT
        if row["fate"] == NOT_ACCEPTED:
            at = t["decided"] if instant else t["accepted"]
            clause, reason = not_accepted(fault, variant)
            data = data_of(reason=reason, would_pass="具备条件后再来申请")
            yield act_of(at, "refuse_acceptance", state, "not_accepted", first, clause, reason, data)
            return
        if not instant:
            yield act_of(t["accepted"], "accept", state, "accepted", first)
            state = "accepted"
            steps = list(self._steps(case, t, fault, variant, first, second))
            for at, act, after, worker, note, data in steps:
                if ended and at >= ended:
                    break
                yield act_of(at, act, state, after, worker, note=note, data=data)
                state = after
        if ended:
            if row["fate"] == TERMINATED:
                reason = "申请人未按要求配合审查，依法终止办理"
                yield act_of(
                    ended, "terminate", state, "terminated", head, OWN_CLAUSE, reason, data_of(reason=reason)
                )
            else:
                yield Event(ended, "withdraw", state, "withdrawn", asking, channel, "", "申请人撤回申请", "")
            return
        refused = row["fate"] == REFUSED
        after = "refused" if refused else "granted"
        clause, note, data = self._decision(case, fault, variant, refused, instant)
        yield act_of(t["decided"], "decide", state, after, first if instant else head, clause, note, data)
        way = "窗口领取" if window else "电子送达"
        yield act_of(
            t["delivered"],
            "deliver",
            after,
            "delivered",
            clerk if window else second,
            note=way,
            data=way_of(window),
        )

    def _steps(
        self, case: Case, t: dict[str, int], fault: str, variant: int, first: int, second: int
    ) -> Iterator[tuple[int, str, str, int, str, str]]:
        if case.kind == JOINT:
            data = data_of(answer="agree", organisation=catalogue.asked_code(), step="review")
            yield t["opined"], "give_opinion", "accepted", self.places.staff(self._asked, 0), "同意", data
        signed = [(t["first"], "review", first, True)]
        if case.kind == "two":
            signed.append((t["second"], "check", second, True))
            if fault == "out_of_order":
                late, early = signed[1], signed[0]
                signed = (
                    signed[:1]
                    if variant == 0
                    else [(early[0], "check", second, True), (late[0], "review", first, True)]
                )
        for at, code, worker, passed in signed:
            yield at, "pass_step", "in_review", worker, opinion(code), passed_step(code, passed)
        if case.kind != SITE:
            return
        if t["suspended"]:
            start = self._day(t["suspended"])
            days = self._pause_days(t, fault)
            told = self._due(start, days)
            document = (
                "" if fault == "suspended_without_paper" else f"云检通〔{start % 10000}〕{case.serial}号"
            )
            data = data_of(
                days=days, document=document, name="检测", procedure="testing",
                until=date.fromordinal(told).isoformat() if told else "",
            )  # fmt: skip
            yield t["suspended"], "suspend", "suspended", first, f"检测，需要{days}个工作日", data
            yield t["resumed"], "resume", "in_review", first, "特别程序结束，恢复计时", ""
        alone = fault == "one_officer"
        yield t["second"], "pass_step", "in_review", first, opinion("site"), passed_step("site", alone)
        if not alone:
            yield t["third"], "pass_step", "in_review", second, opinion("site"), passed_step("site", True)

    def _decision(
        self, case: Case, fault: str, variant: int, refused: bool, instant: bool
    ) -> tuple[str, str, str]:
        bare = fault == "refused_without_reason"
        reason = ("不予" if bare and variant == 2 else "申请材料反映的条件不符合规定") if refused else "准予"
        clause = OWN_CLAUSE if refused and not (bare and variant == 1) else ""
        data: dict[str, Any] = {
            "on_the_spot": instant, "outcome": "refused" if refused else "granted",
            "would_pass": "具备条件后再来申请" if refused else "",
        }  # fmt: skip
        if case.kind == FEE:
            over = 20 + 10 * variant if fault == "fee_over_standard" else 0
            data["fees"] = [{"amount": catalogue.FEE_AMOUNT + over, "name": catalogue.FEE_NAME}]
        return clause, reason, data_of(**data)
