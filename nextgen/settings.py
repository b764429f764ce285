"""All settings of the site; those that differ between machines come from the environment.

A setting that is missing or wrong refuses the start with one sentence. Without any, nothing
debugs and the site answers on this machine alone; HTTPS=1 adds what a public address needs.
"""

import os
import re
from datetime import timedelta
from pathlib import Path
from typing import Any, NoReturn

import environ
from django.utils.csp import CSP

BASE_DIR = Path(__file__).resolve().parent.parent
env = environ.Env()
environ.Env.read_env(os.environ.get("ENV_FILE", BASE_DIR / ".env"))


def refuse(sentence: str) -> NoReturn:
    """End the start with this sentence, whoever started it."""
    raise SystemExit(sentence)


def flag(name: str, default: str = "0") -> bool:
    """Read a setting that is on or off; what is neither is not taken for off."""
    value = env.str(name, "").lower() or default
    if value not in {"0", "1", "false", "true", "no", "yes", "off", "on"}:
        refuse(f"{name}={value} is neither on nor off: write 1 or 0.")
    return value in {"1", "true", "yes", "on"}


def matching(name: str, pattern: str, wanted: str, default: str = "") -> str:
    """Read a setting that has to look like this."""
    value: str = env.str(name, "") or default
    if not re.fullmatch(pattern, value):
        refuse(f"{name}={value} is not {wanted}.")
    return value


DEBUG = flag("DEBUG")
SECRET_KEY = env.str("SECRET_KEY", "")
if len(SECRET_KEY) < 32:
    refuse(
        "SECRET_KEY is missing or shorter than 32 characters:"
        " put a long random value into the environment or into .env."
    )
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=["127.0.0.1", "localhost", "[::1]"])
SITE_URL = matching("SITE_URL", r"(https?://[^/\s]+)?", "an address like https://example.org")
ADMIN_PATH = matching("ADMIN_PATH", r"([a-z0-9-]+/)+", "a path like desk/", "admin/")
ADMIN_HOST = matching("ADMIN_HOST", r"[a-z0-9.-]*", "a name like desk.example.org")
ALLOWED_HOSTS += [ADMIN_HOST] if ADMIN_HOST else []
SECURITY_CONTACT = matching(
    "SECURITY_CONTACT", r"((mailto:|https://|tel:)\S+)?", "an address like mailto:name@example.org"
)

PRESS_CONTACT = matching(
    "PRESS_CONTACT", r"((mailto:|https://|tel:)\S+)?", "an address like mailto:press@example.org"
)

# Requests that a process answers at once: granian's own setting, which the site has to know too.
THREADS = int(matching("GRANIAN_BLOCKING_THREADS", r"[1-9]\d{0,2}", "a number", "16"))
PAGE_CACHE_MB = 0 if DEBUG else int(matching("PAGE_CACHE_MB", r"\d{1,5}", "a number", "64"))
PAGE_CACHE_DIR = env.str("PAGE_CACHE_DIR", "")
# Caches in front of the site that want to be told, with a BAN, when the plan has changed.
PURGE_URLS = re.findall(
    r"[^,]+",
    matching("PURGE_URLS", r"(https?://[^\s,]+,?)*", "a list of addresses, by comma"),
)

INSTALLED_APPS = [
    "nextgen",
    "milestones",
    "projects",
    "django_htmx",
    "nextgen.apps.HistoryConfig",
    "nextgen.apps.LoginsConfig",
    "django_otp",
    "django_otp.plugins.otp_totp",
    "django_otp.plugins.otp_static",
    "nextgen.apps.DeskConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "django.middleware.csp.ContentSecurityPolicyMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "nextgen.watching.WatchMiddleware",
    "nextgen.middleware.PlanMiddleware",
    "nextgen.api.gate.ApiMiddleware",
    "nextgen.middleware.CompressionMiddleware",
    "django.middleware.http.ConditionalGetMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "nextgen.desk.middleware.SlashMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django_otp.middleware.OTPMiddleware",
    "nextgen.desk.middleware.DeskMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "axes.middleware.AxesMiddleware",
    "nextgen.middleware.LimitsMiddleware",
]
ROOT_URLCONF = "nextgen.urls"
CSRF_FAILURE_VIEW = "nextgen.pages.errors.forbidden"
WSGI_APPLICATION = "nextgen.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "nextgen.pages.base.site",
            ],
            "builtins": ["django.templatetags.i18n", "nextgen.templatetags.site"],
        },
    }
]


