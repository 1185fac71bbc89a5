"""How well the start set of supervision finds what was planted: recall and precision of each rule."""

from collections import defaultdict
from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from time import perf_counter
from typing import Any

from yimen.foundation.calendar.api import packaged_calendar
from yimen.foundation.orgs.models import Organisation
from yimen.kernel.clock import CHINA
from yimen.modules.supervision.api import seed_rules
from yimen.modules.supervision.models import Rule
from yimen.modules.supervision.queries.evaluating import evaluate
from yimen.modules.supervision.rules.spec import Finding, Period
from yimen.site.province.courses import Courses
from yimen.site.province.days import WorkTime
from yimen.site.province.drawing import Drawing
from yimen.site.province.exporting import read_key
from yimen.site.province.places import Places
from yimen.site.province.plan import Plan
from yimen.site.province.services.loading import loaded_plan

Say = Callable[[str], None]
Subjects = set[tuple[str, str]]
SHOWN = 5


def plan_in_store() -> Plan:
    """The plan of the province that this store holds.

    Raises:
        LookupError: it holds none.
    """
    told = loaded_plan()
    if told is None:
        raise LookupError("no province")
    return Plan(**{**told, "ends": date.fromisoformat(str(told["ends"]))})


def key_of(plan: Plan) -> Subjects:
    """The answer key, drawn again."""
    work, places = WorkTime(packaged_calendar()), Places(plan)
    drawing, courses = Drawing(plan, work), Courses(plan, work, places)
    return {fault for n in plan.batches for case in courses.cases(drawing.batch(n)) for fault in case.faults}


def found_by(rules: list[Rule], since: datetime, until: datetime) -> tuple[Subjects, int]:
    """What the rules find over the whole store, as the key names it; and how many findings there were."""
    codes = dict(Organisation.objects.values_list("pk", "code"))
    found, count = set(), 0
    for finding in evaluate([rule.spec for rule in rules], Period(since=since, until=until), until):
        found.add((finding.rule.code, _subject(finding, codes)))
        count += 1
    return found, count


def _subject(finding: Finding, codes: dict[int, str]) -> str:
    seen = finding.seen
    if seen.number:
        return seen.number
    return f"{codes[seen.organisation_id]}:{seen.at.astimezone(CHINA):%Y%m}"


def score(key: Path | None = None, *, say: Say = lambda text: None) -> dict[str, Any]:
    """Run every rule of the start set over the province in this store, and compare with the answer key.

    Args:
        key: the answer key as written by ``load`` or ``export``; default: the plan is drawn again.

    Returns:
        ``rules``: for each rule planted, found, right, recall, precision, some of each kind of mistake; ``seconds``.
    """
    plan = plan_in_store()
    planted = read_key(key) if key else key_of(plan)
    say(f"{len(planted):,} to be found")
    seed_rules(plan.since)  # a store loaded by an earlier version may lack a rule of the start set
    rules = list(Rule.objects.filter(is_latest=True).order_by("code"))
    began = perf_counter()
    found, count = found_by(rules, plan.since, plan.until)
    return {
        "cases": plan.cases, "findings": count, "seconds": round(perf_counter() - began, 1),
        "rules": compared(planted, found, [rule.code for rule in rules]),
    }  # fmt: skip


def compared(planted: Subjects, found: Subjects, codes: list[str]) -> list[dict[str, Any]]:
    """Recall and precision of each rule, with examples of what was missed and of what was found and not planted."""
    by_rule: dict[str, tuple[set[str], set[str]]] = defaultdict(lambda: (set(), set()))
    for rule, subject in planted:
        by_rule[rule][0].add(subject)
    for rule, subject in found:
        by_rule[rule][1].add(subject)
    told = []
    for code in sorted({*codes, *by_rule}):
        wanted, seen = by_rule[code]
        right = wanted & seen
        told.append(
            {
                "rule": code, "planted": len(wanted), "found": len(seen), "right": len(right),
                "recall": round(len(right) / len(wanted), 4) if wanted else None,
                "precision": round(len(right) / len(seen), 4) if seen else None,
                "missed": sorted(wanted - seen)[:SHOWN], "unplanted": sorted(seen - wanted)[:SHOWN],
            }
        )  # fmt: skip
    return told


def table(found: dict[str, Any]) -> str:
    """The scores as a table for people."""
    lines = [f"{'rule':<28}{'planted':>9}{'found':>9}{'right':>9}{'recall':>9}{'precision':>11}"]
    for row in found["rules"]:
        recall, precision = (f"{row[n]:.4f}" if row[n] is not None else "-" for n in ("recall", "precision"))
        lines.append(
            f"{row['rule']:<28}{row['planted']:>9,}{row['found']:>9,}{row['right']:>9,}{recall:>9}{precision:>11}"
        )
        lines += [f"    missed     {subject}" for subject in row["missed"]]
        lines += [f"    unplanted  {subject}" for subject in row["unplanted"]]
    lines.append(f"{found['findings']:,} findings over {found['cases']:,} cases in {found['seconds']} s")
    return "\n".join(lines)
