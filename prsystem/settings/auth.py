"""Sign-in, passwords, sessions, cookies, security headers."""

from datetime import timedelta

from csp.constants import NONCE, NONE, SELF

from prsystem import env

from .base import SECRET_KEY, SERVES_HTTPS
from .directory import DIRECTORY_BACKEND, LDAP_SERVERS

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "/entrar"
LOGIN_REDIRECT_URL = "/"
LOGOUT_REDIRECT_URL = "/entrar"

AUTHENTICATION_BACKENDS = [
    "axes.backends.AxesStandaloneBackend",
    "prsystem.accounts.sign_in.known_passwords.KnownPasswordBackend",
    "django.contrib.auth.backends.ModelBackend",  # before the directory: a local account gets in while that is down
    *([DIRECTORY_BACKEND] if LDAP_SERVERS else []),
]
PASSWORD_HASHERS = ["django.contrib.auth.hashers.Argon2PasswordHasher"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
    {"NAME": "prsystem.accounts.sign_in.passwords.CommonWordValidator"},
    {"NAME": "prsystem.accounts.sign_in.passwords.ContextWordsValidator"},
    {"NAME": "prsystem.accounts.sign_in.passwords.CompositionValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator",
        "OPTIONS": {"user_attributes": ("username", "full_name", "email")},
    },
]

AXES_FAILURE_LIMIT = 5
AXES_COOLOFF_TIME = timedelta(minutes=15)
AXES_LOCKOUT_PARAMETERS = [["username", "ip_address"]]
AXES_RESET_ON_SUCCESS = True
AXES_LOCKOUT_CALLABLE = "prsystem.accounts.sign_in.lockout.locked_out_response"
AXES_VERBOSE = False
AXES_CLIENT_IP_CALLABLE = "prsystem.core.web.middleware.client_ip"
AXES_DISABLE_ACCESS_LOG = True  # sign-ins are in the audit trail

SESSION_ENGINE = "prsystem.accounts.sessions.engine"
SESSION_COOKIE_AGE = 24 * 3600  # the limits are settings of the site, see accounts.sessions.engine
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SERVES_HTTPS
SESSION_COOKIE_NAME = "__Host-prs_session" if SERVES_HTTPS else "prs_session"
CSRF_COOKIE_NAME = "__Host-prs_csrf" if SERVES_HTTPS else "prs_csrf"
CSRF_FAILURE_VIEW = "prsystem.core.web.pages.csrf_failure"
CSRF_TRUSTED_ORIGINS = [f"https://{host.lstrip('.')}" for host in env.names("ALLOWED_HOSTS", []) if host != "*"]
# The way to HTTPS is nginx's (docs/decisions/0014): probes and scrapes reach the backends in clear, inside.
SILENCED_SYSTEM_CHECKS = ["security.W008"]
SECURE_HSTS_SECONDS = 31536000 if SERVES_HTTPS else 0
SECURE_HSTS_INCLUDE_SUBDOMAINS = SECURE_HSTS_PRELOAD = SERVES_HTTPS
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if env.is_set("TRUSTED_PROXIES") else None
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
TRUSTED_PROXIES = env.networks("TRUSTED_PROXIES", [])

# Origins whose pages may use security keys, the first of which names the site they belong to; else that of the request.
WEBAUTHN_ORIGINS = env.urls("PRS_WEBAUTHN_ORIGINS", schemes=("https", "http"))

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF, NONCE],
        "style-src": [SELF, NONCE],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "worker-src": [SELF],
        "manifest-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "frame-ancestors": [NONE],
        "form-action": [SELF],
    }
}

# Number -> secret that the digests of API keys are made with. Number 1 follows from SECRET_KEY; the highest is used for
# new keys, so that a new pepper comes in with the next rotation of each key.
API_KEY_PEPPERS = {1: SECRET_KEY, **env.numbered("PRS_API_KEY_PEPPERS")}

ACCESS_TOKEN_SECONDS = 3600
REFRESH_TOKEN_SECONDS = 7 * 24 * 3600
SIMPLE_JWT = {
    "ACCESS_TOKEN_LIFETIME": timedelta(seconds=ACCESS_TOKEN_SECONDS),
    "ALGORITHM": "HS256",
    "SIGNING_KEY": SECRET_KEY,
    "AUDIENCE": "pr-system-api",
    "ISSUER": "pr-system",
    "AUTH_HEADER_TYPES": ("Bearer",),
}

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "prsystem.accounts.api.authentication.TokenAuthentication",
        "prsystem.accounts.api.authentication.SessionCookieAuthentication",
    ],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["prsystem.core.api.parsers.BoundedJSONParser"],
    "DEFAULT_PAGINATION_CLASS": "prsystem.core.api.pagination.CursorPages",
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "prsystem.core.api.problems.exception_handler",
    "UNAUTHENTICATED_USER": "django.contrib.auth.models.AnonymousUser",
}
SPECTACULAR_SETTINGS = {
    "TITLE": "PR-System",
    "DESCRIPTION": "Incidencias, conocimiento y sugerencias de PR-System.",
    "VERSION": "1.0.0",
    "OAS_VERSION": "3.1.1",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "COMPONENT_SPLIT_REQUEST": True,
    "PREPROCESSING_HOOKS": ["prsystem.core.api.schema.without_slash_twins"],
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "prsystem.core.api.schema.with_problems",
        "prsystem.api_summaries.with_summaries",
        "prsystem.core.api.schema.with_step_up",
    ],
}
