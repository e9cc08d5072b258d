"""The catalogue's skills as the options of a field that takes one."""

from __future__ import annotations

import hashlib
from functools import cache

from django.utils.html import format_html_join
from django.utils.safestring import SafeString

from tenfold.catalogue.store import catalogue


@cache
def skill_options() -> SafeString:
    known = sorted((skill.id, skill.name) for skill in catalogue().skills.values())
    return format_html_join("", '<option value="{}">{}</option>', known)


@cache
def skills_digest() -> str:
    return hashlib.sha256(skill_options().encode()).hexdigest()[:12]
