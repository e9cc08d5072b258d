"""Pictures of staying and of on-call as SVG, in the style and classes of the pictures of pay."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from tenfold.market.charts import WIDE, Interval, both, intervals_plot
from tenfold.practices.retention.oncall import OncallAnswer
from tenfold.practices.retention.team_knowledge import FolderKnowledge
from tenfold.practices.retention.team_load import TeamLoad
from tenfold.stats.survival import SurvivalCurve

MOST_YEARS = 10.0
LABEL = 22


def curve_picture(curve: SurvivalCurve, *, what: str = "Share who stay longer") -> str:
    """The curve as steps with its 95 % interval; nothing is drawn beyond what was seen."""
    return both(lambda width: _curve(curve, width, what))


def rotations_picture(answer: OncallAnswer) -> str:
    """Nights a person is woken a month, by people in the rotation: the mean, up to the worst four weeks."""
    rows = [
        Interval(
            f"{each.people} {'person' if each.people == 1 else 'people'}",
            min(each.disturbed_nights_per_person_month, each.poisson.disturbed_nights_per_person_month),
            each.disturbed_nights_per_person_month,
            max(each.disturbed_nights_per_person_month, float(each.most_disturbed_nights_in_four_weeks)),
            f"{100 * each.on_call_share:.0f} % on call",
            each.is_within_a_quarter,
        )
        for each in answer.rotations
    ]
    if not rows:
        return ""
    what = "Nights that one person of the rotation is woken in a month"
    return both(lambda width: intervals_plot(rows, what=what, width=width, word=lambda v: f"{v:g}", zero=0))


def load_picture(load: TeamLoad) -> str:
    """Tickets, pages and both as shares of the team's hours, each from least to most."""
    shares = [("Tickets", load.helpdesk.low, load.helpdesk.likely, load.helpdesk.high)]
    if load.pages is not None and load.interrupts is not None:
        shares.append(("Pages", load.pages.low, load.pages.likely, load.pages.high))
        shares.append(("Together", *load.interrupts))
    rows = [Interval(label, 100 * low, 100 * likely, 100 * high) for label, low, likely, high in shares]
    what = "Share of the team's hours"
    return both(lambda width: intervals_plot(rows, what=what, width=width, word=lambda v: f"{v:g} %", zero=0))


def knowledge_picture(folders: Sequence[FolderKnowledge]) -> str:
    """Share of each folder's files that rest on one person, from nought."""
    rows = [
        Interval(
            each.folder if len(each.folder) <= LABEL else f"…{each.folder[1 - LABEL :]}",
            0.0,
            100 * each.share,
            100 * each.share,
            f"{each.alone} of {each.files}",
            each.is_to_plan,
        )
        for each in folders
    ]
    what = "Share of files that rest on one person"
    return both(lambda width: intervals_plot(rows, what=what, width=width, word=lambda v: f"{v:g} %", zero=0))


def _curve(curve: SurvivalCurve, width: int, what: str) -> str:
    height, left, right, top = (300.0 if width == WIDE else 220.0), 44.0, width - 12.0, 14.0
    bottom = height - 34
    last = min(MOST_YEARS, max(1.0, curve.last_seen))

    def x(years: float) -> float:
        return left + years / last * (right - left)

    def y(share: float) -> float:
        return bottom - share * (bottom - top)

    points = [(time, *shares) for time, *shares in _points(curve) if time <= last]
    parts = [
        f'<text x="{left - 8:.0f}" y="{y(share) + 4:.1f}" text-anchor="end">{100 * share:.0f} %</text>'
        f'<line class="axis" x1="{left:.0f}" x2="{right:.0f}" y1="{y(share):.1f}" y2="{y(share):.1f}"/>'
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]
    step = 1 if last <= 6 or width == WIDE else 2
    parts += [
        f'<text x="{x(year):.1f}" y="{bottom + 18:.0f}" text-anchor="middle">{year}</text>'
        for year in range(0, int(last) + 1, step)
    ]
    parts.append(f'<text x="{right:.0f}" y="{bottom + 32:.0f}" text-anchor="end">years since the start</text>')
    if len(points) > 1:
        upper = _steps([(x(t), y(high)) for t, _, _, high in points], x(last))
        lower = _steps([(x(t), y(low)) for t, _, low, _ in points], x(last))
        band = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in [*upper, *reversed(lower)]) + "Z"
        line = "M" + "L".join(f"{a:.1f} {b:.1f}" for a, b in _steps([(x(t), y(s)) for t, s, _, _ in points], x(last)))
        parts += [f'<path class="band" d="{band}"/>', f'<path class="stroke" d="{line}"/>']
    if curve.starts_at > 0:
        parts.append(
            f'<line class="zero" x1="{x(curve.starts_at):.1f}" x2="{x(curve.starts_at):.1f}" y1="{top}" y2="{bottom}"/>'
        )
    size, heard = ("wide" if width == WIDE else "narrow"), escape(_heard(curve, what), quote=True)
    return (
        f'<svg class="pay-chart drawn-{size}" viewBox="0 0 {width} {height:.0f}" role="img" aria-label="{heard}" '
        f'xmlns="http://www.w3.org/2000/svg">{"".join(parts)}</svg>'
    )


def _points(curve: SurvivalCurve) -> list[tuple[float, float, float, float]]:
    found = [(curve.starts_at, 1.0, 1.0, 1.0)]
    found += [
        (float(time), float(share), float(low), float(high))
        for time, share, low, high in zip(curve.times, curve.survival, curve.low, curve.high, strict=True)
    ]
    return found


def _steps(points: Sequence[tuple[float, float]], until: float) -> list[tuple[float, float]]:
    found = [points[0]]
    for at, height in points[1:]:
        found += [(at, found[-1][1]), (at, height)]
    return [*found, (until, found[-1][1])]


def _heard(curve: SurvivalCurve, what: str) -> str:
    said = [f"{what}, {curve.n} stays, {curve.n_exits} exits"]
    for years in (1.0, 2.0, 5.0):
        found = curve.at(years)
        said.append(f"{years:g} years {100 * found.value:.0f} %" if found else f"{years:g} years not enough data")
    return "; ".join(said)