def database(url: str) -> dict[str, Any]:
    """Read DATABASE_URL: SQLite where nothing is said, PostgreSQL with a pool of connections."""
    try:
        known = url.startswith(("sqlite://", "postgres://", "postgresql://"))
        found: dict[str, Any] = environ.Env.db_url_config(url) if known else {}
    except ValueError:
        found = {}
    if not url:
        found = {"ENGINE": "django.db.backends.sqlite3", "NAME": BASE_DIR / "db.sqlite3"}
    if not found.get("NAME"):
        refuse(
            "DATABASE_URL is not an address like sqlite:///db.sqlite3"
            " or postgres://user:password@host/name."
        )
    options: dict[str, Any] = {
        "transaction_mode": "IMMEDIATE",
        "timeout": 20,
        # Without recursive triggers a REPLACE would go round what guards the rows it deletes.
        "init_command": (
            "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL; PRAGMA recursive_triggers=ON;"
        ),
    }
    if found["ENGINE"] == "django.db.backends.postgresql":
        # One connection a thread and some to spare: a pool smaller than threads + 1 hangs.
        options = {
            "connect_timeout": 3,
            # A machine that is gone says nothing: without these, who waits for it does for hours.
            "tcp_user_timeout": 10_000,  # milliseconds
            "keepalives_idle": 10,
            "keepalives_interval": 5,
            "keepalives_count": 3,
            "pool": {"min_size": 1, "max_size": THREADS + 2, "timeout": 5},
        }
        found["CONN_HEALTH_CHECKS"] = True
    else:
        # A third of a page's time goes into opening a file: once a second a thread is enough, and
        # one that was put in its place is seen as soon as a change is.
        found["CONN_MAX_AGE"] = 1
    return {**found, "OPTIONS": {**options, **found.get("OPTIONS", {})}}


DATABASES = {"default": database(env.str("DATABASE_URL", ""))}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
AUTH_USER_MODEL = "milestones.User"
AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "django.contrib.auth.backends.ModelBackend",
]
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
_VALIDATORS = "django.contrib.auth.password_validation"
AUTH_PASSWORD_VALIDATORS: list[dict[str, Any]] = [
    {"NAME": f"{_VALIDATORS}.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": f"{_VALIDATORS}.CommonPasswordValidator"},
    {"NAME": f"{_VALIDATORS}.NumericPasswordValidator"},
    {
        "NAME": f"{_VALIDATORS}.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ["username", "full_name", "email"]},
    },
]
LOGIN_REDIRECT_URL = "admin:index"
SECOND_FACTOR = flag("SECOND_FACTOR", default="1")
OTP_TOTP_ISSUER = SITE_URL.partition("//")[2] or "NextGen"

# Wrong passwords and codes are counted for a user name from an address.
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_RESET_ON_SUCCESS = True
AXES_HANDLER = "nextgen.desk.logins.Attempts"
AXES_CLIENT_IP_CALLABLE = "nextgen.desk.door.address"
AXES_LOCKOUT_CALLABLE = "nextgen.desk.door.locked_out"
AXES_ENABLE_ACCESS_FAILURE_LOG = True
AXES_ENABLE_ADMIN = False
AXES_VERBOSE = False
AXES_SENSITIVE_PARAMETERS = ["username", "ip_address", "code", "kept", "csrfmiddlewaretoken"]


