"""What differs between two candidates: names, ports, numbers, images, and which four faults. Never how much work.

One fault of each kind: what keeps a pod from starting, what misjudges that it is ready, what leads to it, what happens in a
rollout. In one variant of ten nothing is wrong, and saying so is the answer.
"""

import json
from pathlib import Path
from random import Random

HERE = Path(__file__).parent
MODELS = ("fraud", "churn", "eta", "ranking", "wear", "demand", "renewal", "lateness")
KINDS = (
    ("killed-while-loading", "memory-below-peak", "missing-key"),
    ("ready-needs-traffic", "probe-on-sidecar-port", "open-before-loaded"),
    ("selector-misses", "wrong-target-port", "settings-not-rolled"),
    ("all-at-once", "replicas-left-out", "cut-off", "no-pre-stop"),
)
NOTHING_WRONG = 0.1
LOAD_S, LONGEST_S, MODEL_MB, WIDTH = 4, 8, 16, 5


def make(rng: Random) -> dict:
    app = f"{rng.choice(MODELS)}-{rng.choice(('scores', 'api', 'scorer', 'online'))}"
    major, minor = rng.randint(2, 9), rng.randint(0, 7)
    tags = [f"registry.internal/{app}:{major}.{minor + step}" for step in range(4)]
    chosen = [rng.choice(kind) for kind in KINDS]
    if chosen[0] == "killed-while-loading" and chosen[1] == "open-before-loaded":
        chosen[1] = "probe-on-sidecar-port"  # what is killed while it loads is never seen to be open too early
    return {
        "app": app,
        "replicas": rng.choice((2, 3)),
        "port": rng.randint(8081, 8990),
        "front": f"127.96.0.{rng.randint(20, 200)}",
        "threshold": rng.choice((0.3, 0.4, 0.6, 0.7)),
        "other_threshold": rng.choice((0.2, 0.35, 0.55, 0.8)),
        "token": f"{rng.getrandbits(96):024x}",
        "image": tags[0],
        "next_image": tags[1],
        "bad_image": tags[2],
        "longest_s": LONGEST_S,
        "load_s": LOAD_S,
        "faults": [] if rng.random() < NOTHING_WRONG else chosen,
        "mutant_faults": chosen,
        "model_seed": rng.randrange(2**31),
        "causes": "",
    }


def derived(parameters: dict) -> dict:
    return {"causes": json.dumps(parameters["faults"] or ["none"])}


STARTUP = """          startupProbe:
            httpGet:
              path: /live
              port: http
            periodSeconds: 1
            failureThreshold: 60
"""
PRE_STOP = """          lifecycle:
            preStop:
              sleep:
                seconds: 3
"""
READY = """              path: /ready
              port: http
"""
DEPLOYMENT, SERVICE, KUSTOMIZATION = "deployment.yaml", "service.yaml", "kustomization.yaml"
EDITS = {
    "killed-while-loading": [
        (DEPLOYMENT, STARTUP, ""),
        (DEPLOYMENT, """              path: /live
              port: http
            periodSeconds: 5
            failureThreshold: 3
""", """              path: /ready
              port: http
            initialDelaySeconds: 1
            periodSeconds: 1
            failureThreshold: 2
"""),
    ],
    "memory-below-peak": [(DEPLOYMENT, "96Mi", "36Mi")],
    "missing-key": [(DEPLOYMENT, "key: token", "key: model-token")],
    "ready-needs-traffic": [(DEPLOYMENT, READY, READY.replace("/ready", "/warm"))],
    "probe-on-sidecar-port": [(DEPLOYMENT, "port: metrics\n", "port: 9103\n")],
    "open-before-loaded": [(DEPLOYMENT, "httpGet:\n" + READY, "tcpSocket:\n              port: http\n")],
    "selector-misses": [(SERVICE, "    app: @@app@@\n  ports", "    app: @@app@@\n    tier: live\n  ports")],
    "wrong-target-port": [(SERVICE, "targetPort: http", "targetPort: 8080")],
    "settings-not-rolled": [(KUSTOMIZATION, "configMapGenerator:", "generatorOptions:\n  disableNameSuffixHash: true\nconfigMapGenerator:")],
    "all-at-once": [(DEPLOYMENT, "maxSurge: 1\n      maxUnavailable: 0", "maxSurge: 0\n      maxUnavailable: 100%")],
    "replicas-left-out": [(DEPLOYMENT, "  replicas: @@replicas@@\n", "")],
    "cut-off": [(DEPLOYMENT, "terminationGracePeriodSeconds: 30", "terminationGracePeriodSeconds: 5")],
    "no-pre-stop": [(DEPLOYMENT, PRE_STOP, "")],
}  # fmt: skip


def inject(workspace: Path, parameters: dict) -> None:
    for fault in parameters["faults"]:
        break_it(workspace, fault)


