"""What waits and what failed."""

from django.db.models import QuerySet

from yimen.foundation.outbox.models import Delivery, Schedule


def waiting() -> QuerySet[Delivery]:
    return Delivery.objects.filter(done_at=None, given_up_at=None).order_by("available_at")


def given_up() -> QuerySet[Delivery]:
    return Delivery.objects.filter(done_at=None).exclude(given_up_at=None).order_by("-given_up_at")


def schedules() -> QuerySet[Schedule]:
    return Schedule.objects.order_by("name")
