"""Changes, deployments and releases from GitHub's and GitLab's APIs.

Shapes after “GitHub REST API 2022-11-28: List pull requests, List deployments, List releases” and “GitLab REST API:
Merge requests, Deployments, Releases”.
"""

from __future__ import annotations

from tenfold.connectors.payloads import Node, Reading, read_items
from tenfold.connectors.records import Change, Deployment, Release

PRODUCTION = ("production", "prod", "live")
SUCCESS = ("success", "successful", "succeeded")
FAILURE = ("failure", "failed", "error")


def read_changes(root: Node, *, name: str) -> Reading[Change]:
    """Pull requests of GitHub or merge requests of GitLab, told apart by their own keys."""
    return read_items(root, _change, name=name)


def read_deployments(root: Node, *, name: str) -> Reading[Deployment]:
    """Deployments; one that is neither done nor failed yet is left out."""
    return read_items(root, _deployment, name=name)


def read_releases(root: Node, *, name: str) -> Reading[Release]:
    """Releases that are published; drafts are left out."""
    return read_items(root, _release, name=name)


def _change(node: Node) -> Change:
    return Change(
        id=node.get("number", "iid", "id").text(),
        author=node.get("user", "author").get("login", "username").text_or(),
        created_at=node.get("created_at").moment(),
        merged_at=node.get("merged_at").moment_or_none(),
        merge_sha=node.get("merge_commit_sha", "squash_commit_sha").text_or(),
        url=node.get("html_url", "web_url").text_or(),
    )


def _deployment(node: Node) -> Deployment | None:
    environment = node.get("environment")
    named = environment.get("name") if isinstance(environment.value, dict) else environment
    state = node.get("state", "status").text().casefold()  # GitHub's own list has none: each deployment is asked
    if state not in SUCCESS + FAILURE:
        return None
    return Deployment(
        id=node.get("id").text(),
        finished_at=node.get("updated_at", "finished_at", "created_at").moment(),
        environment=named.text_or(),
        has_succeeded=state in SUCCESS,
        sha=node.get("sha").text_or() or node.get("deployable").get("commit").get("id").text_or(),
        started_at=node.get("created_at").moment_or_none(),
    )


def _release(node: Node) -> Release | None:
    if node.get("draft").value is True:
        return None
    commit = node.get("commit").get("id")
    return Release(
        name=node.get("tag_name", "name").text(),
        at=node.get("published_at", "released_at", "created_at").moment(),
        sha=commit.text_or() or node.get("target_commitish").text_or(),
    )