def break_it(workspace: Path, fault: str) -> None:
    for name, old, new in EDITS[fault]:
        path = workspace / "manifests" / name
        text = path.read_text()
        if old not in text:
            raise ValueError(f"{fault} cannot be put into {name}")
        path.write_text(text.replace(old, new))


def images(parameters: dict, *, hidden: bool) -> bytes:
    """What the registry holds: the candidate's knows this release, ours the next ones too."""
    seed, scorer = parameters["model_seed"], {"program": "scorer.py", "width": WIDTH, "model_mb": MODEL_MB, "load_s": LOAD_S}
    held = {"registry.internal/exporter:1.2": {"program": "exporter.py"}, parameters["image"]: {**scorer, "model": seed}}
    if hidden:
        held[parameters["next_image"]] = {**scorer, "model": seed + 1}
        held[parameters["bad_image"]] = {**scorer, "model": seed + 2, "works": False}
    else:
        earlier = parameters["image"].rpartition(".")[0] + ".99-test"
        held[earlier] = {**scorer, "model": seed + 3}
    return json.dumps(held, indent=1).encode()


def data(parameters: dict) -> dict[str, bytes]:
    return {"images.json": images(parameters, hidden=True)}


def stand_in(parameters: dict) -> dict[str, bytes]:
    """The cluster itself, to be started in the room: the same code as grades."""
    code = HERE / "grader/cluster"
    files = {f"cluster/{path.relative_to(code)}": path.read_bytes() for path in sorted(code.rglob("*.py"))}
    return {**files, "cluster/images.json": images(parameters, hidden=False)}


def rewrite(workspace: Path, _parameters: dict, how: str) -> None:
    """Solutions by other designs, right and wrong, as edits of the healthy manifests."""
    REWRITES[how](workspace / "manifests")


def _no_probes(folder: Path) -> None:
    text = (folder / DEPLOYMENT).read_text()
    begin, end = text.index(STARTUP), text.index("          resources:")
    (folder / DEPLOYMENT).write_text(text[:begin] + text[end:])


def _no_limits(folder: Path) -> None:
    text = (folder / DEPLOYMENT).read_text()
    (folder / DEPLOYMENT).write_text(text.replace("            limits:\n              memory: 96Mi\n", ""))


def _token_in_the_open(folder: Path) -> None:
    text = (folder / DEPLOYMENT).read_text()
    begin, end = text.index("              valueFrom:"), text.index("          envFrom:")
    (folder / DEPLOYMENT).write_text(f'{text[:begin]}              value: "@@token@@"\n{text[end:]}')


def _slow_liveness(folder: Path) -> None:
    text = (folder / DEPLOYMENT).read_text().replace(STARTUP, "")
    text = text.replace("            periodSeconds: 5\n            failureThreshold: 3\n", "            initialDelaySeconds: 40\n            periodSeconds: 10\n            failureThreshold: 3\n")
    (folder / DEPLOYMENT).write_text(text.replace("maxSurge: 1", "maxSurge: 100%").replace("Seconds: 30", "Seconds: 45"))


def _one_gives_way(folder: Path) -> None:
    text = (folder / DEPLOYMENT).read_text().replace("maxSurge: 1\n      maxUnavailable: 0", "maxSurge: 0\n      maxUnavailable: 1")
    text = text.replace("              sleep:\n                seconds: 3\n", '              exec:\n                command: ["/bin/sh", "-c", "sleep 5"]\n')
    text = text.replace("port: http\n", "port: @@port@@\n").replace("port: metrics\n", "port: 9102\n")
    (folder / DEPLOYMENT).write_text(text)
    service = (folder / SERVICE).read_text()
    (folder / SERVICE).write_text(service.replace("targetPort: http", "targetPort: @@port@@"))


def _overlay(folder: Path) -> None:
    """Resources move to a base; the folder itself becomes an overlay with a patch."""
    base = folder / "base"
    base.mkdir()
    for name in (DEPLOYMENT, SERVICE, "secret.yaml"):
        (folder / name).rename(base / name)
    (base / "kustomization.yaml").write_text("resources: [deployment.yaml, service.yaml, secret.yaml]\n")
    (folder / KUSTOMIZATION).write_text("""apiVersion: kustomize.config.k8s.io/v1beta1
kind: Kustomization
resources: [base]
labels:
  - pairs: {team: scoring}
    includeTemplates: true
configMapGenerator:
  - name: @@app@@-settings
    envs: [settings.txt]
patches:
  - target: {kind: Deployment}
    patch: |-
      - op: replace
        path: /spec/template/spec/containers/0/resources/limits/memory
        value: 128Mi
      - op: replace
        path: /spec/progressDeadlineSeconds
        value: 300
""")


REWRITES = {
    "no-probes": _no_probes, "no-limits": _no_limits, "token-in-the-open": _token_in_the_open,
    "slow-liveness": _slow_liveness, "one-gives-way": _one_gives_way, "overlay": _overlay,
}  # fmt: skip
