"""Test doors of notices: a channel that does what it is told."""

from yimen.foundation.notices.channels import Message, Recipient


class Scripted:
    """A channel whose answers are given beforehand: exceptions are raised, ``None`` is delivered."""

    label = "试验渠道"

    def __init__(self, *answers: Exception | None) -> None:
        self.answers, self.sent = list(answers), []

    def is_set_up(self) -> bool:
        return True

    def address_of(self, recipient: Recipient, mail: str) -> str:
        return recipient.phone

    def send(self, message: Message) -> None:
        answer = self.answers.pop(0) if self.answers else None
        if answer:
            raise answer
        self.sent.append(message)
