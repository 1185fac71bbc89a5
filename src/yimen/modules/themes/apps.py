from yimen.kernel.apps import HouseConfig


class ThemesConfig(HouseConfig):
    name = "yimen.modules.themes"
    label = "themes"
    default = True
