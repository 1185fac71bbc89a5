from yimen.kernel.apps import HouseConfig


class RegistrationConfig(HouseConfig):
    name = "yimen.modules.registration"
    label = "registration"
    default = True
