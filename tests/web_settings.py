"""The application's own settings, in a home of the tests, with a quicker password hash."""

from __future__ import annotations

import os
import tempfile

os.environ.setdefault("TENFOLD_HOME", tempfile.mkdtemp(prefix="tenfold-tests-"))
os.environ.setdefault("TENFOLD_LOG_LEVEL", "ERROR")
os.environ["TENFOLD_SECRET_KEY"] = "tests sign nothing of value"  # noqa: S105 - not a secret

from tenfold.web.settings import *  # noqa: F403 - settings are made this way

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
ACCOUNT_RATE_LIMITS = False
LIMITS_ON = False
