"""What is let in: Kubernetes' own schema, strictly; what the real API server checks beside it; and what this cluster can do.

A field that is misspelt or stands in the wrong place is refused, as kubectl's strict validation refuses it.
"""

import re
import warnings

from .store import Refused

KIND = {"services": ("v1", "Service"), "configmaps": ("v1", "ConfigMap"), "secrets": ("v1", "Secret"), "deployments": ("apps/v1", "Deployment")}
NAME = re.compile(r"^[a-z0-9]([-a-z0-9.]{0,61}[a-z0-9])?$")
SCHEMA = "1.33"
NOT_HERE = ("initContainers", "volumes", "hostNetwork", "hostPID", "affinity", "nodeSelector", "priorityClassName")
NOT_IN_CONTAINERS = ("command", "volumeMounts", "volumeDevices", "workingDir", "tty", "stdin")
MOST_REPLICAS, MOST_CONTAINERS, MOST_ENV = 10, 4, 60


def admitted(resource: str, made: object, cluster: object, before: dict | None = None) -> dict:
    """The object with its defaults. Raises `Refused`."""
    if not isinstance(made, dict) or not isinstance(made.get("metadata"), dict):
        raise Refused(400, "BadRequest", "this is no object")
    version, kind = KIND[resource]
    if (made.get("apiVersion"), made.get("kind")) != (version, kind):
        raise Refused(400, "BadRequest", f"expected {version} {kind}")
    name = made["metadata"].get("name")
    if not isinstance(name, str) or not NAME.match(name):
        raise _invalid(kind, str(name)[:60], "metadata.name: a lowercase RFC 1123 name is needed")
    made["metadata"].setdefault("namespace", "default")
    if made["metadata"]["namespace"] != "default":
        raise Refused(404, "NotFound", f'namespaces "{made["metadata"]["namespace"]}" not found')
    by_schema({key: value for key, value in made.items() if key != "status"}, kind, name)
    if resource == "deployments":
        _deployment(made, name, before)
    elif resource == "services":
        _service(made, name, cluster, before)
    elif resource == "secrets":
        _secret(made)
    made.setdefault("status", (before or {}).get("status", {}))
    return made


def by_schema(made: dict, kind: str, name: str) -> None:
    import kubernetes_validate

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            kubernetes_validate.validate(made, SCHEMA, strict=True)
        except kubernetes_validate.ValidationError as error:
            path = ".".join(str(part) for part in getattr(error, "path", []))
            raise Refused(400, "BadRequest", f'{kind} "{name}": {path}: {str(getattr(error, "message", error))[:300]}') from None


def _deployment(made: dict, name: str, before: dict | None) -> None:
    spec = made["spec"]
    labels = (spec["template"].get("metadata") or {}).get("labels") or {}
    wanted = spec["selector"].get("matchLabels") or {}
    if "matchExpressions" in spec["selector"]:
        raise _invalid("Deployment", name, "spec.selector: this cluster knows matchLabels only")
    if not wanted or any(labels.get(key) != value for key, value in wanted.items()):
        raise _invalid("Deployment", name, f"spec.template.metadata.labels: Invalid value: {labels}: `selector` does not match template `labels`")
    if before and before["spec"]["selector"] != spec["selector"]:
        raise _invalid("Deployment", name, f"spec.selector: Invalid value: {wanted}: field is immutable")
    if not 0 <= spec.get("replicas", 1) <= MOST_REPLICAS:
        raise _invalid("Deployment", name, f"spec.replicas: this cluster runs at most {MOST_REPLICAS}")
    if spec.get("strategy", {}).get("type") == "Recreate" and spec["strategy"].get("rollingUpdate"):
        raise _invalid("Deployment", name, "spec.strategy.rollingUpdate: Forbidden: may not be specified when strategy type is Recreate")
    _rolling(spec, name)
    _pod_spec(spec["template"]["spec"], name)


def _rolling(spec: dict, name: str) -> None:
    for key, value in (spec.get("strategy", {}).get("rollingUpdate") or {}).items():
        if not ((isinstance(value, int) and value >= 0) or (isinstance(value, str) and re.fullmatch(r"\d{1,3}%", value))):
            raise _invalid("Deployment", name, f"spec.strategy.rollingUpdate.{key}: {str(value)[:20]}: a number or a percentage")


