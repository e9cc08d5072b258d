"""Role pages, the guide's claims, bands and compa-ratios, from the shipped model."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.market import charts
from tenfold.market.benchmark import PayEstimate, PayQuestion, estimate
from tenfold.market.pay_review import Person, bands, compa_ratio, review
from tenfold.practices.pay import guide, page

ROOT = Path(__file__).parents[2]


def _priced(question: PayQuestion) -> PayEstimate:
    answer = estimate(question)
    assert isinstance(answer, PayEstimate)
    return answer


SENIOR = _priced(PayQuestion("mlops", "senior"))


class Reader(HTMLParser):
    """Collects tags, and the text of the page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.words: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - the base's
        self.tags.append(tag)

    def handle_data(self, data: str) -> None:
        self.words.append(data)


@pytest.mark.parametrize("role", page.ROLES)
def test_every_role_has_a_page_without_scripts_or_anything_from_elsewhere(role: str) -> None:
    html = page.as_html(page.role_page(role))
    reader = Reader()
    reader.feed(html)
    assert "script" not in reader.tags
    assert "img" not in reader.tags
    assert not re.search(r'(src|href)="(?!#)', html)
    assert "Sources" in reader.words


def test_the_page_of_a_role_without_data_says_so_and_shows_what_is_borrowed() -> None:
    html = page.as_html(page.role_page("ai-infrastructure"))
    assert "too few" in html
    assert "Not enough data" in html
    assert "Borrowed: median" in html
    assert "each left out in turn" in html


def test_every_figure_of_a_page_carries_n_date_and_source() -> None:
    values = page.to_dict(page.role_page("mlops"))
    for row in (*values["years"], *values["premiums"]):
        assert {"n", "last_date", "source", "interval_95"} <= row.keys()
    for at in (*values["levels"].values(), *values["neighbours"].values(), *values["places"]):
        if at["supported"]:
            assert {"n", "last_date", "sources", "median_interval_95", "snapshot"} <= at.keys()
        else:
            assert at["what_would_help"]


def test_the_guides_claims_each_have_a_verdict() -> None:
    found = guide.claims()
    assert len(found) == 9
    for claim in found:
        assert (
            (claim.n is None)
            == (claim.interval is None)
            == (claim.found is guide.ClaimCheck.UNTESTABLE and not claim.n)
        )


def test_the_published_page_of_claims_is_what_the_command_writes() -> None:
    assert (ROOT / "docs" / "pay-claims.md").read_text("utf-8") == guide.page()


def test_ratios_are_joined_by_their_precision() -> None:
    # Two equal ratios join to the same ratio with an error smaller by the square root of two.
    log, error = guide.pool_ratios([(1.1, 1.0, 1.21), (1.1, 1.0, 1.21)])
    single = guide.pool_ratios([(1.1, 1.0, 1.21)])
    assert log == pytest.approx(single[0])
    assert error == pytest.approx(single[1] / 2**0.5)


def test_bands_rise_and_their_ends_belong_to_the_spread() -> None:
    made = bands("ml-engineer", spread_percent=50)
    assert [band.level for band in made] == ["junior", "mid", "senior", "principal"]
    for band in made:
        assert band.maximum / band.minimum == pytest.approx(1.5, rel=0.01)
        assert band.minimum < band.midpoint < band.maximum
    assert [band.overlap_below is None for band in made] == [True, False, False, False]


def test_a_compa_ratio_is_pay_over_the_median_with_its_interval() -> None:
    ratio, (low, high) = compa_ratio(SENIOR.p50, SENIOR)
    assert ratio == 1
    assert low < 1 < high


def test_a_review_says_who_is_behind_what_it_costs_and_hides_small_groups() -> None:
    people = [Person(f"row {n}", "mlops", "senior", 150_000 + 10_000 * n) for n in range(8)]
    people += [Person(f"row {n}", "devops", "senior", 170_000) for n in range(8, 11)]
    people += [Person("row 11", "mlops", "staff", 200_000)]
    found = review(people)
    assert found.withheld == 11
    assert found.groups == ()
    assert len(found.unanswered) == 1
    wider = review([*people, *(Person(f"row {n}", "devops", "senior", 170_000) for n in range(12, 14))])
    assert [(group.role, group.n) for group in wider.groups] == [("devops", 5), ("mlops", 8)]
    assert wider.cost_interval[0] <= wider.cost_usd_year <= wider.cost_interval[1]
    behind = next(one for one in wider.standings if one.person.reference == "row 0")
    assert behind.is_surely_behind
    assert behind.short_usd_year == pytest.approx(behind.market.quantile(0.5) - 150_000)


@given(st.lists(st.floats(30_000, 900_000), min_size=1, max_size=20), st.floats(30_000, 900_000))
def test_any_picture_is_sound_and_stays_in_its_frame(dots: list[float], middle: float) -> None:
    picture = charts.dot_plot(sorted(dots), median=middle, median_interval=(middle * 0.9, middle * 1.1), what="<Pay>")
    reader = Reader()
    reader.feed(picture)
    assert reader.tags.count("circle") == len(dots)
    assert "<Pay>" not in picture
    assert all(0 <= float(x) <= 790 for x in re.findall(r'cx="([\d.-]+)"', picture))


def test_the_offer_and_the_interval_are_said_to_who_cannot_see_them() -> None:
    assert isinstance(SENIOR, PayEstimate)
    picture = charts.dot_plot(
        charts.quantile_dots(SENIOR.quantile),
        median=SENIOR.p50,
        median_interval=SENIOR.median_interval,
        what="Posted pay",
        offer=(130_000, 165_000),
        offer_is_low=True,
    )
    assert 'aria-label="Posted pay: median 183k' in picture
    assert "your offer 130–165k" in picture
    assert 'class="offer low"' in picture
    assert picture.count('class="dot below"') == sum(q < 147_500 for q in charts.quantile_dots(SENIOR.quantile))


def test_a_picture_for_wide_and_for_narrow_places_holds_the_same_dots() -> None:
    assert isinstance(SENIOR, PayEstimate)
    rows = [charts.Spread("Senior", SENIOR.quantile, "n = 50"), charts.Spread("Staff <b>", None)]
    picture = charts.both(lambda width: charts.rows_plot(rows, what="Pay", width=width))
    assert picture.count("<svg") == 2
    assert picture.count('class="dot"') == 2 * charts.DOTS
    assert "Staff &lt;b&gt;" in picture
    assert "style=" not in picture


def test_an_interval_is_drawn_beside_zero_in_its_own_words() -> None:
    rows = [charts.Interval("DevOps", -3, 8, 23, note="n = 38")]
    picture = charts.intervals_plot(rows, what="Premium", word=lambda value: f"{value:+.0f} %", zero=0)
    assert 'aria-label="Premium: DevOps +8 %, -3 % to +23 %"' in picture
    assert 'class="zero"' in picture
