"""The hidden streams of drift-watch: what goes wrong in each, from when to when."""

from tenfold_grader.streams import Column, Harm, World

REFERENCE_DAYS, HEALTHY_DAYS = 28, 28
ENDLESS = 1_000_000
CLEARED_WITHIN = {"abrupt": 8, "schema": 8, "concept": 8}


def world(parameters: dict) -> World:
    columns = [Column(**one) for one in parameters["columns_made"]]
    used = parameters["used_list"]
    return World(columns, dict(zip(used, (1.6, -1.3, 0.8))), noise=parameters["noise"])


def harms(parameters: dict, kind: str) -> list:
    return [Harm(**one) for one in parameters["harms"][kind]]


def length(parameters: dict, kind: str) -> int:
    """Days of a stream: until what is asked about has shown, and where it ends, until its alert must have ended."""
    found = harms(parameters, kind)
    if kind in {"none", "none-again", "seasonal"}:
        return HEALTHY_DAYS
    onset, ends = found[0].onset, found[0].ends
    if ends < ENDLESS:
        return ends + CLEARED_WITHIN[kind] + (parameters["delay"] if kind == "concept" else 0) + 1
    return onset + {"gradual": 13, "nulls": 5, "several": 7, "baseline": 12}.get(kind, 10)


def batches(parameters: dict, kind: str, *, rows: int = 160, days: int = 0) -> list[dict]:
    """Days as they are sent: labels come late, columns stand in no order."""
    made = world(parameters)
    made.rows = rows
    return sent(made, f"{parameters['stream_seed']}/{kind}", days or length(parameters, kind), harms(parameters, kind), parameters["delay"])


def sent(made: World, seed: str, days: int, harms: list, delay: int) -> list[dict]:
    whole = made.days(seed, days, harms)
    out = []
    for day in whole:
        earlier = day["day"] - delay
        labels = {"day": earlier, "values": whole[earlier]["labels"]} if earlier >= 0 else None
        names = sorted(day["columns"], key=lambda name: hash_of(f"{seed}/{day['day']}/{name}"))
        columns = {name: day["columns"][name] for name in names}
        out.append({"day": day["day"], "columns": columns, "scores": day["scores"], "labels": labels})
    return out


def hash_of(text: str) -> int:
    """The same in every process."""
    total = 7
    for sign in text.encode():
        total = (total * 131 + sign) % 1_000_003
    return total