def _pod_spec(spec: dict, name: str) -> None:
    for key in NOT_HERE:
        if spec.get(key):
            raise _invalid("Deployment", name, f"spec.template.spec.{key}: not in this cluster (cluster/README.md)")
    containers = spec["containers"]
    if not 1 <= len(containers) <= MOST_CONTAINERS or len({one["name"] for one in containers}) < len(containers):
        raise _invalid("Deployment", name, f"spec.template.spec.containers: 1 to {MOST_CONTAINERS} of different names")
    for one in containers:
        _container(one, name)
    ports = [port["containerPort"] for one in containers for port in one.get("ports", [])]
    if any(not 1024 <= port <= 65535 for port in ports):
        raise _invalid("Deployment", name, "spec.template.spec.containers.ports: from 1024 to 65535 in this cluster")


def _container(one: dict, name: str) -> None:
    where = f"spec.template.spec.containers[{one['name']}]"
    if "image" not in one:
        raise _invalid("Deployment", name, f"{where}.image: Required value")
    for key in NOT_IN_CONTAINERS:
        if one.get(key):
            raise _invalid("Deployment", name, f"{where}.{key}: not in this cluster: images run their own program")
    if len(one.get("env", [])) > MOST_ENV:
        raise _invalid("Deployment", name, f"{where}.env: at most {MOST_ENV}")
    for probe in ("startupProbe", "livenessProbe", "readinessProbe"):
        _probe(one.get(probe), f"{where}.{probe}", name)
    limits, asks = (one.get("resources", {}).get(kind, {}) for kind in ("limits", "requests"))
    from .pods import _bytes

    if "memory" in limits and "memory" in asks and _bytes(asks["memory"]) > _bytes(limits["memory"]):
        raise _invalid("Deployment", name, f"{where}.resources.requests: must be less than or equal to memory limit")


def _probe(probe: dict | None, where: str, name: str) -> None:
    if probe is None:
        return
    if sum(key in probe for key in ("httpGet", "tcpSocket", "exec", "grpc")) != 1:
        raise _invalid("Deployment", name, f"{where}: exactly one way to ask is needed")
    if "exec" in probe or "grpc" in probe:
        raise _invalid("Deployment", name, f"{where}: this cluster asks by httpGet and tcpSocket")
    for key in ("periodSeconds", "timeoutSeconds", "failureThreshold", "successThreshold"):
        if probe.get(key, 1) < 1:
            raise _invalid("Deployment", name, f"{where}.{key}: must be greater than or equal to 1")
    if probe.get("initialDelaySeconds", 0) < 0:
        raise _invalid("Deployment", name, f"{where}.initialDelaySeconds: must not be negative")
    if probe.get("successThreshold", 1) != 1 and not where.endswith("readinessProbe"):
        raise _invalid("Deployment", name, f"{where}.successThreshold: must be 1")


def _service(made: dict, name: str, cluster: object, before: dict | None) -> None:
    spec = made["spec"]
    if spec.get("type", "ClusterIP") != "ClusterIP":
        raise _invalid("Service", name, "spec.type: ClusterIP only in this cluster")
    ports = spec.get("ports") or []
    if not 1 <= len(ports) <= 5 or any(not 1024 <= port["port"] <= 65535 for port in ports):
        raise _invalid("Service", name, "spec.ports: 1 to 5, from 1024 to 65535 in this cluster")
    given = (before or {}).get("spec", {}).get("clusterIP")
    asked = spec.get("clusterIP")
    if asked not in {None, "", given} and not (given is None and re.fullmatch(r"127\.96\.0\.(1?\d?\d|2[0-4]\d)", str(asked))):
        raise _invalid("Service", name, "spec.clusterIP: given by this cluster, from 127.96.0.0/24")
    spec["clusterIP"] = asked or given or f"127.96.0.{next(cluster.services)}"  # type: ignore[attr-defined]
    spec.setdefault("type", "ClusterIP")


def _secret(made: dict) -> None:
    import base64

    for key, value in (made.pop("stringData", None) or {}).items():
        made.setdefault("data", {})[key] = base64.b64encode(str(value).encode()).decode()


def _invalid(kind: str, name: str, message: str) -> Refused:
    return Refused(422, "Invalid", f'{kind} "{name}" is invalid: {message}')
