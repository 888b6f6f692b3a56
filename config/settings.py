"""Django settings: embedded defaults for a newcomer, the same code for production through environment variables.

docs/running.md lists the variables.
"""

from pathlib import Path
from urllib.parse import quote

from csp.constants import NONCE, NONE, SELF

from config import environment, logs

BASE_DIR = Path(__file__).resolve().parent.parent
DATA_DIR = Path(environment.text("DATA_DIR", str(BASE_DIR / "var"))).resolve()
OFFICIAL_LISTS = Path(environment.text("OFFICIAL_LISTS", str(BASE_DIR.parent / "shared" / "data")))
"""Where ``seed_network`` looks for the lists of the country; the product needs none."""
METHODOLOGIES_DIR = BASE_DIR / "indicators"

DEBUG = environment.flag("DEBUG", True)
SECRET_KEY = environment.secret_key(DATA_DIR, required=not DEBUG)
SECRET_KEY_FALLBACKS = environment.words("SECRET_KEY_FALLBACKS")
ALLOWED_HOSTS = environment.words("ALLOWED_HOSTS", "127.0.0.1,localhost,[::1]" if DEBUG else "")
CSRF_TRUSTED_ORIGINS = environment.words("CSRF_TRUSTED_ORIGINS")
DEMO = environment.flag("DEMO", DEBUG)
"""Whether an empty database is filled with the demonstration. Its accounts need no second factor."""
URL_PREFIX = environment.prefix("URL_PREFIX")
SITE_URL = environment.origin("SITE_URL", f"http://127.0.0.1:{environment.number('PORT', 8000)}" if DEBUG else "")
"""Where people reach the product, without path: for addresses in mails."""
PROXIES = environment.number("TRUSTED_PROXIES", 0 if DEBUG else 1, least=0)
"""How many proxies of ours stand before the product: they say who asks, and that it came through https."""
LOGGING = logs.configuration(environment.one_of("LOG_LEVEL", "INFO", ("DEBUG", "INFO", "WARNING", "ERROR")))

INSTALLED_APPS = [
    "django.contrib.contenttypes",
    "django.contrib.auth",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    # The rooms come before allauth: their templates and words replace its own.
    "portal.ui",
    "portal.outbox",
    "portal.network",
    "portal.accounts",
    "portal.rounds",
    "portal.collection",
    "portal.contact",
    "portal.structure",
    "exports",
    "formtools",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.usersessions",
    "csp",
    "django_rq",
]
MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "portal.ui.middleware.ChosenLanguage",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "portal.accounts.middleware.SessionEnds",
    "portal.accounts.middleware.AccountFirst",
    "portal.accounts.middleware.SecondFactorFirst",
    "allauth.account.middleware.AccountMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "portal.ui.middleware.Refusals",
    "portal.collection.access.ExplainedRefusals",
]
ROOT_URLCONF = "config.urls"
WSGI_APPLICATION = "config.wsgi.application"
TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "csp.context_processors.nonce",
                "portal.ui.frame.context",
            ]
        },
    }
]
DATABASES = {"default": environment.database("DATABASE_URL", DATA_DIR / "db.sqlite3", environment.number("STATEMENT_TIMEOUT", 600))}
AUTH_USER_MODEL = "accounts.User"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

LANGUAGE_CODE = "ro"
LANGUAGES = [("ro", "română"), ("en", "English"), ("hu", "magyar")]
TIME_ZONE = "Europe/Bucharest"
FORMAT_MODULE_PATH = ["portal.ui.formats"]
LANGUAGE_COOKIE_SAMESITE = "Lax"
USE_I18N = True
# Before the catalogues of Django and of the packages, whose Romanian is rewritten there.
LOCALE_PATHS = [BASE_DIR / "portal" / "ui" / "locale"]
USE_TZ = True

QUEUES = ("urgent", "default", "mail")
"""In the order in which a worker looks at them. Urgent is what somebody waits for at the screen: it stands behind no storm of reminders."""
REDIS_URL = environment.queue("REDIS_URL", f"unix://{quote(str(DATA_DIR / 'queue.sock'))}?db=0")
RQ_QUEUES = {name: {"URL": REDIS_URL, "DEFAULT_TIMEOUT": 900, "SERIALIZER": "rq.serializers.JSONSerializer"} for name in QUEUES}
OUTBOX_RATES = {"mail": 120}
"""Jobs that may start in a minute, by queue: reminders leave in waves."""
OUTBOX_SWEEP_EVERY = 20
"""Seconds between two looks of a worker at the table of jobs."""
OUTBOX_PRELOAD = ["numpy", "weasyprint"]
"""What the worker imports once, before it forks for jobs."""

