from yimen.kernel.apps import HouseConfig


class CasesConfig(HouseConfig):
    name = "yimen.modules.cases"
    label = "cases"
    default = True
