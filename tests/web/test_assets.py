from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from tenfold.web.assets import Receive, Scope, Send, WithAssets


@pytest.fixture
def site(tmp_path: Path) -> WithAssets:
    (tmp_path / "app-1A2B3C4D.css").write_text("p{}" * 9)
    (tmp_path / "app-1A2B3C4D.css.gz").write_bytes(b"small")
    (tmp_path / "icon.svg").write_text("<svg/>")

    async def pages(_scope: Scope, _receive: Receive, send: Send) -> None:
        await send({"type": "http.response.start", "status": 404, "headers": []})
        await send({"type": "http.response.body", "body": b"asked the pages"})

    return WithAssets(pages, tmp_path)


def ask(site: WithAssets, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], bytes]:
    sent: list[Mapping[str, Any]] = []

    async def receive() -> Mapping[str, Any]:
        return {"type": "http.request", "body": b""}

    async def send(message: Mapping[str, Any]) -> None:
        sent.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    asyncio.run(site({"type": "http", "path": path, "method": method, "headers": given}, receive, send))
    named = {name.decode(): value.decode() for name, value in sent[0]["headers"]}
    return sent[0]["status"], named, sent[1]["body"]


def test_a_hashed_file_is_kept_for_good_and_others_for_an_hour(site: WithAssets) -> None:
    status, headers, body = ask(site, "/static/app-1A2B3C4D.css")
    assert (status, body) == (200, b"p{}" * 9)
    assert "immutable" in headers["cache-control"]
    assert headers["x-content-type-options"] == "nosniff"
    assert ask(site, "/static/icon.svg")[1]["cache-control"] == "max-age=3600, public"


def test_a_browser_that_reads_gzip_gets_the_small_one(site: WithAssets) -> None:
    _, headers, body = ask(site, "/static/app-1A2B3C4D.css", accept_encoding="gzip")
    assert (headers["content-encoding"], body) == ("gzip", b"small")


def test_what_the_browser_has_already_is_not_sent_again(site: WithAssets) -> None:
    _, headers, _ = ask(site, "/static/icon.svg")
    assert ask(site, "/static/icon.svg", if_none_match=headers["etag"])[::2] == (304, b"")


def test_head_asks_for_no_body_and_posting_is_refused(site: WithAssets) -> None:
    assert ask(site, "/static/icon.svg", "HEAD")[::2] == (200, b"")
    assert ask(site, "/static/icon.svg", "POST")[0] == 405


@pytest.mark.parametrize("path", ["/plans/", "/static/", "/static/../secret_key", "/static/nothing.css"])
def test_everything_else_is_the_pages_business(site: WithAssets, path: str) -> None:
    assert ask(site, path)[2] == b"asked the pages"
