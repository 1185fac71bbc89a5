"""What stands in the desk's navigation; an entry is shown only to whoever holds its grant."""

from yimen.kernel.actor import Actor
from yimen.modules.cases import api as cases
from yimen.modules.projects.permissions import READ as PROJECT_READ
from yimen.modules.supervision import api as supervision
from yimen.modules.supervision.permissions import ANSWER_READ as CARD_READ
from yimen.portals.desk.grants import CREATE, DELIVER, OPINE, READ
from yimen.portals.ui import navigation


def cards(actor: Actor) -> int:
    """Cards that wait for the actor's organisation: as the list behind the entry counts them."""
    return supervision.to_answer(actor).count()


def asked(actor: Actor) -> int:
    """Opinions that wait for the actor's organisation."""
    return cases.opinions_waiting_for(actor).count()


def register() -> None:
    """Put the desk's entries in their order; called when the addresses are loaded."""
    navigation.register("desk", "今天", "desk:start", READ, "g d", 0, icon="house")
    navigation.register("desk", "窗口收件", "desk:window", CREATE, "g w", 10, icon="ticket")
    navigation.register("desk", "办件", "desk:inbox", READ, "g i", 20, icon="inbox")
    navigation.register(
        "desk", "征求意见", "desk:opinions", OPINE, "g o", 30, icon="message-square", waiting=asked
    )
    navigation.register("desk", "工程项目", "projects_desk:list", PROJECT_READ, "g p", 35, icon="building-2")
    navigation.register(
        "desk", "监察", "supervision_desk:cards", CARD_READ, "g k", 37, icon="triangle-alert", waiting=cards
    )
    navigation.register("desk", "发证取件", "desk:handout", DELIVER, "g h", 40, icon="hand-helping")
