"""Settings of sign-in, second factor, lock-out and tokens; settings.py imports all of them.

YIMEN_PROXIES         how many trusted proxies stand in front (their X-Forwarded-For entries are believed)
YIMEN_IDLE_MINUTES    minutes without a page after which a session ends (default 30)
YIMEN_OIDC_KEY        RSA key that signs identity tokens, PEM or base64 of it; default made in the data folder
YIMEN_SECOND_FACTOR   0 = staff may sign in without a second factor although the parameter asks for one
"""

import os
from datetime import timedelta
from pathlib import Path

ALLAUTH_TRUSTED_PROXY_COUNT = int(os.environ.get("YIMEN_PROXIES") or 0)
IDENTITY_IDLE_SECONDS = int(os.environ.get("YIMEN_IDLE_MINUTES") or 30) * 60
IDENTITY_SESSION_SECONDS = SESSION_COOKIE_AGE = 12 * 3600
IDENTITY_SECOND_FACTOR = os.environ.get("YIMEN_SECOND_FACTOR") != "0"

# after yimen.foundation.identity.middleware.ActorMiddleware, in this order
IDENTITY_MIDDLEWARE = [
    "yimen.foundation.identity.middleware.SessionAgeMiddleware",
    "yimen.foundation.identity.middleware.SecondFactorMiddleware",
    "yimen.foundation.identity.middleware.ConsentMiddleware",
]

# in TEMPLATES["DIRS"], after the folder of portals/ui: before the pages that the sign-in library ships
IDENTITY_TEMPLATES = Path(__file__).resolve().parent.parent / "foundation" / "identity" / "templates"

ACCOUNT_ADAPTER = "yimen.foundation.identity.pages.adapters.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"username"}
ACCOUNT_SIGNUP_FIELDS = ["username*", "password1*", "password2*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_USER_MODEL_EMAIL_FIELD = None
ACCOUNT_USER_MODEL_USERNAME_FIELD = "username"
ACCOUNT_PRESERVE_USERNAME_CASING = False
ACCOUNT_LOGOUT_ON_GET = False
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_REAUTHENTICATION_TIMEOUT = 600
# failures of one name at one address are counted by axes, which says so in Chinese and can be released by an administrator;
# "key" is the name wherever the guesses come from, and at the second step the account whose code is guessed
ACCOUNT_RATE_LIMITS = {
    "login": "60/m/ip",
    "login_failed": "60/m/ip,20/h/key",
    "signup": "10/m/ip,100/h/ip",
    "change_password": "5/m/user",
    "reauthenticate": "10/m/user",
}

MFA_ADAPTER = "yimen.foundation.identity.pages.adapters.SecondFactorAdapter"
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "一门"
MFA_RECOVERY_CODE_COUNT = 10

IDP_OIDC_ADAPTER = "yimen.foundation.identity.pages.adapters.OidcAdapter"
IDP_OIDC_ACCESS_TOKEN_EXPIRES_IN = 3600
IDP_OIDC_ID_TOKEN_EXPIRES_IN = 300
IDP_OIDC_AUTHORIZATION_CODE_EXPIRES_IN = 60
IDP_OIDC_REFRESH_TOKEN_EXPIRES_IN = 30 * 24 * 3600
IDP_OIDC_ROTATE_REFRESH_TOKEN = True

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_RESET_COOL_OFF_ON_FAILURE_DURING_LOCKOUT = False
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_USERNAME_CALLABLE = "yimen.foundation.identity.pages.adapters.sign_in_name"
AXES_CLIENT_IP_CALLABLE = "yimen.foundation.identity.pages.adapters.client_address"
AXES_LOCKOUT_CALLABLE = "yimen.foundation.identity.pages.signin.locked_out"
AXES_SENSITIVE_PARAMETERS = ["password", "password1", "password2", "oldpassword", "code", "id_number"]
