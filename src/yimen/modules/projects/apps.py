from yimen.kernel.apps import HouseConfig


class ProjectsConfig(HouseConfig):
    name = "yimen.modules.projects"
    label = "projects"
    default = True
