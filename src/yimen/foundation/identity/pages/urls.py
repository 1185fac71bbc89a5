"""Console pages of people and rights, mounted at ``/console/people/``."""

from django.urls import path

from yimen.foundation.identity.pages import console_accounts, console_clients, console_roles

app_name = "identity_console"
urlpatterns = [
    path("", console_accounts.accounts, name="accounts"),
    path("new/", console_accounts.new_account, name="account_new"),
    path("<int:key>/", console_accounts.account, name="account"),
    path("<int:key>/lock/", console_accounts.lock, name="account_lock"),
    path("<int:key>/unlock/", console_accounts.unlock, name="account_unlock"),
    path("<int:key>/password/", console_accounts.password, name="account_password"),
    path("<int:key>/posts/", console_accounts.assign, name="account_assign"),
    path("holdings/<int:key>/end/", console_accounts.end, name="holding_end"),
    path("roles/", console_roles.role_list, name="roles"),
    path("roles/new/", console_roles.role_form, name="role_new"),
    path("roles/<slug:code>/", console_roles.role_form, name="role"),
    path("roles/<slug:code>/delete/", console_roles.role_delete, name="role_delete"),
    path("delegation/", console_roles.delegation, name="delegation"),
    path("delegation/grant/", console_roles.grant, name="grant"),
    path("delegation/<int:key>/revoke/", console_roles.revoke, name="grant_revoke"),
    path("lockouts/", console_roles.lockouts, name="lockouts"),
    path("lockouts/release/", console_roles.release, name="lockout_release"),
    path("clients/", console_clients.clients, name="clients"),
    path("clients/new/", console_clients.new_client, name="client_new"),
    path("audit/", console_clients.audit, name="audit"),
]
