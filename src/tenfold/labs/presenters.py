"""Verdicts, report cards and lists as text, JSON and HTML."""

from __future__ import annotations

import json
from collections.abc import Iterable

from jinja2 import Environment
from rich.console import Console
from rich.padding import Padding
from rich.text import Text

from tenfold.labs.doctor import ReportCard
from tenfold.labs.registry import LabSummary, is_verified
from tenfold.labs.verdicts import Graded, Outcome, Verdict
from tenfold.sandbox import toolbox
from tenfold.sandbox.interface import Guarantee, Sandbox

WIDTH = 100
_SAYS = {
    Outcome.PASS: ("Passed", "bold green"),
    Outcome.PARTIAL: ("Partly solved", "bold yellow"),
    Outcome.FAIL: ("Not solved", "bold red"),
    Outcome.INCONCLUSIVE: ("The measurement does not decide; it costs the candidate nothing", "bold"),
    Outcome.INFRA_ERROR: ("Our own fault kept us from judging; it costs the candidate nothing", "bold"),
}


def _tell(console: Console, text: Text | str, *, indent: int = 0, style: str = "") -> None:
    """Wrapped at a readable width, every line as far in as the first."""
    words = Text(text, style=style) if isinstance(text, str) else text
    console.print(Padding(words, (0, 0, 0, indent), expand=False), width=min(WIDTH, console.width))


def show_verdict(verdict: Verdict, console: Console) -> None:
    says, style = _SAYS[verdict.outcome]
    console.print(Text(f"{says}: {verdict.points:g} of {verdict.of} points", style=style))
    for one in verdict.criteria:
        _tell(console, _criterion(one), indent=2)
        for line in one.evidence:
            _tell(console, line, indent=6, style="dim")
        if one.learn:
            _tell(console, one.learn, indent=6)
    if verdict.why:
        _tell(console, verdict.why, style="dim")
    foot = f"{verdict.edition} · snapshot {verdict.snapshot[:12]} · seed {verdict.seed[:12]} · {verdict.seconds:.0f} s"
    _tell(console, f"{foot} · {verdict.versions['sandbox']}", style="dim")


def _criterion(one: Graded) -> Text:
    mark, style = ("✓", "green") if one.share == 1.0 else ("?", "") if one.share is None else ("✗", "red")
    if one.share is not None and 0 < one.share < 1:
        mark, style = "◐", "yellow"
    return Text.assemble((f"{mark} ", style), (one.criterion, "bold"), f"  {one.earned:g} of {one.points}")


def show_card(card: ReportCard, console: Console) -> None:
    console.print(Text(f"{card.lab}: {'fit for candidates' if card.passed else 'not fit yet'}", style="bold"))
    for gate in card.gates:
        mark, style = ("✓", "green") if gate.passed else ("✗", "red")
        _tell(console, Text.assemble((f"{mark} ", style), (f"{gate.number}. {gate.name}", "bold")), indent=2)
        _tell(console, gate.says, indent=7)
        for line in gate.details:
            _tell(console, line, indent=7, style="dim")
    for one in card.sources:
        _tell(console, f"{one.family}: {one.what} ({one.source}; {one.evidence})", indent=2, style="dim")
    _tell(console, _foot(card), style="dim")


def _foot(card: ReportCard) -> str:
    kill = "–" if card.kill_rate is None else f"{card.kill_rate:.0%}"
    if card.generated_kill_rate is not None:
        kill += f", {card.generated_kill_rate:.0%} of {card.generated} made by operators"
    return (
        f"{card.edition} · {card.date} · {card.runs} gradings, median {card.median_seconds:g} s "
        f"({card.quiet_median_seconds:g} s for the reference, the wait for other programs taken out), "
        f"p95 {card.p95_seconds:g} s · mutants killed {kill} · reference failed {card.flakes} times, "
        f"true rate at most {card.flake_bound:.1%} (95 %) · {card.sandbox}, {card.machine}"
    )


