from yimen.kernel.apps import HouseConfig


class IssuingConfig(HouseConfig):
    name = "yimen.modules.issuing"
    label = "issuing"
    default = True
