from yimen.kernel.apps import HouseConfig


class DeskConfig(HouseConfig):
    name = "yimen.portals.desk"
    label = "desk"
    default = True
