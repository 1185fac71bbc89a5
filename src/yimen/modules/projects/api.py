"""The door of projects."""

from yimen.modules.projects.codes import ProjectCode, compose_code, read_code
from yimen.modules.projects.content import StagePlanContent
from yimen.modules.projects.exporting import export, schema
from yimen.modules.projects.gantt import Chart, Row
from yimen.modules.projects.geometry import area_of
from yimen.modules.projects.models import Project, Stage, StagePlan
from yimen.modules.projects.queries.charts import chart_of, charts_of
from yimen.modules.projects.queries.possible import Possible, possible_on
from yimen.modules.projects.queries.projects import (
    list_projects,
    project_with_code,
    projects_visible_to,
    stage_named,
)
from yimen.modules.projects.services.perform import ACTS, act
from yimen.modules.projects.services.plans import publish_plan
from yimen.modules.projects.services.registering import ProjectIn, register_project
from yimen.modules.projects.services.staging import StartIn, start_stage
from yimen.modules.projects.sites import Site, read_site

__all__ = [
    "ACTS",
    "Chart",
    "Possible",
    "Project",
    "ProjectCode",
    "ProjectIn",
    "Row",
    "Site",
    "Stage",
    "StagePlan",
    "StagePlanContent",
    "StartIn",
    "act",
    "area_of",
    "chart_of",
    "charts_of",
    "compose_code",
    "export",
    "list_projects",
    "possible_on",
    "project_with_code",
    "projects_visible_to",
    "publish_plan",
    "read_code",
    "read_site",
    "register_project",
    "schema",
    "stage_named",
    "start_stage",
]
