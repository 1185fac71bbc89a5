"""Console pages of divisions, organisations and centres, mounted at ``/console/orgs/``."""

from django.urls import path

from yimen.foundation.orgs.pages import console

app_name = "orgs_console"
urlpatterns = [
    path("", console.organisation_list, name="organisations"),
    path("new/", console.new_organisation, name="organisation_new"),
    path("centres/", console.centre_list, name="centres"),
    path("centres/new/", console.centre_form, name="centre_new"),
    path("centres/<slug:code>/", console.centre_form, name="centre"),
    path("divisions/", console.divisions, name="divisions"),
    path("posts/<int:key>/close/", console.close, name="post_close"),
    path("<slug:code>/", console.organisation, name="organisation"),
    path("<slug:code>/rename/", console.rename, name="organisation_rename"),
    path("<slug:code>/contact/", console.contact, name="organisation_contact"),
    path("<slug:code>/dissolve/", console.dissolve, name="organisation_dissolve"),
    path("<slug:code>/posts/", console.new_post, name="post_new"),
]
