from yimen.kernel.apps import HouseConfig


class DeadlinesConfig(HouseConfig):
    name = "yimen.modules.deadlines"
    label = "deadlines"
    default = True
