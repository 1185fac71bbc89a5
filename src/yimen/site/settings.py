"""All settings in one place; each that an operator may change is read from the environment.

YIMEN_DATA       folder of the embedded store: database, files, keys (default ``var/`` in the repository)
YIMEN_MASTER_KEY 64 hexadecimal digits, the key of all keys (``kernel/secrets``); default made in YIMEN_DATA
YIMEN_DATABASE   PostgreSQL address, ``postgresql://user:password@host:port/name``; default SQLite in YIMEN_DATA
YIMEN_REPLICA    PostgreSQL address of a streaming replica, for reads that may be some seconds old
YIMEN_BROKER     RabbitMQ address, ``amqp://user:password@host:port/``; default background work in the database
YIMEN_FILES      S3-compatible store, ``s3://bucket?endpoint=https://host``; default a folder in YIMEN_DATA
YIMEN_DEMO       1 = demonstration district: public passwords, a mark on every page
YIMEN_DISTRICT   name of the district, shown beside the product's
YIMEN_HOSTS      comma-separated host names the platform answers to
YIMEN_URL        address under which people reach the platform; printed on papers and in QR codes
YIMEN_SMS_URL, YIMEN_SMS_TOKEN   gateway for text messages (JSON over HTTP POST)
YIMEN_MAIL_FROM  sender of mail; Django's EMAIL_* settings name the server
YIMEN_MAILBOX    0 = do not keep messages in the data folder's mailbox
YIMEN_SECURE     1 = served over HTTPS: secure cookies, HSTS
YIMEN_API_RATE   calls a second of one token in one process (default 500); 0 = callers are not paced
"""

import os
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlsplit

from yimen.kernel import secrets
from yimen.site.settings_identity import *  # noqa: F403
from yimen.site.settings_identity import ALLAUTH_TRUSTED_PROXY_COUNT, IDENTITY_MIDDLEWARE

SRC = Path(__file__).resolve().parent.parent
DATA = Path(os.environ.get("YIMEN_DATA") or SRC.parent.parent / "var").resolve()
DATA.mkdir(parents=True, exist_ok=True, mode=0o700)
DEMO = os.environ.get("YIMEN_DEMO") == "1"
DISTRICT_NAME = os.environ.get("YIMEN_DISTRICT") or ("澜江区" if DEMO else "")
SECURE = os.environ.get("YIMEN_SECURE") == "1"

DEBUG = False
SECRET_KEY = secrets.load(DATA, "django")
ALLOWED_HOSTS = [h for h in os.environ.get("YIMEN_HOSTS", "127.0.0.1,localhost,[::1]").split(",") if h]
FILES_ROOT = DATA / "files"
FILES_STORE = os.environ.get("YIMEN_FILES", "")
PUBLIC_URL = os.environ.get("YIMEN_URL", "http://127.0.0.1:8000").rstrip("/")

INSTALLED_APPS = [
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "yimen.foundation.orgs",
    "yimen.foundation.identity",  # before allauth: its pages take the place of the bare ones
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.idp.oidc",
    "axes",
    "ninja",
    "django_cotton.apps.SimpleAppConfig",
    "django_htmx",
    "django_tasks",
    "django_tasks_db",
    "yimen.foundation.calendar",
    "yimen.foundation.files",
    "yimen.foundation.trace",
    "yimen.foundation.outbox",
    "yimen.foundation.params",
    "yimen.foundation.notices",
    "yimen.foundation.documents",
    "yimen.modules.forms",
    "yimen.modules.items",
    "yimen.modules.authoring",
    "yimen.modules.deadlines",
    "yimen.modules.flows",
    "yimen.modules.cases",
    "yimen.modules.themes",
    "yimen.modules.issuing",
    "yimen.modules.projects",
    "yimen.modules.registration",
    "yimen.modules.supervision",
    "yimen.modules.insight",
    "yimen.portals.ui",
    "yimen.portals.hall",
    "yimen.portals.desk",
    "yimen.portals.console",
    "yimen.portals.openapi",
    "yimen.site.apps.SiteConfig",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "yimen.site.middleware.SecurityHeaders",
    "yimen.site.pacing.Pacing",
    "yimen.foundation.files.middleware.UploadLimit",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "yimen.site.callers.TokensPass",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "axes.middleware.AxesMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "yimen.foundation.identity.middleware.ActorMiddleware",
    *IDENTITY_MIDDLEWARE,
    "yimen.site.callers.TokensJoin",
    "yimen.portals.openapi.middleware.BearerMiddleware",
    "yimen.portals.openapi.middleware.IdempotencyMiddleware",
    "yimen.site.middleware.Refusals",
]

