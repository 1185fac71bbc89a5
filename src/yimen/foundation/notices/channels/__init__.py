"""The seam where channels plug in: one folder each, registered here by name.

A channel says whether it is set up, which address of a recipient it uses, and sends one message; what goes wrong it says
with ``FailedForNow`` or ``FailedForGood``. To add one: write a folder with a class of this shape and put it in ``CHANNELS``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Protocol


class FailedForNow(Exception):
    """Not delivered, but trying again may help (network, gateway busy)."""


class FailedForGood(Exception):
    """Not delivered, and trying again will not help (number refused)."""


@dataclass(frozen=True, kw_only=True)
class Message:
    """What leaves the platform: an address and one plain sentence, nothing else about the person.

    Args:
        reference: number of the sending, so that a gateway can drop a repetition.
        address: phone number or mail address.
        title: heading, for channels that have one.
        text: the sentence.
    """

    reference: str
    address: str
    title: str
    text: str


class Recipient(Protocol):
    """The person or enterprise addressed."""

    @property
    def phone(self) -> str: ...


class Channel(Protocol):
    """One way out of the platform."""

    label: str

    def is_set_up(self) -> bool:
        """Has the operator configured it?"""

    def address_of(self, recipient: Recipient, mail: str) -> str:
        """The address this channel uses; "" when the recipient has none."""

    def send(self, message: Message) -> None:
        """Deliver, or raise ``FailedForNow`` or ``FailedForGood`` with a reason that names no person."""


_channels: dict[str, Channel] = {}


def register(code: str, channel: Channel) -> None:
    """Plug a channel in; the same code again replaces it."""
    _channels[code] = channel


def channels() -> Mapping[str, Channel]:
    """Every registered channel by code."""
    return _channels


def label_of(code: str) -> str:
    return _channels[code].label if code in _channels else code
