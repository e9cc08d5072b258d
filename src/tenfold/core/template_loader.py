"""Templates are indented for those who write them; the indentation is not sent to those who read."""

from __future__ import annotations

import re

from django.template import Origin
from django.template.loaders import app_directories

_INDENTED = re.compile(r"\n\s+")
_KEEPS_SPACE = ("<pre", "white-space")


class Loader(app_directories.Loader):
    """Finds templates in apps, and takes the indentation out of those in HTML that do not show it."""

    def get_contents(self, origin: Origin) -> str:
        text = super().get_contents(origin)
        if not origin.name.endswith(".html") or any(word in text for word in _KEEPS_SPACE):
            return text
        return _INDENTED.sub("\n", text)
