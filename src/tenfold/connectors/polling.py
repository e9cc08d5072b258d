"""Reading an API page by page, through a fetch that the caller hands in (guarded, with its own limits and secrets)."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

from tenfold.connectors.payloads import Node, parse_json

MAX_PAGES = 1000


@dataclass(frozen=True, slots=True)
class Fetched:
    """An answer's body and its headers, names in lower case."""

    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)


Fetch = Callable[[str], Fetched]


@dataclass(frozen=True, slots=True)
class FetchedPage:
    """One page of an API's answer; `next_url` is None on the last. Keep it to go on from here after a break."""

    root: Node
    url: str
    next_url: str | None


def fetch_pages(fetch: Fetch, url: str, *, max_pages: int = MAX_PAGES) -> Iterator[FetchedPage]:
    """Pages from `url` on, whatever way the system numbers them; never the same address twice.

    Known are Link headers (GitHub, GitLab), `x-next-page` (GitLab), `more` with `offset` (PagerDuty), `next_page_token`
    (MLflow), `pagination_meta.after` (incident.io) and `links.next` (JSON:API, Rootly).
    """
    seen: set[str] = set()
    following: str | None = url
    while following is not None and following not in seen and len(seen) < max_pages:
        seen.add(following)
        answer = fetch(following)
        root = parse_json(answer.body, name=following)
        after = next_url(following, answer.headers, root)
        yield FetchedPage(root, following, after)
        following = after


def next_url(url: str, headers: Mapping[str, str], root: Node) -> str | None:
    """The address of the next page on the same host, or None."""
    linked = re.search(r'<([^>]+)>\s*;\s*rel="next"', headers.get("link", ""))
    found = linked[1] if linked else None
    if found is None and headers.get("x-next-page", "").isdecimal():
        found = _with(url, page=headers["x-next-page"])
    if found is None and root.get("more").value is True:
        limit, offset = root.get("limit").value, root.get("offset").value
        if isinstance(limit, int) and isinstance(offset, int) and limit > 0:
            found = _with(url, offset=str(offset + limit))
    for key, path in (("page_token", ("next_page_token",)), ("after", ("pagination_meta", "after"))):
        node = root
        for step in path:
            node = node.get(step)
        if found is None and isinstance(node.value, str) and node.value:
            found = _with(url, **{key: node.value})
    linked_next = root.get("links").get("next").value
    if found is None and isinstance(linked_next, str) and linked_next:
        found = linked_next
    return found if found and urlsplit(found)[:2] == urlsplit(url)[:2] else None


def _with(url: str, **parameters: str) -> str:
    parts = urlsplit(url)
    query = {**dict(parse_qsl(parts.query, keep_blank_values=True)), **parameters}
    return urlunsplit(parts._replace(query=urlencode(query)))
