from yimen.kernel.apps import HouseConfig


class ConsoleConfig(HouseConfig):
    name = "yimen.portals.console"
    label = "console"
    default = True
