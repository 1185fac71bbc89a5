from yimen.kernel.apps import HouseConfig


class ItemsConfig(HouseConfig):
    name = "yimen.modules.items"
    label = "items"
    default = True
