"""TODO: what is graded. Each check is given the name of the system on trial, so that it can be put to the reference."""

from tenfold_grader import CANDIDATE, REFERENCE, Check, Result, Room, lost, met, run_checks, weighed
from tenfold_grader.answers import printable, same
from tenfold_grader.checks import Expect, status_table
from tenfold_grader.findings import named_causes
from tenfold_grader.load import Ids

PORT, READY = 8000, "/healthz"


def grade(room: Room) -> list[Result]:
    for which in (REFERENCE, CANDIDATE):
        room.service(which).start()
    room.service(REFERENCE).must_be_ready(PORT, READY)
    route = room.parameters["route"]

    def up(which: str) -> None:
        if not room.service(which).wait_ready(PORT, READY):
            raise ConnectionError(f"the service did not come up: {room.service(which).said()[-300:]}")

    def answers(which: str) -> list[Result]:
        up(which)
        http = room.service(which).http(PORT)
        for number in Ids(room.parameters["route"], range(1000)).batch(20):
            reply = http.get(f"/{route}/{number}")
            if not same(reply.json(), {"result": 2 * number}):
                return [lost("answers", f"{number}: {reply.status} {printable(reply.body[:100])}")]
        return [met("answers", "20 numbers were doubled")]

    def contract(which: str) -> list[Result]:
        rows = [Expect("what is no number", "GET", f"/{route}/x", statuses=(422,))]
        return [weighed("contract", status_table(room.service(which).http(PORT), rows))]

    def diagnosis(which: str) -> list[Result]:
        truth = set(room.parameters["faults"]) or {"none"}
        return [named_causes("diagnosis", room.file("diagnosis.toml", which=which), truth)]

    return run_checks(
        room,
        [
            Check(("answers",), answers),
            Check(("contract",), contract),
            Check(("diagnosis",), diagnosis),
        ],
    )
