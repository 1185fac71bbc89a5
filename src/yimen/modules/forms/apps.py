from yimen.kernel.apps import HouseConfig


class FormsConfig(HouseConfig):
    name = "yimen.modules.forms"
    label = "forms"
    default = True
