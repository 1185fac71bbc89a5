"""From what was drawn to the record of each case: events, clocks, materials, opinions, and the answer key (pure)."""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Any, NamedTuple

import numpy as np

from yimen.modules.cases.api import FINAL, MACHINE
from yimen.site.province import catalogue
from yimen.site.province.catalogue import FEE, INSTANT, JOINT, KINDS, SHAPES, SIMPLE, SITE
from yimen.site.province.days import DAY, EPOCH, ZONE, WorkTime
from yimen.site.province.drawing import CHANNELS, FAULT_NAMES, NOT_ACCEPTED, REFUSED, TERMINATED, Draw
from yimen.site.province.places import Places
from yimen.site.province.plan import DEPARTMENTS, Plan

APPLICANT = -1
FINAL_STATES = frozenset(map(str, FINAL))
DELIVERY_DAYS, TELLING_DAYS, CORRECTION_DAYS = 10, 5, 20
OWN_CLAUSE = "云岚省虚构管理条例第九条"
OVERDUE = {
    "telling": "overdue_telling", "promised": "overdue_promised", "legal": "overdue_legal", "step": "step_overtime",
    "delivery": "overdue_delivery", "opinion": "overdue_opinion",
}  # fmt: skip
CLAUSES = {
    "telling": "行政许可法第三十二条第一款第（四）项", "correction": "补正通知书", "legal": "行政许可法第四十二条", "promised": "",
    "step": "", "delivery": "行政许可法第四十四条", "procedure": "行政许可法第四十五条", "opinion": "",
}  # fmt: skip
REMINDED = ("telling", "promised", "delivery")


class Event(NamedTuple):
    """One act; ``worker`` counts the staff, or is ``APPLICANT``."""

    at: int
    act: str
    before: str
    after: str
    worker: int
    channel: str
    clause: str
    note: str
    data: str


class Clock(NamedTuple):
    """One limit in working days; ``due`` is an ordinal, 0 while paused or in a year not announced."""

    kind: str
    suffix: str
    amount: int
    first_day: str
    started: int
    due: int
    state: str
    stopped: int
    office: int
    pauses: tuple[tuple[int, int, str], ...]


class Opinion(NamedTuple):
    """An opinion asked of another department; ``answered`` 0 = not yet."""

    step: str
    office: int
    asked: int
    due: int
    answered: int


@dataclass(slots=True)
class Case:
    """One case as it stands at the end of the plan."""

    serial: int
    number: str
    county: int
    person: int
    item: int
    kind: str
    office: int
    channel: str
    received: int
    renewed: int = 0
    accepted: int = 0
    decided: int = 0
    finished: int = 0
    state: str = ""
    outcome: str = ""
    corrections: int = 0
    resume: str = ""
    passed: list[str] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    clocks: list[Clock] = field(default_factory=list)
    materials: list[tuple[str, str, str, int]] = field(default_factory=list)
    opinions: list[Opinion] = field(default_factory=list)
    faults: list[tuple[str, str]] = field(default_factory=list)

    @property
    def is_open(self) -> bool:
        return self.state not in FINAL_STATES


