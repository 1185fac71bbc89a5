from yimen.kernel.apps import HouseConfig


class UiConfig(HouseConfig):
    name = "yimen.portals.ui"
    label = "ui"
    default = True
