from yimen.kernel.apps import HouseConfig


class SupervisionConfig(HouseConfig):
    name = "yimen.modules.supervision"
    label = "supervision"
    default = True
