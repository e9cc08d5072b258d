"""Settings of the web application. What an operator sets are environment variables; docs/operate.md lists them."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

import dj_database_url
import structlog
from csp.constants import NONCE, NONE, SELF

from tenfold.core.home import flag, home, secret, secret_key
from tenfold.web.logs import without_secrets

HERE = Path(__file__).parent
HOME = home()

DEBUG = flag("TENFOLD_DEBUG", default=False)
SECRET_KEY = secret_key()
SITE_URL = os.environ.get("TENFOLD_URL", "").rstrip("/")
BEHIND_TLS = SITE_URL.startswith("https://")
HOSTS = [name.strip() for name in os.environ.get("TENFOLD_HOSTS", "").split(",") if name.strip()]
ALLOWED_HOSTS = HOSTS or ["localhost", "127.0.0.1", "[::1]"]
if SITE_URL:
    ALLOWED_HOSTS = [*ALLOWED_HOSTS, SITE_URL.partition("://")[2].partition("/")[0].partition(":")[0]]
CSRF_TRUSTED_ORIGINS = [SITE_URL] if SITE_URL else []

INSTALLED_APPS = [
    "tenfold.web",  # ours first: their templates take precedence
    "tenfold.apps.sources",
    "tenfold.apps.retention",
    "tenfold.apps.growth",
    "tenfold.apps.employees",
    "tenfold.apps.offers",
    "tenfold.apps.feedback",
    "tenfold.apps.decisions",
    "tenfold.apps.fairness",
    "tenfold.apps.labroom",
    "tenfold.apps.interviews",
    "tenfold.apps.candidates",
    "tenfold.apps.pay",
    "tenfold.apps.postings",
    "tenfold.apps.plans",
    "tenfold.apps.accounts",
    "tenfold.core",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "anymail",
    "allauth.mfa",
    "csp",
    "django_htmx",
    "django_prometheus",
    "django_structlog",
    "django_tasks",
    "django_tasks_db",
]
MIDDLEWARE = [
    "django_prometheus.middleware.PrometheusBeforeMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.gzip.GZipMiddleware",  # with random length, so that sizes tell nothing
    "csp.middleware.CSPMiddleware",
    "tenfold.core.http.refusals.no_nul_in_addresses",
    "tenfold.core.http.middleware.no_cookies_on_public_pages",
    "tenfold.core.http.middleware.link_pages",
    "tenfold.core.http.middleware.nothing_stored_of_people",
    "tenfold.core.http.problems.problems_for_programs",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.auth.middleware.LoginRequiredMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "django_structlog.middlewares.RequestMiddleware",
    "tenfold.core.http.middleware.current_organisation_middleware",
    "tenfold.apps.accounts.views.gate.sign_in_gate",
    "tenfold.core.http.refusals.DatabaseBusy",
    "django_prometheus.middleware.PrometheusAfterMiddleware",
]
ROOT_URLCONF = "tenfold.web.urls"
ASGI_APPLICATION = "tenfold.web.asgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
TEMPLATES: list[dict[str, Any]] = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "OPTIONS": {
            "loaders": [("django.template.loaders.cached.Loader", ["tenfold.core.template_loader.Loader"])],
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.messages.context_processors.messages",
                "tenfold.core.http.context.site_context",
            ],
            "builtins": [
                "tenfold.core.templatetags.tenfold",
                "tenfold.apps.plans.templatetags.plans",
                "tenfold.apps.accounts.templatetags.trail",
                "django.contrib.humanize.templatetags.humanize",
            ],
            "string_if_invalid": "",
        },
    }
]

# Data. SQLite writes are taken in turn from their start (IMMEDIATE), so that two never deadlock half-way.
DATABASES: dict[str, Any] = {
    "default": dj_database_url.parse(
        secret("DATABASE_URL") or f"sqlite:///{HOME / 'tenfold.sqlite3'}", conn_max_age=0, conn_health_checks=True
    )
}
if DATABASES["default"]["ENGINE"] == "django.db.backends.sqlite3":
    DATABASES["default"]["OPTIONS"] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA foreign_keys=ON; "
        "PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728; PRAGMA secure_delete=ON",
    }
else:
    given = DATABASES["default"].get("OPTIONS", {})
    DATABASES["default"]["OPTIONS"] = {"pool": {"min_size": 1, "max_size": 16, "timeout": 20}, **given}
# What is counted or remembered for all server processes is in the database; what each may draw anew is its own.
CACHES = {
    "default": {"BACKEND": "django.core.cache.backends.db.DatabaseCache", "LOCATION": "core_cache"},
    "local": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache", "OPTIONS": {"MAX_ENTRIES": 2_000}},
}
TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend", "QUEUES": ["default"]}}

# People.
AUTH_USER_MODEL = "core.User"
AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.ScryptPasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("email", "name")},
    },
]
ACCOUNT_FORMS = {
    "reset_password": "tenfold.apps.accounts.forms.people.ForgottenPassword",
    "change_password": "tenfold.apps.accounts.forms.people.ChangePassword",
    "reset_password_from_key": "tenfold.apps.accounts.forms.people.PasswordByLink",
}
ACCOUNT_ADAPTER = "tenfold.apps.accounts.views.adapter.AccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"  # an address is proven by the invitation that reached it
ACCOUNT_LOGOUT_ON_PASSWORD_CHANGE = False
ACCOUNT_SESSION_REMEMBER = True
ACCOUNT_RATE_LIMITS: dict[str, str] | bool = {
    "login": "30/m/ip",
    "login_failed": "10/m/ip,5/5m/key",
    "reset_password": "20/h/ip,5/h/key",
}
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # no mail to addresses that nobody has here
ACCOUNT_EMAIL_SUBJECT_PREFIX = ""
ACCOUNT_USER_DISPLAY = str
MFA_ADAPTER = "tenfold.apps.accounts.views.adapter.SecondFactors"
MFA_SUPPORTED_TYPES = ["totp", "webauthn", "recovery_codes"]
MFA_PASSKEY_LOGIN_ENABLED = True
MFA_ALLOW_UNVERIFIED_EMAIL = True  # an address is proven by the invitation that reached it
MFA_TOTP_TOLERANCE = 1  # a clock may be half a minute off
MFA_RECOVERY_CODES_SHOW_ONCE = False
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "plans"

# Cookies and headers.
SESSION_COOKIE_AGE = 14 * 24 * 3600
SESSION_COOKIE_NAME = "__Host-session" if BEHIND_TLS else "session"
CSRF_COOKIE_NAME = "__Host-csrf" if BEHIND_TLS else "csrf"
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = BEHIND_TLS
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = CSRF_COOKIE_HTTPONLY = True
SECURE_HSTS_SECONDS = 31_536_000 if BEHIND_TLS else 0
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if flag("TENFOLD_BEHIND_PROXY", default=False) else None
SECURE_REFERRER_POLICY = "same-origin"
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF, NONCE],  # the nonce is for the YAML editor, which writes its style as it goes
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "manifest-src": [SELF],
    }
}
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# Input from outside is bounded before anything reads it.
DATA_UPLOAD_MAX_MEMORY_SIZE = 5_000_000
FILE_UPLOAD_MAX_MEMORY_SIZE = 2_500_000
DATA_UPLOAD_MAX_NUMBER_FIELDS = 2_000
DATA_UPLOAD_MAX_NUMBER_FILES = 5

# Assets: bundled at set-up under names that hold their hash; `assets` serves them.
STATIC_URL = "/static/"
STATIC_ROOT = HERE / "static"

# Words and time.
LANGUAGE_CODE = "en-gb"
USE_I18N = False
USE_TZ = True
TIME_ZONE = os.environ.get("TENFOLD_TIME_ZONE", "UTC")
USE_THOUSAND_SEPARATOR = False

# Mail: to the log unless a server, a mail service or a folder is given. A service has settings ANYMAIL_… of its own.
MAIL_SERVICE = os.environ.get("TENFOLD_MAIL_SERVICE", "").strip().casefold()
EMAIL_BACKEND = (
    f"anymail.backends.{MAIL_SERVICE}.EmailBackend"
    if MAIL_SERVICE
    else "django.core.mail.backends.smtp.EmailBackend"
    if os.environ.get("TENFOLD_SMTP_HOST")
    else "django.core.mail.backends.filebased.EmailBackend"
    if os.environ.get("TENFOLD_MAIL_FOLDER")
    else "django.core.mail.backends.console.EmailBackend"
)
EMAIL_FILE_PATH = os.environ.get("TENFOLD_MAIL_FOLDER") or None
ANYMAIL = {name.removeprefix("ANYMAIL_"): value for name, value in os.environ.items() if name.startswith("ANYMAIL_")}
REPLY_DOMAIN = os.environ.get("TENFOLD_REPLY_DOMAIN", "")
INCOMING_MAIL_TOKEN = secret("TENFOLD_INCOMING_MAIL_TOKEN")
EMAIL_HOST = os.environ.get("TENFOLD_SMTP_HOST", "")
EMAIL_PORT = int(os.environ.get("TENFOLD_SMTP_PORT", "587"))
EMAIL_HOST_USER = os.environ.get("TENFOLD_SMTP_USER", "")
EMAIL_HOST_PASSWORD = secret("TENFOLD_SMTP_PASSWORD") or ""
EMAIL_USE_TLS = flag("TENFOLD_SMTP_TLS", default=True)
DEFAULT_FROM_EMAIL = os.environ.get("TENFOLD_MAIL_FROM", "tenfold@localhost")

# Logs: one line of JSON each where a machine reads them, plain where a person does.
_shared: list[Any] = [
    structlog.contextvars.merge_contextvars,
    structlog.processors.TimeStamper(fmt="iso", utc=True),
    structlog.stdlib.add_logger_name,
    structlog.stdlib.add_log_level,
    structlog.processors.StackInfoRenderer(),
    without_secrets,
]
_plain = sys.stderr.isatty()
structlog.configure(
    processors=[
        structlog.stdlib.filter_by_level,
        *_shared,
        structlog.processors.format_exc_info,
        structlog.stdlib.ProcessorFormatter.wrap_for_formatter,
    ],
    logger_factory=structlog.stdlib.LoggerFactory(),
    cache_logger_on_first_use=True,
)
LOGGING: dict[str, Any] = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "lines": {
            "()": structlog.stdlib.ProcessorFormatter,
            "foreign_pre_chain": _shared,
            "processor": structlog.dev.ConsoleRenderer() if _plain else structlog.processors.JSONRenderer(),
        }
    },
    "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "lines"}},
    "root": {"handlers": ["stderr"], "level": os.environ.get("TENFOLD_LOG_LEVEL", "WARNING" if _plain else "INFO")},
    "loggers": {"django.server": {"level": "WARNING"}, "uvicorn.access": {"level": "WARNING"}},
}
DJANGO_STRUCTLOG_USER_ID_FIELD = "pk"
PROMETHEUS_EXPORT_MIGRATIONS = False
METRICS_TOKEN = secret("TENFOLD_METRICS_TOKEN")
LIMITS_ON = True
