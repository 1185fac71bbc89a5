from yimen.kernel.apps import HouseConfig


class HallConfig(HouseConfig):
    name = "yimen.portals.hall"
    label = "hall"
    default = True
