from yimen.kernel.apps import HouseConfig


class AuthoringConfig(HouseConfig):
    name = "yimen.modules.authoring"
    label = "authoring"
    default = True
