"""The cluster's API over HTTP: what the real kubectl asks of it."""

import copy
import json
import re
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlparse

from . import checks, merging, tables
from .controllers import Cluster
from .store import Refused

CORE = ("pods", "services", "configmaps", "secrets", "endpoints", "events", "nodes", "namespaces")
APPS = ("deployments", "replicasets")
KINDS = {
    "pods": "Pod", "services": "Service", "configmaps": "ConfigMap", "secrets": "Secret", "endpoints": "Endpoints",
    "events": "Event", "nodes": "Node", "namespaces": "Namespace", "deployments": "Deployment", "replicasets": "ReplicaSet",
}  # fmt: skip
SHORT = {"pods": ["po"], "services": ["svc"], "configmaps": ["cm"], "endpoints": ["ep"], "events": ["ev"], "nodes": ["no"],
         "namespaces": ["ns"], "deployments": ["deploy"], "replicasets": ["rs"]}  # fmt: skip
GLOBAL = ("nodes", "namespaces")
WRITABLE = ("services", "configmaps", "secrets", "deployments")
PATH = re.compile(
    r"^/(?:api/v1|apis/(?P<group>apps)/v1)(?:/namespaces/(?P<ns>[^/]+)(?=/\w))?/(?P<resource>[a-z]+)(?:/(?P<name>[^/]+))?(?:/(?P<sub>[a-z]+))?$"
)
MOST_BYTES = 1 << 20
WATCH_S = 300


def serve(cluster: Cluster, port: int = 0, address: str = "127.0.0.1") -> ThreadingHTTPServer:
    handler = type("Handler", (Handler,), {"cluster": cluster})
    server = ThreadingHTTPServer((address, port), handler)
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