def mailer() -> dict[str, Any]:
    """Read EMAIL_URL: e-mails are printed where nothing is said, else sent by SMTP."""
    url = env.str("EMAIL_URL", "") or "consolemail://"
    try:
        found = environ.Env.email_url_config(url)
    except (environ.ImproperlyConfigured, ValueError):
        refuse("EMAIL_URL is not an address like smtp+tls://user:password@host:587.")
    options = {"host": "EMAIL_HOST", "port": "EMAIL_PORT", "username": "EMAIL_HOST_USER",
               "password": "EMAIL_HOST_PASSWORD", "use_tls": "EMAIL_USE_TLS",
               "use_ssl": "EMAIL_USE_SSL"}  # fmt: skip
    given = {name: found[key] for name, key in options.items() if found.get(key)}
    if found["EMAIL_BACKEND"].endswith("smtp.EmailBackend"):
        given["timeout"] = 10  # seconds: nobody waits longer for a letter
    return {"BACKEND": found["EMAIL_BACKEND"], "OPTIONS": given}


MAILERS = {"default": mailer()}
DEFAULT_FROM_EMAIL = env.str("EMAIL_FROM", "nextgen@localhost")

LANGUAGE_CODE = "en"
LANGUAGES = [
    ("nl", "Nederlands"),
    ("fr", "Français"),
    ("de", "Deutsch"),
    ("en", "English"),
]
LOCALE_PATHS = [BASE_DIR / "locale"]
TIME_ZONE = "Europe/Brussels"
USE_TZ = True

STATIC_URL = "static/"
STATIC_ROOT = BASE_DIR / "staticfiles"
STATICFILES_DIRS = [BASE_DIR / "static"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}
WHITENOISE_ALLOW_ALL_ORIGINS = False

# Only the desk logs in, so only the desk gets cookies.
HTTPS = flag("HTTPS")
SECURE_SSL_REDIRECT = SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = HTTPS
SECURE_REDIRECT_EXEMPT = [r"^healthz$", r"^readyz$", r"^metrics$"]
SECURE_HSTS_SECONDS = 2 * 365 * 24 * 3600 if HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = HTTPS
if TRUST_PROXY := flag("TRUST_PROXY"):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
CSRF_COOKIE_HTTPONLY = True
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = f"/{ADMIN_PATH}"
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"
SESSION_COOKIE_AGE = 4 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# Not Strict: a link in an e-mail of the desk has to find the session.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SECURE_CSP = {
    "default-src": [CSP.NONE],
    "script-src": [CSP.SELF],
    "style-src": [CSP.SELF],
    "img-src": [CSP.SELF],
    "font-src": [CSP.SELF],
    "connect-src": [CSP.SELF],
    "manifest-src": [CSP.SELF],
    "form-action": [CSP.SELF],
    "base-uri": [CSP.NONE],
    "frame-ancestors": [CSP.NONE],
}

# Watching the site: nextgen/logs.py, nextgen/watching.py, nextgen/metrics.py, nextgen/doctor/.
SLOW_PAGE_MS = int(matching("SLOW_PAGE_MS", r"\d{1,6}", "a number of milliseconds", "500"))
METRICS_TOKEN = env.str("METRICS_TOKEN", "")
if METRICS_TOKEN and len(METRICS_TOKEN) < 32:
    refuse("METRICS_TOKEN is shorter than 32 characters: write a long random value, or none.")
BACKUP_DIR = env.str("BACKUP_DIR", "")
LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    "formatters": {
        "text": {
            "()": "nextgen.logs.Text",
            "format": "{levelname} {name}: {message}",
            "style": "{",
        },
        "json": {"()": "nextgen.logs.JsonLines"},
    },
    "handlers": {
        "stdout": {
            "class": "logging.StreamHandler",
            "stream": "ext://sys.stdout",
            "formatter": matching("LOG_FORMAT", "text|json", "text or json", "text"),
        }
    },
    "root": {
        "handlers": ["stdout"],
        "level": matching("LOG_LEVEL", "DEBUG|INFO|WARNING|ERROR", "a level such as INFO", "INFO"),
    },
    "loggers": {
        "django": {"handlers": [], "level": "NOTSET"},
        # At DEBUG it writes down all that a template was given.
        "django.template": {"level": "INFO"},
        "_granian": {"handlers": [], "propagate": True},
    },
}