class Courses:
    """Makes the cases of a plan's draws."""

    def __init__(self, plan: Plan, time: WorkTime, places: Places) -> None:
        self.plan, self.time, self.places = plan, time, places
        self._end = int(plan.until.timestamp())
        tables = time.calendar.tables
        self._base, self._until, self._nth = tables.base, tables.until.tolist(), tables.nth.tolist()
        self._asked = plan.counties * DEPARTMENTS + catalogue.ASKED

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
            asked = _notice(fault, turn)
            yield _act(
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
            clause, reason = _not_accepted(fault, variant)
            data = _json(reason=reason, would_pass="具备条件后再来申请")
            yield _act(at, "refuse_acceptance", state, "not_accepted", first, clause, reason, data)
            return
        if not instant:
            yield _act(t["accepted"], "accept", state, "accepted", first)
            state = "accepted"
            steps = list(self._steps(case, t, fault, variant, first, second))
            for at, act, after, worker, note, data in steps:
                if ended and at >= ended:
                    break
                yield _act(at, act, state, after, worker, note=note, data=data)
                state = after
        if ended:
            if row["fate"] == TERMINATED:
                reason = "申请人未按要求配合审查，依法终止办理"
                yield _act(
                    ended, "terminate", state, "terminated", head, OWN_CLAUSE, reason, _json(reason=reason)
                )
            else:
                yield Event(ended, "withdraw", state, "withdrawn", asking, channel, "", "申请人撤回申请", "")
            return
        refused = row["fate"] == REFUSED
        after = "refused" if refused else "granted"
        clause, note, data = self._decision(case, fault, variant, refused, instant)
        yield _act(t["decided"], "decide", state, after, first if instant else head, clause, note, data)
        way = "窗口领取" if window else "电子送达"
        yield _act(
            t["delivered"],
            "deliver",
            after,
            "delivered",
            clerk if window else second,
            note=way,
            data=_way(window),
        )

    def _steps(
        self, case: Case, t: dict[str, int], fault: str, variant: int, first: int, second: int
    ) -> Iterator[tuple[int, str, str, int, str, str]]:
        if case.kind == JOINT:
            data = _json(answer="agree", organisation=catalogue.asked_code(), step="review")
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
            yield at, "pass_step", "in_review", worker, _opinion(code), _passed(code, passed)
        if case.kind != SITE:
            return
        if t["suspended"]:
            start = self._day(t["suspended"])
            days = self._pause_days(t, fault)
            told = self._due(start, days)
            document = (
                "" if fault == "suspended_without_paper" else f"云检通〔{start % 10000}〕{case.serial}号"
            )
            data = _json(
                days=days, document=document, name="检测", procedure="testing",
                until=date.fromordinal(told).isoformat() if told else "",
            )  # fmt: skip
            yield t["suspended"], "suspend", "suspended", first, f"检测，需要{days}个工作日", data
            yield t["resumed"], "resume", "in_review", first, "特别程序结束，恢复计时", ""
        alone = fault == "one_officer"
        yield t["second"], "pass_step", "in_review", first, _opinion("site"), _passed("site", alone)
        if not alone:
            yield t["third"], "pass_step", "in_review", second, _opinion("site"), _passed("site", True)

    def _pause_days(self, t: dict[str, int], fault: str) -> int:
        """Working days told: as many as it took, or fewer where it overran."""
        took = self._count(t["resumed"]) - self._count(t["suspended"])
        return max(1, took - 1 if fault == "suspension_overran" else took)

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
        return clause, reason, _json(**data)

    # -- clocks ---------------------------------------------------------------------------------------------------

    def _clocks(self, case: Case, t: dict[str, int], fault: str) -> None:
        happened: dict[str, list[int]] = {}
        for e in case.events:
            happened.setdefault(e.act, []).append(e.at)
        gone = case.finished if case.state in ("withdrawn", "terminated") else 0
        shape = SHAPES[case.kind]
        # the five days to tell, anew after each correction
        starts = [case.received, *happened.get("correct", ())]
        done = (happened.get("accept") or happened.get("refuse_acceptance") or happened.get("decide") or [0])[
            0
        ]
        stops = [*happened.get("request_correction", ()), done]
        for place, start in enumerate(starts):
            self._clock(case, "telling", TELLING_DAYS, start, stops[place] if place < len(stops) else 0, gone)
        for place, start in enumerate(happened.get("request_correction", ())):
            answered = happened.get("correct", ())
            stop = answered[place] if place < len(answered) else 0
            self._clock(case, "correction", CORRECTION_DAYS, start, stop, gone, office=-1)
        if not case.accepted:
            return
        decided = case.decided
        pauses = self._pauses(case, happened)
        resumed = happened.get("resume", ())
        if fault != "lost_clock":
            held = (pauses, bool(pauses) and not resumed)
            self._clock(case, "legal", shape.legal, case.accepted, decided, gone, pauses=held)
            same = "same" if not shape.promised else "next"
            self._clock(
                case,
                "promised",
                shape.promised or 1,
                case.accepted,
                decided,
                gone,
                first_day=same,
                pauses=held,
            )
        if case.kind == SIMPLE:
            passed = happened.get("pass_step", (0,))[0]
            self._clock(case, "step", catalogue.STEP_DAYS, case.accepted, passed, gone, suffix=":review")
        if case.kind == JOINT:
            given = happened.get("give_opinion", (0,))[0]
            suffix = f":review:@{self._asked}"
            self._clock(
                case,
                "opinion",
                catalogue.SILENCE_DAYS,
                case.accepted,
                given,
                gone,
                suffix=suffix,
                office=self._asked,
            )
            case.opinions.append(Opinion("review", self._asked, case.accepted, case.clocks[-1].due, given))
        if "suspend" in happened:
            start = happened["suspend"][0]
            days = self._pause_days(t, fault)
            self._clock(case, "procedure", days, start, resumed[0] if resumed else 0, gone, office=-1)
        if decided:
            self._clock(case, "delivery", DELIVERY_DAYS, decided, (happened.get("deliver") or [0])[0], 0)

    def _pauses(self, case: Case, happened: dict[str, list[int]]) -> tuple[tuple[int, int, str], ...]:
        if "suspend" not in happened:
            return ()
        document = next(json.loads(e.data)["document"] for e in case.events if e.act == "suspend")
        ends = happened.get("resume") or ([case.finished] if case.finished else [0])
        return ((self._day(happened["suspend"][0]), self._day(ends[0]) if ends[0] else 0, document),)

    def _clock(
        self, case: Case, kind: str, amount: int, start: int, stop: int, gone: int, *, suffix: str = "", office: int = -2,
        first_day: str = "next", pauses: tuple[tuple[tuple[int, int, str], ...], bool] = ((), False),
    ) -> None:  # fmt: skip
        spans, open_pause = pauses
        due = 0 if open_pause else self._due(self._day(start), amount, first_day, spans)
        if stop:
            state = "missed" if due and self._day(stop) > due else "met"
        elif gone:
            state, stop = "cancelled", gone
        else:
            state = "paused" if open_pause else "running"
        office = case.office if office == -2 else office
        case.clocks.append(Clock(kind, suffix, amount, first_day, start, due, state, stop, office, spans))

    def _day(self, moment: int) -> int:
        return (moment + ZONE) // DAY + EPOCH

    def _count(self, moment: int) -> int:
        return int(self._until[self._day(moment) - self._base + 1])

    def _due(
        self, day: int, amount: int, first_day: str = "next", pauses: tuple[tuple[int, int, str], ...] = ()
    ) -> int:
        """The due day of so many working days; 0 where the calendar ends."""
        base, until, nth = self._base, self._until, self._nth
        place = until[day - base + (0 if first_day == "same" else 1)] + amount
        for since, last, _ in pauses:
            first = max(since, day + 1)
            if place < len(nth) and first <= nth[place]:
                place += until[min(last - base + 1, len(until) - 1)] - until[first - base]
        return int(nth[place]) if place < len(nth) else 0

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
            return any(e.data == _passed("site", True) for e in acts)
        if fault == "out_of_order" and variant:
            return any(e.data == _passed("check", True) for e in case.events)
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


def _act(
    at: int, act: str, before: str, after: str, worker: int, clause: str = "", note: str = "", data: str = ""
) -> Event:
    return Event(at, act, before, after, worker, "window", clause or MACHINE_CLAUSES.get(act, ""), note, data)


MACHINE_CLAUSES = {name: step.clause for name, step in MACHINE.steps.items()}


def _json(**values: Any) -> str:
    return json.dumps(values, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


@lru_cache
def _notice(fault: str, turn: int) -> tuple[str, str]:
    """Note and data of a notice of correction."""
    asked = [("proof", "符合条件的证明材料", "证明内容不完整，请补充盖章页")]
    if fault == "asked_outside_guide":
        asked.append(("no_crime_proof", "无犯罪记录证明", "请一并提交"))
    if fault == "not_told_once" and turn == 1:
        asked.append(("identity", "主体资格证明", "复印件不清楚，请重新提交"))
    rows = [{"name": name, "reason": reason, "requirement": code} for code, name, reason in asked]
    return "；".join(f"{r['name']}：{r['reason']}" for r in rows), _json(missing=rows)


@lru_cache
def _not_accepted(fault: str, variant: int) -> tuple[str, str]:
    """Clause and reason of a refusal to accept."""
    if fault == "not_accepting":
        return "内部工作安排第三条", "当前业务量较大，暂不办理该类申请"
    if fault == "refused_without_reason":
        return "行政许可法第三十二条第一款第（一）项", "不办"
    if variant == 1:
        return "行政许可法第三十二条第一款第（四）项", "申请材料不齐全，缺少符合条件的证明材料"
    return "行政许可法第三十二条第一款第（一）项", "该情形依法不需要取得许可，无需申请"


@lru_cache
def _opinion(code: str) -> str:
    return f"{catalogue.STEP_NAMES[code]}：符合要求，同意"


@lru_cache
def _passed(code: str, passed: bool) -> str:
    return _json(passed=passed, step=code)


@lru_cache
def _way(window: bool) -> str:
    return _json(receiver="", reference="", way="window" if window else "electronic")


def numbers_of(received: Any, serials: Any) -> list[str]:
    """Numbers of cases: the province, the day of receipt, the serial, a check digit (ISO 7064 MOD 11,10), the place."""
    days = np.datetime_as_string(((received + ZONE) // DAY).astype("datetime64[D]")).tolist()
    body = np.array([[9, 8]] * len(days))
    dates = np.array([list(f"{d[2:4]}{d[5:7]}{d[8:10]}") for d in days], dtype=np.int64)
    running = (np.asarray(serials)[:, None] // 10 ** np.arange(9, -1, -1)) % 10
    digits = np.concatenate([body, dates, running], axis=1)
    check = np.full(len(days), 10)
    for column in range(digits.shape[1]):
        rest = (check + digits[:, column]) % 10
        check = np.where(rest == 0, 10, rest) * 2 % 11
    check = (11 - check) % 10
    return [
        f"98{d[2:4]}{d[5:7]}{d[8:10]}{n:010d}{c}-1"
        for d, n, c in zip(days, np.asarray(serials).tolist(), check.tolist(), strict=True)
    ]
