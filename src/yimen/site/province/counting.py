"""The clocks of a case: when each starts, is due, pauses and stops, by arithmetic of its own (pure)."""

import json

from yimen.site.province import catalogue
from yimen.site.province.catalogue import JOINT, SHAPES, SIMPLE
from yimen.site.province.days import DAY, EPOCH, ZONE, WorkTime
from yimen.site.province.places import Places
from yimen.site.province.plan import DEPARTMENTS, Plan
from yimen.site.province.records import Case, Clock, Opinion

DELIVERY_DAYS, TELLING_DAYS, CORRECTION_DAYS = 10, 5, 20
CLAUSES = {
    "telling": "行政许可法第三十二条第一款第（四）项", "correction": "补正通知书", "legal": "行政许可法第四十二条", "promised": "",
    "step": "", "delivery": "行政许可法第四十四条", "procedure": "行政许可法第四十五条", "opinion": "",
}  # fmt: skip


class Counting:
    """Counts the clocks of a plan's cases."""

    def __init__(self, plan: Plan, time: WorkTime, places: Places) -> None:
        self.plan, self.time, self.places = plan, time, places
        self._end = int(plan.until.timestamp())
        tables = time.calendar.tables
        self._base, self._until, self._nth = tables.base, tables.until.tolist(), tables.nth.tolist()
        self._asked = plan.counties * DEPARTMENTS + catalogue.ASKED

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

    def _pause_days(self, t: dict[str, int], fault: str) -> int:
        """Working days told: as many as it took, or fewer where it overran."""
        took = self._count(t["resumed"]) - self._count(t["suspended"])
        return max(1, took - 1 if fault == "suspension_overran" else took)
