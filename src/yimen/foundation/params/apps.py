from yimen.kernel.apps import HouseConfig


class ParamsConfig(HouseConfig):
    name = "yimen.foundation.params"
    label = "params"
    default = True
