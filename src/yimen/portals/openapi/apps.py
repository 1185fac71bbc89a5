from yimen.kernel.apps import HouseConfig


class OpenapiConfig(HouseConfig):
    name = "yimen.portals.openapi"
    label = "openapi"
    default = True
