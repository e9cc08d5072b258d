"""The smallest lab that there can be: a service that should answer twice what it is asked. For tests of the machine."""

from __future__ import annotations

import textwrap
from pathlib import Path

TASK = """
schema_version = "1.4"
artifacts = ["/workspace"]
[task]
name = "tenfold/toy"
description = "A service that should double numbers."
[verifier]
environment_mode = "separate"
[environment]
network_mode = "no-network"
cpus = 1
memory_mb = 128
storage_mb = 16
[metadata.lab]
version = "1"
kind = "live"
minutes = 10
levels = ["mid"]
infra_share = [0, 100]
competencies = ["python"]
tools = ["python"]
families = ["wrong"]
ai_policy = "as you like"
environment = "tiny"
pids = 32
pass_mark = 80
floor = 0
parameters = ["name"]
[metadata.lab.service]
start = ["python", "service.py"]
entry = "service.py"
port = 8000
ready = "/ready"
"""
SERVICE = """
import http.server, json
FACTOR = 1
class Handler(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        number = self.path.strip("/")
        body = b"{}" if number == "ready" else json.dumps({"@@name@@": int(number) * FACTOR}).encode()
        self.send_response(200)
        self.end_headers()
        self.wfile.write(body)
    def log_message(self, *words):
        pass
http.server.HTTPServer(("127.0.0.1", 8000), Handler).serve_forever()
"""
GRADE = """
from tenfold_grader import lost, met
def grade(room):
    mine = room.service("candidate")
    mine.start()
    if not mine.wait_ready(8000, "/ready", limit_s=10):
        return [lost("doubles", "did not come up"), lost("tells", "did not come up")]
    answer = mine.http(8000).get("/21").json()
    right = answer == {room.parameters["name"]: 42}
    told = room.file("told.txt") == b"factor"
    return [(met if right else lost)("doubles", f"answered {answer}"), (met if told else lost)("tells", "told.txt")]
"""
CRITERIA = """
[[criterion]]
id = "doubles"
points = 80
competency = "python"
kind = "behaviour"
what = "doubles"
learn = "two times"
[[criterion]]
id = "tells"
points = 20
competency = "python"
kind = "diagnosis"
what = "tells"
learn = "say so"
"""
SOURCES = """
[[family]]
id = "wrong"
source = "ours"
evidence = "house-rule"
what = "a wrong factor"
"""
VARIANT = """
def make(rng):
    return {"name": rng.choice(["answer", "result", "double"])}
def inject(workspace, parameters):
    pass
"""


def write(folder: Path) -> Path:
    """The lab's folder and, beside it, its environment."""
    lab = folder / "toy"
    files = {
        "task.toml": TASK,
        "instruction.md": "Mend it: `criterion:doubles`, and say `factor` in told.txt: `criterion:tells`.",
        "environment/Dockerfile": "FROM scratch",
        "tests/test.sh": "#!/bin/sh\n",
        "solution/solve.sh": "#!/bin/sh\n",
        "workspace/service.py": SERVICE,
        "lab/variant.py": VARIANT,
        "lab/grader/grade.py": GRADE,
        "lab/criteria.toml": CRITERIA,
        "lab/rubric.toml": "",
        "lab/debrief.md": "",
        "lab/sources.toml": SOURCES,
        "lab/hints.toml": '[[hint]]\ntext = "look at FACTOR"\n',
        "lab/reference/service.py": SERVICE.replace("FACTOR = 1", "FACTOR = 2"),
        "lab/reference/told.txt": "factor",
    }
    for number in range(8):
        files[f"lab/mutants/m{number}/trial.toml"] = 'what = "wrong"\nbase = "reference"\nloses = ["doubles"]\n'
        files[f"lab/mutants/m{number}/files/service.py"] = SERVICE.replace("FACTOR = 1", f"FACTOR = {number + 3}")
    for number in range(2):
        files[f"lab/alternates/a{number}/trial.toml"] = 'what = "right"\nbase = "reference"\n'
        files[f"lab/alternates/a{number}/files/service.py"] = SERVICE.replace(
            "FACTOR = 1", f"FACTOR = {number + 1} + {1 - number}"
        )
    for name, text in files.items():
        path = lab / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(textwrap.dedent(text).lstrip("\n"), "utf-8")
    tiny = folder / "environments/tiny"
    tiny.mkdir(parents=True, exist_ok=True)
    (tiny / "environment.toml").write_text('what = "Python alone"\ndisk_mb = 50\nimports = ["json"]\n')
    (tiny / "requirements.lock").write_text("# nothing\n")
    return lab