ROOT_URLCONF = "yimen.site.urls"
WSGI_APPLICATION = "yimen.site.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [SRC / "portals" / "ui" / "templates"],
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "yimen.portals.ui.context.chrome",
            ],
            "loaders": [
                (
                    "django.template.loaders.cached.Loader",
                    [
                        "django_cotton.cotton_loader.Loader",
                        "django.template.loaders.filesystem.Loader",
                        "django.template.loaders.app_directories.Loader",
                    ],
                )
            ],
            "builtins": [
                "django.templatetags.i18n",
                "django.templatetags.static",
                "django_cotton.templatetags.cotton",
                "yimen.portals.ui.templatetags.ui",
            ],
        },
    }
]


def _database(address: str) -> dict[str, Any]:
    if not address:
        return {
            "ENGINE": "django.db.backends.sqlite3",
            "NAME": DATA / "yimen.sqlite3",
            "TEST": {"NAME": os.environ.get("YIMEN_TEST_FILE") or None},
            "CONN_MAX_AGE": None,  # opening it and saying the lines below again took two thirds of a read
            "OPTIONS": {
                "timeout": 20,
                "transaction_mode": "IMMEDIATE",
                "init_command": (
                    "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
                    "PRAGMA cache_size=-64000; PRAGMA temp_store=MEMORY"
                ),
            },
        }
    parts = urlsplit(address)
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": parts.path.lstrip("/"),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": unquote(parts.hostname or ""),
        "PORT": str(parts.port or ""),
        "CONN_MAX_AGE": None,
        "OPTIONS": {
            "prepare_threshold": 1,  # for kernel.frozen; other statements bind on the client
            # a server that vanishes without a word is noticed within seconds, not by the system's two hours
            "connect_timeout": 5,
            "keepalives_idle": 15,
            "tcp_user_timeout": 20_000,
        },
    }


DATABASES = {"default": _database(os.environ.get("YIMEN_DATABASE", ""))}
REPLICA = os.environ.get("YIMEN_REPLICA", "")
if REPLICA:
    DATABASES["replica"] = {
        **_database(REPLICA),
        "OPTIONS": {"connect_timeout": 2, "options": "-c default_transaction_read_only=on"},
        "TEST": {"MIRROR": "default"},
    }
    DATABASE_ROUTERS = ["yimen.site.replica.Router"]
    MIDDLEWARE.append("yimen.site.replica.ReplicaMiddleware")
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
CACHES = {"default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "cache_entries"}}

AUTH_USER_MODEL = "identity.Account"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "allauth.account.auth_backends.AuthenticationBackend",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "django.contrib.auth.password_validation.NumericPasswordValidator"},
]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/"

LANGUAGE_CODE = "zh-hans"
TIME_ZONE = "Asia/Shanghai"
USE_TZ = True
USE_I18N = True

STATIC_URL = "/static/"
STATIC_ROOT = DATA / "static"
STATIC_ROOT.mkdir(exist_ok=True)
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
WHITENOISE_USE_FINDERS = True

BROKER = os.environ.get("YIMEN_BROKER", "")
_TASKS_ENGINE = (
    "yimen.foundation.outbox.broker.BrokerBackend" if BROKER else "django_tasks_db.DatabaseBackend"
)
TASKS = {"default": {"BACKEND": _TASKS_ENGINE, "QUEUES": ["default"]}}

SESSION_COOKIE_NAME = "__Host-yimen_session" if SECURE else "yimen_session"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SAMESITE = "Lax"
CSRF_COOKIE_NAME = "__Host-yimen_csrf" if SECURE else "yimen_csrf"
CSRF_COOKIE_HTTPONLY = True  # pages carry the mark themselves
CSRF_COOKIE_SAMESITE = "Lax"
CSRF_FAILURE_VIEW = "yimen.portals.ui.errors.csrf_failed"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE
if SECURE and ALLAUTH_TRUSTED_PROXY_COUNT:  # TLS ends at the proxy, which says so
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
SECURE_HSTS_SECONDS = 31_536_000 if SECURE else 0
CSRF_TRUSTED_ORIGINS = [PUBLIC_URL] if PUBLIC_URL.startswith("https://") else []
API_RATE = float(os.environ.get("YIMEN_API_RATE") or 500)
DATA_UPLOAD_MAX_MEMORY_SIZE = 5 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2000
FILE_UPLOAD_HANDLERS = ["yimen.foundation.files.uploads.SealingUploadHandler"]
