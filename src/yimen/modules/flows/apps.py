from yimen.kernel.apps import HouseConfig


class FlowsConfig(HouseConfig):
    name = "yimen.modules.flows"
    label = "flows"
    default = True
