"""Cards of the demonstration district: what the rules find in its past, some of them already answered and decided."""

from datetime import date, datetime, timedelta

from yimen.foundation.identity.api import Account, actor_of
from yimen.kernel.clock import CHINA
from yimen.kernel.errors import Refusal
from yimen.modules.supervision import api as supervision
from yimen.modules.supervision.models import Card, Rule
from yimen.modules.supervision.services.scoring import compute_round, publish_round
from yimen.site.demo.cast import DISTRICT

SAID = "经办人员当天请假，没有及时转交，已经安排替岗并约谈本人。"


def make_cards(at: datetime, past: timedelta) -> int:
    """Put the start set in force since the district's past began, sweep once, and let some cards go their way."""
    Rule.objects.filter(version=1, is_on=True).update(valid_from=at - past)
    made = supervision.sweep_events(at - timedelta(days=4))
    made += supervision.sweep_clocks(at - timedelta(days=4)) + supervision.sweep_clocks(at)
    made += supervision.sweep_sets(at)
    _let_go(at)
    _publish_last_month(at)
    return made


def _let_go(at: datetime) -> None:
    qian = actor_of(Account.objects.get(username="qian"), at, "window")
    cards = Card.objects.filter(state="issued", answerable=True, issued_at__lt=at).order_by("pk")[:9]
    for place, card in enumerate(cards):
        name = "sun" if card.organisation.code == "scjgj" else f"{card.organisation.code}-zhang"
        account = Account.objects.filter(username=name).first()
        if account is None or place % 3 == 2:
            continue
        head = actor_of(account, at, "window")
        try:
            supervision.act(card.number, "state", {"text": SAID}, head, at - timedelta(days=2))
            if place % 3 == 1:
                given = {"outcome": "upheld", "reason": "情况属实，内部分工不是延误的理由，认定成立。"}
                supervision.act(card.number, "decide", given, qian, at - timedelta(days=1))
        except Refusal:
            continue


def _publish_last_month(at: datetime) -> None:
    qian = actor_of(Account.objects.get(username="qian"), at, "window")
    last: date = at.astimezone(CHINA).date().replace(day=1) - timedelta(days=1)
    publish_round(compute_round(DISTRICT, last, qian, at), qian, at)
