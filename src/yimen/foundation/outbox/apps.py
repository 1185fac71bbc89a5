from yimen.kernel.apps import HouseConfig


class OutboxConfig(HouseConfig):
    name = "yimen.foundation.outbox"
    label = "outbox"
    default = True
