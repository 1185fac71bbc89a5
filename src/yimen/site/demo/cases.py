"""Cases of the district in every state, brought there by real acts at believable times."""

import io
import random
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import Any

from yimen.foundation.calendar.api import current_calendar
from yimen.foundation.documents import api as documents
from yimen.foundation.files import api as files
from yimen.foundation.identity.api import Account, LegalEntity, Person, actor_of
from yimen.foundation.orgs.models import Centre
from yimen.kernel.actor import Actor
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Refusal
from yimen.modules.cases import api as cases
from yimen.modules.cases.services.sweeps import deem_accepted
from yimen.modules.forms import api as forms
from yimen.modules.items import api as items
from yimen.modules.items.models import Item
from yimen.site.demo import invent
from yimen.site.demo.register import own_values

HOME = f"{invent.REGION}001001"
COUNT = 180
DAYS_BACK = 60
ROADS = (
    ("delivered", 40), ("granted", 8), ("refused", 4), ("in_review", 14), ("accepted", 12), ("submitted", 10),
    ("correction_requested", 6), ("suspended", 4), ("withdrawn", 3), ("not_accepted", 3), ("terminated", 2),
)  # fmt: skip
OPINIONS = (
    "材料齐全，符合法定条件。",
    "经核对，申请内容属实。",
    "现场与申请一致，建议准予。",
    "符合标准，同意进入下一环节。",
)