# Counting attempts must go on without Redis and without the database.
CACHES = {
    "default": {
        "BACKEND": "config.caches.RedisOrFiles" if environment.text("REDIS_URL") else "config.caches.Files",
        "LOCATION": (REDIS_URL, str(DATA_DIR / "cache")) if environment.text("REDIS_URL") else str(DATA_DIR / "cache"),
        "OPTIONS": {"MAX_ENTRIES": 10_000},
    }
}
ALLAUTH_TRUSTED_PROXY_COUNT = PROXIES

globals().update(environment.mail("EMAIL_URL", required=not DEBUG))
EMAIL_FILE_PATH = DATA_DIR / "mail"
DEFAULT_FROM_EMAIL = SERVER_EMAIL = environment.address("DEFAULT_FROM_EMAIL", "Monitorizarea segregării școlare <monitorizare@localhost>")

AUTHENTICATION_BACKENDS = ["allauth.account.auth_backends.AuthenticationBackend"]
LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "home"
ACCOUNT_ADAPTER = "portal.accounts.adapter.AccountAdapter"
ACCOUNT_FORMS = {
    "login": "portal.accounts.forms.sign_in.LoginForm",
    "change_password": "portal.accounts.forms.sign_in.ChangePasswordForm",
    "reset_password": "portal.accounts.forms.sign_in.ForgottenPasswordForm",
    "reset_password_from_key": "portal.accounts.forms.sign_in.NewPasswordForm",
    "reauthenticate": "portal.accounts.forms.sign_in.ConfirmForm",
}
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False
ACCOUNT_SESSION_REMEMBER = False
ACCOUNT_PASSWORD_RESET_TOKEN_GENERATOR = "django.contrib.auth.tokens.PasswordResetTokenGenerator"  # noqa: S105
PASSWORD_RESET_TIMEOUT = 24 * 3600
MFA_ADAPTER = "portal.accounts.adapter.SecondFactorAdapter"
MFA_FORMS = {
    "activate_totp": "portal.accounts.forms.sign_in.ActivateFactorForm",
    "authenticate": "portal.accounts.forms.sign_in.CodeForm",
    "reauthenticate": "portal.accounts.forms.sign_in.ConfirmByCodeForm",
}
MFA_SUPPORTED_TYPES = ["totp", "recovery_codes"]
MFA_TOTP_ISSUER = "Monitorizarea segregării școlare"
MFA_TOTP_PERIOD = 30
MFA_TOTP_TOLERANCE = 1
"""Periods by which the clock of a telephone may be wrong."""
MFA_ALLOW_UNVERIFIED_EMAIL = True
"""Whoever has an account got its invitation at this address."""
INVITATION_DAYS = environment.number("INVITATION_DAYS", 14)
AUTH_PASSWORD_VALIDATORS = [
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        # The measure counts letters whatever their order: with less than this, long phrases that have nothing to do with a name are refused.
        "OPTIONS": {"user_attributes": ("email", "full_name"), "max_similarity": 0.85},
    },
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 10}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

# Two hours without a page, and never beyond the closing of the browser: school computers are shared. The cookie and the row of a session
# outlive its end (portal.accounts.sessions), so that a form that arrives too late still has its person.
SESSION_IDLE_MINUTES = environment.number("SESSION_IDLE_MINUTES", 120, least=10)
SESSION_COOKIE_AGE = 24 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
SESSION_COOKIE_PATH = CSRF_COOKIE_PATH = LANGUAGE_COOKIE_PATH = f"/{URL_PREFIX}"
LANGUAGE_COOKIE_AGE = 365 * 24 * 3600
LANGUAGE_COOKIE_HTTPONLY = True

STATIC_URL = f"/{URL_PREFIX}static/"
STATIC_ROOT = None if DEBUG else DATA_DIR / "static"
WHITENOISE_USE_FINDERS = DEBUG
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {
        "BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage" if DEBUG else "whitenoise.storage.CompressedManifestStaticFilesStorage"
    },
}

SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF, NONCE],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
        "base-uri": [NONE],
    }
}
CSRF_FAILURE_VIEW = "portal.accounts.views.session.csrf_failure"
if not DEBUG:
    SECURE_SSL_REDIRECT = environment.flag("SECURE_SSL_REDIRECT", True)
    if PROXIES:
        SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")
    SECURE_HSTS_SECONDS = 31_536_000
    SECURE_HSTS_INCLUDE_SUBDOMAINS = True
    SECURE_HSTS_PRELOAD = True
    SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
    SESSION_COOKIE_NAME, CSRF_COOKIE_NAME = "__Secure-session", "__Secure-csrf"