def card_toml(card: ReportCard) -> str:
    """What is committed beside the lab: small, dated, readable by the registry."""
    rate = card.generated_kill_rate
    generated = [] if rate is None else [f"generated_mutants = {card.generated}", f"generated_kill_rate = {rate:.4f}"]
    lines = [
        "# Written by `tenfold labs doctor --write`; the gates and what they found.",
        f'lab = "{card.lab}"',
        f'edition = "{card.edition}"',
        f"date = {card.date.isoformat()}",
        f"passed = {str(card.passed).lower()}",
        f"gradings = {card.runs}",
        f"median_seconds = {card.median_seconds}",
        f"p95_seconds = {card.p95_seconds}",
        f"quiet_median_seconds = {card.quiet_median_seconds}  # the reference, the wait for other programs taken out",
        f"reference_failures = {card.flakes}",
        f"flake_bound = {card.flake_bound}",
        f"kill_rate = {card.kill_rate if card.kill_rate is not None else -1:.4f}",
        *generated,
        f'judged_by = "{card.judged_by}"',
        f"sandbox = {json.dumps(card.sandbox)}",
        f"machine = {json.dumps(card.machine)}",
        "",
        "[seeds]",
        *(
            f"{name} = {getattr(card.plan, name)}"
            for name in ("reference", "loaded", "floor", "mutants", "alternates", "attacks")
        ),
    ]
    for one in card.sources:
        words = {"family": one.family, "source": one.source, "evidence": one.evidence, "what": one.what}
        lines += [
            "",
            "[[fault]]",
            *(f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in words.items()),
        ]
    for gate in card.gates:
        lines += [
            "",
            "[[gate]]",
            f"number = {gate.number}",
            f"name = {json.dumps(gate.name)}",
            f"passed = {str(gate.passed).lower()}",
            f"says = {json.dumps(gate.says, ensure_ascii=False)}",
        ]
    return "\n".join(lines) + "\n"


_PAGE = """<!doctype html>
<html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>{{ card.lab }}: report card</title>
<style>
:root { color-scheme: light dark; --ground: #faf8f4; --ink: #1c1b19; --soft: #6b675f; --good: #2e6b3a; --wrong: #a3301f; --line: #dcd7cc }
@media (prefers-color-scheme: dark) { :root { --ground: #1a1917; --ink: #eeeae2; --soft: #a29d92; --good: #8cc79a; --wrong: #ef8d7c; --line: #3a3733 } }
body { background: var(--ground); color: var(--ink); font: 16px/1.5 Inter, system-ui, sans-serif; max-width: 44rem; margin: 48px auto; padding: 0 16px; font-variant-numeric: tabular-nums }
h1 { font-size: 28px; margin: 0 0 4px } .soft, li li { color: var(--soft) } ol { padding: 0; list-style: none; margin: 32px 0 }
ol > li { border-top: 1px solid var(--line); padding: 12px 0 } .good { color: var(--good) } .wrong { color: var(--wrong) } ul { font-size: 14px }
</style>
<h1>{{ card.lab }} {{ "is fit for candidates" if card.passed else "is not fit yet" }}</h1>
<p class="soft">{{ card.date }} · {{ card.edition }}</p>
<ol>{% for gate in card.gates %}
<li><b class="{{ 'good' if gate.passed else 'fix' }}">{{ "✓ passed" if gate.passed else "✗ failed" }}</b> <b>{{ gate.number }}. {{ gate.name }}</b><br>{{ gate.says }}
{% if gate.details %}<ul>{% for line in gate.details %}<li>{{ line }}</li>{% endfor %}</ul>{% endif %}</li>{% endfor %}
</ol>
<h2>Where the faults come from</h2>
<ul>{% for one in card.sources %}<li>{{ one.family }}: {{ one.what }} ({{ one.source }}; {{ one.evidence }})</li>{% endfor %}</ul>
<p class="soft">{{ foot }}</p>
</html>
"""  # noqa: E501  a page, not prose


def card_html(card: ReportCard) -> str:
    page = Environment(autoescape=True).from_string(_PAGE)
    return page.render(card=card, foot=_foot(card))


def show_registry(labs: Iterable[LabSummary], console: Console) -> None:
    for lab in labs:
        low, high = lab.infra_share
        console.print(Text(lab.slug, style="bold"))
        _tell(console, lab.description, indent=2)
        checked = "not checked by its doctor yet"
        if lab.checked_on:
            changed = "" if is_verified(lab) else ", and changed since"
            checked = f"checked on {lab.checked_on}{changed}"
        about = f"{lab.kind}, {lab.minutes} minutes · {', '.join(lab.levels)} · {low}–{high} % infrastructure"
        _tell(console, f"{about} · {', '.join(lab.tools)} · {checked}", indent=2, style="dim")


def sandbox_says(sandbox: Sandbox) -> str:
    """One sentence on what this machine's sandbox holds, and what it does not."""
    lacking = [str(one) for one in Guarantee if one not in sandbox.holds]
    if not lacking:
        missing = toolbox.missing()
        lacks = f" Rooms here lack {', '.join(missing)} (bin/system)." if missing else ""
        return f"The {sandbox.name} sandbox holds everything: files, network, processes, limits, disk.{lacks}"
    says = f"The {sandbox.name} sandbox is for development here: it does not hold {', '.join(lacking)}. "
    if sandbox.name == "runner":
        return says + "This machine offers no cgroup controllers (memory, pids, cpu)."
    return says + "Start a runner as root for candidates."