class Story:
    """One application on its way: who hands in, who handles, and the hour it has come to."""

    def __init__(self, chance: random.Random, at: datetime) -> None:
        self.chance, self.now = chance, at
        self.calendar = current_calendar()
        self.clerk = _signed("chen", at, "window")
        self.scan = _scan(self.clerk, at)

    def moment(self, days_ago: int) -> datetime:
        """A minute in office hours of a working day about so many days ago."""
        day = (self.now - timedelta(days=days_ago)).astimezone(CHINA).date()
        while not self.calendar.is_working(day):
            day -= timedelta(days=1)
        minutes = self.chance.choice((9 * 60, 14 * 60)) + self.chance.randrange(150)
        local = datetime.combine(day, time(minutes // 60, minutes % 60), tzinfo=CHINA)
        return min(local.astimezone(UTC), self.now - timedelta(minutes=5))

    def later(self, moment: datetime, low: int, high: int) -> datetime:
        """Some working days later, never beyond the present."""
        day = self.calendar.add_working_days(moment.astimezone(CHINA).date(), self.chance.randint(low, high))
        local = datetime.combine(day, moment.astimezone(CHINA).time(), tzinfo=CHINA) + timedelta(minutes=7)
        return min(local.astimezone(UTC), self.now - timedelta(minutes=1))


def make_cases(at: datetime, seed: int = 2026) -> int:
    """Make the district's cases; what a standard's conditions refuse for the invented answers is left out."""
    chance = random.Random(seed)
    people = list(Person.objects.order_by("id")[3:400])
    entities = list(LegalEntity.objects.order_by("id")[1:200])
    codes = list(Item.objects.filter(slug__isnull=False).order_by("slug").values_list("code", flat=True))
    names = [name for name, weight in ROADS for _ in range(weight)]
    made, story = 0, Story(chance, at)
    for serial in range(COUNT):
        code = codes[(serial * 7) % len(codes)]
        applicant = chance.choice(people), chance.choice(entities)
        made += _tell(story, code, applicant, chance.choice(names))
    _stories_of_the_cast(story)
    deem_accepted(at)
    return made


def _tell(story: Story, code: str, applicant: tuple[Person, LegalEntity], road: str) -> bool:
    finished = road in ("delivered", "withdrawn", "not_accepted", "terminated")
    began = story.moment(story.chance.randint(20 if finished else 0, DAYS_BACK if finished else 16))
    if road == "submitted":
        began = story.moment(story.chance.randint(0, 3))
    standard = items.current(code, began.astimezone(CHINA).date())
    try:
        application = cases.hand_in(_command(standard, applicant, story), story.clerk, began)
    except Refusal:
        return False
    case = cases.Case.objects.get(application=application)
    _travel(story, case, road, began)
    return True


def _command(
    standard: items.PublishedStandard, applicant: tuple[Person, LegalEntity], story: Story
) -> cases.HandIn:
    person, entity = applicant
    for_person = "person" in standard.content.audience
    told = (
        cases.ApplicantIn(kind="person", name=person.name, id_number=person.id_number, phone=person.phone)
        if for_person
        else cases.ApplicantIn(kind="entity", name=entity.name, uscc=entity.uscc, phone=entity.phone)
    )
    values = own_values(answers(standard), person, entity, standard.slug, story.now.date())
    return cases.HandIn(
        items=[standard.code],
        applicant=told,
        form=values,
        materials=_papers(standard, values, story.clerk, story.scan if story.chance.random() < 0.4 else ""),
        centre="lanjiang",
        delivery_way=story.chance.choice(("window", "courier", "electronic")),
    )


def _papers(
    standard: items.PublishedStandard, values: dict[str, Any], actor: Actor, scan: str
) -> list[cases.MaterialIn]:
    """Everything the standard asks for: the demonstration scan where files of that kind are taken, else paper."""
    return [
        cases.MaterialIn(requirement=m.code, file=scan)
        if scan and "pdf" in m.accept
        else cases.MaterialIn(requirement=m.code, paper=True)
        for m in cases.required_materials(standard.content, values)
        if scan or actor.channel == "window"
    ]


def _scan(actor: Actor, at: datetime) -> str:
    """One page that says it is a demonstration, stored once, usable by this actor."""
    page = documents.render_pdf(
        "notice",
        {
            "organisation": "澜江区政务服务中心",
            "title": "演示材料",
            "paragraphs": ["本页用于演示材料的查看，不是任何人的真实材料。"],
            "date": "2026-01-05",
            "demo": True,
        },
    )
    return files.store("演示材料.pdf", io.BytesIO(page), actor, at).digest


def answers(standard: items.PublishedStandard) -> dict[str, Any]:
    """Believable answers to a standard's form and questions: the dictionary's own examples."""
    values: dict[str, Any] = {s.code: s.options[0] for s in standard.content.situations}
    form = standard.content.form
    for field in form.fields():
        element = form.element(field.element)
        if element is not None:
            values[field.element] = _example(element)
    return {code: values[code] for code in values if values[code] not in ("", [], None)}


def _example(element: forms.DataElement) -> Any:
    if element.type == "table":
        return [{code: _example(column) for code in element.columns if (column := forms.element_named(code))}]
    ours: dict[str, Any] = {
        "multi_choice": [element.example or (element.choices[0].code if element.choices else "")],
        "address": {"division": HOME, "detail": element.example or "人民路1号"},
        "division": HOME,
        "id_number": invent.id_number(date(1988, 8, 8), 777),
        "uscc": invent.credit_code(777),
        "boolean": element.example != "false",
    }
    return ours.get(element.type) or element.example or _plain(element)


def _plain(element: forms.DataElement) -> Any:
    """Something that fits an element that gives no example of its own."""
    if element.choices:
        return element.choices[0].code
    if element.type in ("integer", "number", "money"):
        return str(max(element.min or 0, min(12, element.max or 12)))
    return {"date": "2025-06-18", "phone": "19900001111"}.get(element.type, "按实际情况")


def _travel(story: Story, case: cases.Case, road: str, began: datetime) -> None:
    reviewers, heads = _office(case.organisation.code, story.now)
    head = heads[0]
    moment = began
    for name, payload in _acts(case, road):
        moment = story.later(moment, *PACE.get(name, (0, 2)))
        actor = {
            "decide": head,
            "extend": head,
            "terminate": head,
            "withdraw": story.clerk,
            "deliver": story.clerk,
        }.get(name, reviewers[0])
        if name == "pass_step":
            case = _review(case, reviewers, heads, story, moment)
        elif name == "withdraw":
            case = cases.act(case.number, name, payload, _applicant(case), moment)
        else:
            case = cases.act(case.number, name, payload, actor, moment)


PACE = {
    "accept": (0, 3),
    "decide": (0, 2),
    "deliver": (1, 5),
    "pass_step": (1, 3),
    "request_correction": (0, 3),
}


def _acts(case: cases.Case, road: str) -> list[tuple[str, dict[str, Any]]]:
    accept: tuple[str, dict[str, Any]] = ("accept", {})
    review: list[tuple[str, dict[str, Any]]] = [
        *([("pass_step", {})] if case.published.content.steps else [])
    ]
    first = case.published.content.materials[0].code if case.published.content.materials else "form"
    grant: tuple[str, dict[str, Any]] = ("decide", {"outcome": "granted"})
    roads: dict[str, list[tuple[str, dict[str, Any]]]] = {
        "submitted": [],
        "accepted": [accept],
        "in_review": [accept, *review],
        "granted": [accept, *review, grant],
        "refused": [
            accept, *review,
            ("decide", {
                "outcome": "refused", "reason": "经审查，场所条件不符合本事项的准予条件。",
                "would_pass": "场所整改到位后可以再次申请，已交的材料不用重交。",
            }),
        ],
        "delivered": [accept, *review, grant, ("deliver", {"way": "window"})],
        "correction_requested": [
            ("request_correction", {"missing": [{"requirement": first, "reason": "缺少签名或者盖章，请补签后重新提交。"}]}),
        ],
        "suspended": [accept, ("suspend", {"procedure": "expert_review", "clause": "行政许可法第四十五条", "days": 10})],
        "withdrawn": [("withdraw", {})],
        "not_accepted": [
            ("refuse_acceptance", {
                "clause": "行政许可法第三十二条第一款第（二）项", "reason": "申请的地址不在本区，不属于本机关职权范围。",
                "would_pass": "请向地址所在区的同一部门申请，材料一样。",
            }),
        ],
        "terminated": [
            accept,
            ("terminate", {"clause": "行政许可法第七十条第（三）项", "reason": "申请单位已经依法终止，申请不再需要办理。"}),
        ],
    }  # fmt: skip
    return roads[road]


def _review(
    case: cases.Case, reviewers: Sequence[Actor], heads: Sequence[Actor], story: Story, moment: datetime
) -> cases.Case:
    """Pass whatever steps are open until none is left that the decision does not complete."""
    plan = {step.code: step for step in case.published.content.steps}
    while codes := cases.open_reviews(case.published.content.steps, case.flow):
        for request in case.opinions.filter(answered_at=None).select_related("organisation"):
            [asked, _], _ = _office(request.organisation.code, story.now)
            cases.give_opinion(request.pk, "agree", "没有不同意见。", asked, moment)
        step = plan[codes[0]]
        officers = list(heads if step.post == "head" else reviewers)[: step.officers]
        for officer in officers:
            payload = {"step": step.code, "opinion": story.chance.choice(OPINIONS)}
            case = cases.act(case.number, "pass_step", payload, officer, moment)
    return case


def _office(organisation: str, at: datetime) -> tuple[list[Actor], list[Actor]]:
    """Two reviewers and two heads of an organisation."""
    suffixes = ("shen", "cha", "zhang", "fu")
    names = (
        ("zhao", "scjgj-li", "sun", "scjgj-fu")
        if organisation == "scjgj"
        else tuple(f"{organisation}-{suffix}" for suffix in suffixes)
    )
    staff = [_signed(name, at, "window") for name in names]
    return staff[:2], staff[2:]


@lru_cache(maxsize=200)
def _signed(username: str, at: datetime, channel: str) -> Actor:
    return actor_of(Account.objects.get(username=username), at, channel)


def _applicant(case: cases.Case) -> Actor:
    application = case.application
    return Actor(
        account_id=application.account_id,
        name=application.applicant_label,
        person_id=application.person_id,
        entity_ids=frozenset({application.entity_id} if application.entity_id else ()),
    )


def _stories_of_the_cast(story: Story) -> None:
    """Lin and Wu each have something under way and something done."""
    centre = Centre.objects.get(code="lanjiang")
    at = story.now
    lin, wu = _signed("lin", at, "online"), _signed("wu", at, "online")
    shop = LegalEntity.objects.get(pk=next(iter(wu.entity_ids)))
    for slug, actor, days, road in (
        ("social-card", lin, 30, "delivered"), ("residence-permit", lin, 6, "in_review"),
        ("school-transfer", lin, 2, "correction_requested"), ("food-business-new", wu, 9, "in_review"),
        ("signboard", wu, 3, "submitted"),
    ):  # fmt: skip
        found = Item.objects.filter(slug=slug).first()
        if found is None:
            continue
        began = story.moment(days)
        standard = items.current(found.code, began.astimezone(CHINA).date())
        values = answers(standard)
        scan = _scan(actor, began)
        told = (
            cases.ApplicantIn(kind="entity", name=shop.name, uscc=shop.uscc, phone=shop.phone)
            if actor is wu
            else None
        )
        try:
            application = cases.hand_in(
                cases.HandIn(
                    items=[found.code],
                    applicant=told,
                    form=values,
                    materials=_papers(standard, values, actor, scan),
                    centre=centre.code,
                ),
                actor,
                began,
            )
        except Refusal:
            continue
        _travel(story, cases.Case.objects.get(application=application), road, began)
