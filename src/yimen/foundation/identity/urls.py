"""Addresses of identity outside the console: sign-in, second factor, tokens, acting for somebody.

Mounted at the root: the sign-in library wants its names without a namespace.
"""

from django.urls import include, path

from yimen.foundation.identity.pages import me, signin, watching  # noqa: F401 (watching: its receivers)

urlpatterns = [
    path("accounts/signup/", signin.sign_up, name="account_signup"),
    path("accounts/", include("allauth.urls")),
    path("", include("allauth.idp.urls")),
    path("me/representations/", me.representations, name="identity_representations"),
    path("me/representations/act-for/", me.act_for, name="identity_act_for"),
    path("me/representations/add/", me.add, name="identity_representation_add"),
    path("me/representations/<int:key>/revoke/", me.revoke, name="identity_representation_revoke"),
]
