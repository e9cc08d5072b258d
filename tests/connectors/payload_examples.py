"""Payloads in the shapes of outside systems, with invented people and services; each names the document it follows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tenfold.connectors import forges, incident_tools, mlflow, prometheus
from tenfold.connectors.payloads import Node, Reading

GITHUB_PULLS: list[dict[str, Any]] = [  # GitHub REST API 2022-11-28, “List pull requests”
    {
        "number": 7,
        "user": {"login": "invented-dana"},
        "created_at": "2026-03-01T08:00:00Z",
        "merged_at": "2026-03-02T09:00:00Z",
        "merge_commit_sha": "abc",
        "html_url": "https://forge.example/7",
    },
    {"number": 8, "user": None, "created_at": "2026-03-03T08:00:00Z", "merged_at": None, "merge_commit_sha": None},
]
GITLAB_MERGES: list[dict[str, Any]] = [  # GitLab REST API, “List merge requests”
    {
        "iid": 3,
        "author": {"username": "invented-lee"},
        "created_at": "2026-03-01T08:00:00.123+01:00",
        "merged_at": "2026-03-01T10:00:00.000Z",
        "squash_commit_sha": "def",
        "web_url": "https://forge.example/3",
    }
]
DEPLOYMENTS: list[dict[str, Any]] = [
    # GitHub REST API 2022-11-28, “List deployments” with its last state; GitLab, “List project deployments”
    {"id": 1, "sha": "abc", "environment": "production", "created_at": "2026-03-02T09:00:00Z", "state": "success"},
    {
        "id": 2,
        "status": "failed",
        "environment": {"name": "production"},
        "created_at": "2026-03-02T11:00:00Z",
        "deployable": {"commit": {"id": "def"}},
    },
    {"id": 3, "status": "running", "environment": {"name": "production"}, "created_at": "2026-03-02T12:00:00Z"},
]
RELEASES: list[dict[str, Any]] = [  # GitHub “List releases”, GitLab “List releases”
    {"tag_name": "v1", "published_at": "2026-03-01T00:00:00Z", "target_commitish": "main"},
    {"tag_name": "v2", "released_at": "2026-03-05T00:00:00Z", "commit": {"id": "def"}},
    {"tag_name": "v3", "draft": True, "created_at": "2026-03-06T00:00:00Z"},
]
PAGERDUTY: dict[str, Any] = {  # PagerDuty REST API v2, “List incidents”
    "incidents": [
        {
            "id": "P1",
            "created_at": "2026-03-01T02:00:00Z",
            "status": "resolved",
            "last_status_change_at": "2026-03-01T03:00:00Z",
            "urgency": "high",
            "service": {"summary": "scoring"},
        },
        {"id": "P2", "created_at": "2026-03-02T02:00:00Z", "status": "triggered", "service": {"summary": "scoring"}},
    ],
    "limit": 25,
    "offset": 0,
    "more": True,
}
PAGERDUTY_LOG: dict[str, Any] = {  # PagerDuty REST API v2, “List log entries”
    "log_entries": [
        {
            "type": "trigger_log_entry",
            "created_at": "2026-03-01T02:00:00Z",
            "incident": {"id": "P1", "urgency": "high"},
        },
        {"type": "resolve_log_entry", "created_at": "2026-03-01T03:00:00Z", "incident": {"id": "P1"}},
    ]
}
INCIDENT_IO: dict[str, Any] = {  # incident.io API v2, “List incidents”
    "incidents": [
        {
            "reference": "INC-5",
            "created_at": "2026-03-01T02:10:00Z",
            "severity": {"name": "Major"},
            "incident_timestamp_values": [
                {"incident_timestamp": {"name": "Reported at"}, "value": {"value": "2026-03-01T02:00:00Z"}},
                {"incident_timestamp": {"name": "Resolved at"}, "value": {"value": "2026-03-01T04:00:00Z"}},
            ],
        }
    ],
    "pagination_meta": {"after": "INC-5", "page_size": 1},
}
ROOTLY: dict[str, Any] = {  # Rootly API v1, “List incidents” (JSON:API)
    "data": [
        {
            "id": "r1",
            "attributes": {
                "started_at": "2026-03-01T02:00:00.000-08:00",
                "resolved_at": None,
                "severity": {"data": {"attributes": {"name": "SEV1"}}},
            },
        }
    ],
    "links": {"next": "https://api.example/v1/incidents?page=2"},
}
ALERTS: dict[str, Any] = {  # Alertmanager, webhook version 4; API v2 “GET /alerts” is the list alone
    "version": "4",
    "alerts": [
        {
            "startsAt": "2026-03-01T02:00:00Z",
            "endsAt": "0001-01-01T00:00:00Z",
            "labels": {"alertname": "Latency", "service": "scoring", "severity": "page"},
            "fingerprint": "f",
        }
    ],
}
PROMETHEUS: dict[str, Any] = {  # Prometheus HTTP API v1, “Range queries”
    "status": "success",
    "data": {
        "resultType": "matrix",
        "result": [{"metric": {"job": "scoring"}, "values": [[1772330400, "0.999"], [1772330460.5, "NaN"]]}],
    },
}
MLFLOW_MODELS: dict[str, Any] = {  # MLflow REST API 2.0, “Search registered models”
    "registered_models": [
        {
            "name": "churn",
            "latest_versions": [
                {"name": "churn", "version": "3", "creation_timestamp": 1772330400000, "current_stage": "Production"}
            ],
            "aliases": [{"alias": "champion", "version": "2"}, {"alias": "challenger", "version": "3"}],
        }
    ],
    "next_page_token": "t",
}
MLFLOW_VERSIONS: dict[str, Any] = {  # MLflow REST API 2.0, “Search model versions”
    "model_versions": [
        {"name": "churn", "version": "3", "creation_timestamp": "1772330400000", "run_id": "r", "aliases": ["champion"]}
    ]
}

Reader = Callable[..., Reading[Any]]
EXAMPLES: dict[str, tuple[Reader, Any, int]] = {
    "github pulls": (forges.read_changes, GITHUB_PULLS, 2),
    "gitlab merges": (forges.read_changes, GITLAB_MERGES, 1),
    "deployments": (forges.read_deployments, DEPLOYMENTS, 2),
    "releases": (forges.read_releases, RELEASES, 2),
    "pagerduty incidents": (incident_tools.read_pagerduty_incidents, PAGERDUTY, 2),
    "pagerduty pages": (incident_tools.read_pagerduty_pages, PAGERDUTY_LOG, 1),
    "incident.io": (incident_tools.read_incident_io, INCIDENT_IO, 1),
    "rootly": (incident_tools.read_rootly, ROOTLY, 1),
    "alertmanager": (incident_tools.read_alertmanager, ALERTS, 1),
    "prometheus": (prometheus.read_series, PROMETHEUS, 1),
    "mlflow models": (mlflow.read_model_versions, MLFLOW_MODELS, 2),
    "mlflow versions": (mlflow.read_model_versions, MLFLOW_VERSIONS, 1),
}


def read_example(kind: str) -> Reading[Any]:
    reader, payload, _ = EXAMPLES[kind]
    return reader(Node(payload, "$"), name=kind)
