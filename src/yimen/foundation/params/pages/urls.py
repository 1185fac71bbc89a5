"""Console pages of parameters, mounted at ``/console/params/``."""

from django.urls import path

from yimen.foundation.params.pages import console

app_name = "params_console"
urlpatterns = [
    path("", console.param_list, name="params"),
    path("<str:code>/", console.param, name="param"),
]