class Handler(BaseHTTPRequestHandler):
    """One request. `cluster` is set by `serve`."""

    protocol_version = "HTTP/1.1"
    cluster: Cluster

    def log_message(self, *_: object) -> None:
        pass

    def do_GET(self) -> None:
        self.answer()

    do_POST = do_PATCH = do_PUT = do_DELETE = do_GET  # noqa: N815  names of http.server's

    def answer(self) -> None:
        url = urlparse(self.path)
        self.query = {key: values[0] for key, values in parse_qs(url.query).items()}
        size = int(self.headers.get("Content-Length") or 0)
        try:
            self.of_path(url.path, size)
        except Refused as refused:
            self.send(refused.status, {
                "kind": "Status", "apiVersion": "v1", "status": "Failure", "message": refused.message,
                "reason": refused.reason, "code": refused.status, "metadata": {}})  # fmt: skip

    def of_path(self, path: str, size: int) -> None:
        if size > MOST_BYTES:
            raise Refused(413, "RequestEntityTooLarge", "at most 1 MB")
        body = self.rfile.read(size)
        if self.command == "GET" and (fixed := discovery(path)) is not None:
            self.send(200, fixed)
            return
        found = PATH.match(path)
        if found is None or found["resource"] not in KINDS:
            raise Refused(404, "NotFound", "this room's cluster does not know that: see cluster/README.md")
        self.of_resource(found["resource"], found["name"], found["sub"], found["ns"], body)

    def of_resource(self, resource: str, name: str | None, sub: str | None, ns: str | None, body: bytes) -> None:
        if ns not in {None, "default"}:
            raise Refused(404, "NotFound", f'namespaces "{ns}" not found')
        if self.command == "GET":
            self.read(resource, name, sub)
        elif resource not in WRITABLE and not (self.command == "DELETE" and resource == "pods"):
            raise Refused(405, "MethodNotAllowed", f"{resource} are not written here: make Deployments, Services, ConfigMaps, Secrets")
        elif self.command == "POST" and name is None:
            self.create(resource, body)
        elif self.command == "DELETE" and name:
            self.delete(resource, name)
        elif self.command in {"PATCH", "PUT"} and name:
            self.change(resource, name, sub, body)
        else:
            raise Refused(405, "MethodNotAllowed", "not here")

    # reading

    def read(self, resource: str, name: str | None, sub: str | None) -> None:
        store = self.cluster.store
        if name and sub == "log":
            self.text(self.log_of(name))
        elif name and sub == "scale":
            self.send(200, scale_of(self.must(resource, name)))
        elif name:
            self.show(resource, [self.must(resource, name)], one=True)
        elif self.query.get("watch") in {"true", "1"}:
            self.watch(resource)
        else:
            with store.lock:
                version = store.version
            self.show(resource, [one for one in store.all(resource) if self.is_asked(one)], version=version)

    def must(self, resource: str, name: str) -> dict:
        held = self.cluster.store.get(resource, name)
        if held is None:
            raise Refused(404, "NotFound", f'{resource}{".apps" if resource in APPS else ""} "{name}" not found')
        return held

    def is_asked(self, one: dict) -> bool:
        labels, fields = one["metadata"].get("labels") or {}, self.query.get("fieldSelector", "")
        for part in filter(None, self.query.get("labelSelector", "").split(",")):
            key, negated, value = (*part.partition("!="),) if "!=" in part else (*part.replace("==", "=").partition("="),)
            if (labels.get(key) == value) == (negated == "!=") if negated else key not in labels:
                return False
        for part in filter(None, fields.split(",")):
            key, _, value = part.partition("=")
            held: object = one
            for step in key.split("."):
                held = held.get(step, "") if isinstance(held, dict) else ""
            if str(held) != value.lstrip("="):
                return False
        return True

    def wants_table(self) -> bool:
        return "as=Table" in self.headers.get("Accept", "")

    def show(self, resource: str, rows: list[dict], *, one: bool = False, version: int = 0) -> None:
        if self.wants_table():
            self.send(200, tables.table(resource, rows, version))
        elif one:
            self.send(200, rows[0])
        else:
            kind, group = KINDS[resource] + "List", "apps/v1" if resource in APPS else "v1"
            self.send(200, {"kind": kind, "apiVersion": group, "metadata": {"resourceVersion": str(version)}, "items": rows})

    def watch(self, resource: str) -> None:
        """Events as they happen, until the caller goes or the time is up."""
        store, as_table = self.cluster.store, self.wants_table()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()

        def event(kind: str, made: dict) -> None:
            shown = tables.table(resource, [made], 0) if as_table and kind != "BOOKMARK" else made
            line = json.dumps({"type": kind, "object": shown}).encode() + b"\n"
            self.wfile.write(f"{len(line):x}\r\n".encode() + line + b"\r\n")
            self.wfile.flush()

        at = int(self.query.get("resourceVersion") or 0)
        until = time.monotonic() + min(WATCH_S, int(self.query.get("timeoutSeconds") or WATCH_S))
        try:
            if self.query.get("sendInitialEvents") == "true" or not at:
                with store.lock:
                    at, held = store.version, store.all(resource)
                for one in held:
                    if self.is_asked(one):
                        event("ADDED", one)
                if self.query.get("sendInitialEvents") == "true":
                    meta = {"resourceVersion": str(at), "annotations": {"k8s.io/initial-events-end": "true"}}
                    group = "apps/v1" if resource in APPS else "v1"
                    event("BOOKMARK", {"kind": KINDS[resource], "apiVersion": group, "metadata": meta})
            while time.monotonic() < until:
                for version, kind, made in store.since(resource, at, 1.0):
                    at = version
                    if self.is_asked(made):
                        event(kind, made)
            self.wfile.write(b"0\r\n\r\n")
        except OSError:
            self.close_connection = True

    def log_of(self, name: str) -> str:
        self.must("pods", name)
        pod = self.cluster.pods.get(name)
        tail = self.query.get("tailLines")
        return pod.log(self.query.get("container", ""), int(tail) if tail and tail.isdigit() else None) if pod else ""

    # writing

    def create(self, resource: str, body: bytes) -> None:
        made = checks.admitted(resource, _loaded(body), self.cluster)
        if "dryRun" in self.query:
            self.send(201, made)
            return
        made["metadata"].pop("managedFields", None)
        self.send(201, self.cluster.store.create(resource, made))

    def change(self, resource: str, name: str, sub: str | None, body: bytes) -> None:
        kind, store = self.headers.get("Content-Type", "").partition(";")[0], self.cluster.store
        patch = _loaded(body)
        with store.lock:
            held = store.get(resource, name)
            if held is None:
                if kind != "application/apply-patch+yaml":
                    self.must(resource, name)
                self.create(resource, body)
                return
            if sub == "scale":
                wanted = merging.json_merge(scale_of(held), patch)["spec"]["replicas"]
                made = {**held, "spec": {**held["spec"], "replicas": wanted}}
            elif self.command == "PUT":
                made = {**patch, "status": held.get("status", {})}
            elif kind == "application/json-patch+json":
                made = merging.json_patch(held, patch)
            elif kind == "application/merge-patch+json":
                made = merging.json_merge(held, patch)
            elif kind == "application/strategic-merge-patch+json":
                made = merging.strategic(held, patch)
            elif kind == "application/apply-patch+yaml":  # what is applied is taken whole
                made = {**held, **patch, "metadata": {**held["metadata"], **patch.get("metadata", {})}}
            else:
                raise Refused(415, "UnsupportedMediaType", kind)
            made = checks.admitted(resource, copy.deepcopy(made), self.cluster, before=held)
            if "dryRun" not in self.query:
                made = store.put(resource, made)
        self.send(200, scale_of(made) if sub == "scale" else made)

    def delete(self, resource: str, name: str) -> None:
        held = self.must(resource, name)
        if resource == "pods":
            self.cluster.delete_pod(name)
            self.send(200, held)
            return
        self.cluster.store.remove(resource, name)
        if resource == "services":
            self.cluster.store.remove("endpoints", name)
        self.send(200, {"kind": "Status", "apiVersion": "v1", "status": "Success", "metadata": {}, "details": {"name": name, "uid": held["metadata"]["uid"]}})

    # answering

    def send(self, status: int, value: object) -> None:
        self.raw(status, json.dumps(value).encode(), "application/json")

    def text(self, text: str) -> None:
        self.raw(200, text.encode(), "text/plain")

    def raw(self, status: int, content: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _loaded(body: bytes) -> dict:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        pass
    try:
        import yaml

        return yaml.safe_load(body)
    except (yaml.YAMLError, RecursionError) as error:
        raise Refused(400, "BadRequest", "the body cannot be read") from error


def scale_of(held: dict) -> dict:
    selector = ",".join(f"{key}={value}" for key, value in held["spec"].get("selector", {}).get("matchLabels", {}).items())
    meta = {key: held["metadata"][key] for key in ("name", "namespace", "uid", "resourceVersion", "creationTimestamp")}
    replicas = held["spec"].get("replicas", 1)
    return {"kind": "Scale", "apiVersion": "autoscaling/v1", "metadata": meta, "spec": {"replicas": replicas},
            "status": {"replicas": held.get("status", {}).get("replicas", 0), "selector": selector}}  # fmt: skip


def _resources(names: tuple[str, ...]) -> list[dict]:
    rows = [
        {"name": name, "singularName": KINDS[name].lower(), "namespaced": name not in GLOBAL, "kind": KINDS[name],
         "shortNames": SHORT.get(name, []), "categories": ["all"] if name in {"pods", "services", *APPS} else [],
         "verbs": ["get", "list", "watch", *(["create", "delete", "patch", "update"] if name in WRITABLE else ["delete"] if name == "pods" else [])]}
        for name in names
    ]  # fmt: skip
    rows += [{"name": "pods/log", "singularName": "", "namespaced": True, "kind": "Pod", "verbs": ["get"]}] if "pods" in names else []
    if "deployments" in names:
        rows.append({"name": "deployments/scale", "singularName": "", "namespaced": True, "group": "autoscaling", "version": "v1", "kind": "Scale", "verbs": ["get", "patch", "update"]})
    return rows


def discovery(path: str) -> dict | str | None:
    """What kubectl asks of every server; None where the path is none of these."""
    apps = {"groupVersion": "apps/v1", "version": "v1"}
    group = {"name": "apps", "versions": [apps], "preferredVersion": apps}
    fixed: dict[str, object] = {
        "/healthz": "ok", "/readyz": "ok", "/livez": "ok",
        "/version": {"major": "1", "minor": "37", "gitVersion": "v1.37.0", "platform": "linux/amd64", "gitCommit": "", "gitTreeState": "", "buildDate": "", "goVersion": "", "compiler": ""},
        "/api": {"kind": "APIVersions", "versions": ["v1"], "serverAddressByClientCIDRs": []},
        "/apis": {"kind": "APIGroupList", "apiVersion": "v1", "groups": [group]},
        "/apis/apps": {"kind": "APIGroup", "apiVersion": "v1", **group},
        "/api/v1": {"kind": "APIResourceList", "groupVersion": "v1", "resources": _resources(CORE)},
        "/apis/apps/v1": {"kind": "APIResourceList", "groupVersion": "apps/v1", "resources": _resources(APPS)},
        "/openapi/v3": {"paths": {name: {"serverRelativeURL": f"/openapi/v3/{name}"} for name in ("api/v1", "apis/apps/v1")}},
        "/openapi/v3/api/v1": _openapi("", CORE), "/openapi/v3/apis/apps/v1": _openapi("apps", APPS),
    }  # fmt: skip
    return fixed.get(path)


def _openapi(group: str, names: tuple[str, ...]) -> dict:
    """As much as tells kubectl that fields are checked by the server."""
    prefix = f"/apis/{group}/v1" if group else "/api/v1"
    paths = {}
    for name in names:
        kind = {"group": group, "version": "v1", "kind": KINDS[name]}
        asks = [{"name": "fieldValidation", "in": "query", "schema": {"type": "string"}}]
        verb = {"x-kubernetes-group-version-kind": kind, "parameters": asks, "responses": {}}
        where = f"{prefix}/{'' if name in GLOBAL else 'namespaces/{namespace}/'}{name}"
        paths[where] = {"post": {**verb, "x-kubernetes-action": "post"}}
        paths[f"{where}/{{name}}"] = {"patch": {**verb, "x-kubernetes-action": "patch"}, "put": {**verb, "x-kubernetes-action": "put"}}
    return {"openapi": "3.0.0", "info": {"title": "room", "version": "v1"}, "paths": paths, "components": {"schemas": {}}}
