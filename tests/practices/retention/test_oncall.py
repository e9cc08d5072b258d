"""On-call: worked examples, summer time, laws, the Poisson closed form, and simulation with known truth."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.connectors.tables import Table
from tenfold.kit.errors import UserError
from tenfold.practices.retention.oncall import OncallAnswer, log_pages, shift_number, weigh_pages
from tenfold.practices.retention.pages import read_pages, record_warnings
from tests.practices.retention.companies import table

MONDAY = datetime(2026, 3, 2)  # noqa: DTZ001 - wall-clock time


def pages(*rows: tuple[str, ...], header: tuple[str, ...] = ("at",)) -> Table:
    return table(header, rows)


def answer(moments: list[datetime], rotations: range = range(0), **options: bool) -> OncallAnswer:
    return weigh_pages(log_pages(moments), rotations, **options)


def made(seed: int, weeks: int, per_shift: float) -> list[datetime]:
    """Pages at a constant rate round the clock."""
    chance = random.Random(seed)  # noqa: S311 - repeatable
    moment = MONDAY
    found: list[datetime] = []
    while True:
        moment += timedelta(hours=12 * chance.expovariate(per_shift))
        if moment >= MONDAY + timedelta(weeks=weeks):
            return found
        found.append(moment)


def test_a_week_by_hand() -> None:
    day = [MONDAY + timedelta(days=0, hours=hour) for hour in (9, 10, 11)]
    night = [MONDAY + timedelta(days=1, hours=3), MONDAY + timedelta(days=1, hours=3, minutes=5)]
    last = [MONDAY + timedelta(days=6, hours=23)]
    found = weigh_pages(log_pages([*day, *night, *last]), range(2, 4))
    assert found.load.shifts == 14
    assert found.load.mean.value == pytest.approx(6 / 14)
    assert found.load.p90 == 1 + 1
    assert found.load.chance_more_than_two == pytest.approx(1 / 14)
    assert found.night_pages.value == pytest.approx(3)
    assert found.disturbed_nights.value == pytest.approx(2)
    assert [each.pages_per_person_week for each in found.rotations] == pytest.approx([3.0, 2.0])


@pytest.mark.parametrize(("hour", "shift"), [(7, -1), (8, 0), (19, 0), (20, 1), (23, 1)])
def test_a_shift_begins_at_eight(hour: int, shift: int) -> None:
    assert shift_number(MONDAY.replace(hour=hour)) - 2 * MONDAY.toordinal() == shift


def test_the_night_of_summer_time_is_local() -> None:
    """The clock of Berlin jumps on 29 March 2026: 01:30 UTC is 02:30 in winter and 03:30 in summer."""
    berlin = read_pages(
        pages(
            ("2026-03-28T23:30:00Z", "Europe/Berlin"), ("2026-03-29T04:30:00Z", "Europe/Berlin"), header=("at", "tz")
        ),
        at="at",
        zone_name="tz",
    )
    assert [moment.hour for moment in berlin.local] == [0, 6]
    assert answer(list(berlin.local)).night_pages.events == 1


@given(st.integers(0, 365 * 24), st.sampled_from(["Europe/Berlin", "America/New_York", "Asia/Kolkata", "UTC"]))
def test_offset_zulu_and_zone_say_the_same(hours: int, name: str) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(hours=hours, seconds=7)
    zoned = moment.astimezone(ZoneInfo(name))
    forms = [moment.isoformat(), zoned.isoformat(), moment.strftime("%Y-%m-%dT%H:%M:%SZ"), f"{int(moment.timestamp())}"]
    read = {read_pages(pages((form, name), header=("at", "tz")), at="at", zone_name="tz").local for form in forms}
    assert read == {(zoned.replace(tzinfo=None),)}


def test_the_closed_form_agrees_with_pages_by_chance() -> None:
    found = answer(made(3, 400, 0.8), range(2, 9))
    for each in found.rotations:
        assert each.disturbed_nights_per_person_month == pytest.approx(
            each.poisson.disturbed_nights_per_person_month, rel=0.05
        )
    assert found.load.chance_more_than_two == pytest.approx(found.rotations[0].poisson.chance_more_than_two, abs=0.01)
    assert found.load.p90 == found.rotations[0].poisson.p90
    assert not found.load.is_clustered


def test_bursts_are_said_and_widen_the_interval() -> None:
    calm = made(5, 52, 0.2)
    bursts = sorted(moment + timedelta(minutes=minute) for moment in calm for minute in range(6))
    found = answer(bursts)
    assert found.load.is_clustered
    assert "clustered" in {warning.kind for warning in record_warnings(found)}
    assert found.load.mean.high is not None
    assert found.load.mean.high - found.load.mean.value > 2 * 1.96 * (len(bursts)) ** 0.5 / found.load.shifts


@pytest.mark.parametrize("burst", [1, 4])
def test_the_interval_holds_the_true_rate(burst: int) -> None:
    held = 0
    for seed in range(150):
        calls = made(seed, 26, 0.6 / burst)
        moments = [call + timedelta(minutes=minute) for call in calls for minute in range(burst)]
        found = weigh_pages(
            log_pages(moments, since=MONDAY.date(), until=(MONDAY + timedelta(weeks=26, days=-1)).date()), ()
        )
        mean = found.load.mean
        held += mean.low <= 0.6 <= (mean.high or 0)
    assert held >= 0.91 * 150


@given(st.lists(st.integers(0, 60 * 24 * 60), min_size=1, max_size=80), st.randoms())
def test_more_people_never_means_more_for_one(minutes: list[int], chance: random.Random) -> None:
    moments = [MONDAY + timedelta(minutes=minute) for minute in minutes]
    shuffled = list(moments)
    chance.shuffle(shuffled)
    found = answer(moments, range(2, 9))
    assert found == answer(shuffled, range(2, 9))
    loads = [(each.on_call_share, each.pages_per_person_week) for each in found.rotations]
    assert loads == sorted(loads, reverse=True)
    worst = [each.most_disturbed_nights_in_four_weeks for each in found.rotations]
    assert max(worst) <= 28
    assert worst[2:] == [worst[2]] * 5  # with four or more, one week in four is on call at most


def test_office_hours_leave_the_nights_alone() -> None:
    moments = made(1, 20, 1.0)
    found = answer(moments, range(2, 3), business_hours=True)
    assert found.night_pages.value == 0
    assert found.load.mean.events + found.outside_hours == len(moments)
    assert "waiting" in {warning.kind for warning in record_warnings(found)}


def test_copies_count_once_and_pages_of_one_minute_count_each() -> None:
    copied = read_pages(pages(("2026-03-02 10:00", "a"), ("2026-03-02 10:00", "a"), header=("at", "id")), at="at")
    assert len(copied.local) == 1
    assert len(read_pages(pages(("2026-03-02 10:00",), ("2026-03-02 10:00",)), at="at").local) == 2
    assert len(read_pages(pages(("2026-03-02 10:00:07",), ("2026-03-02 10:00:07",)), at="at").local) == 1


def test_what_cannot_be_read_is_said() -> None:
    rows = [("2026-03-02 10:00",), ("soon",), ("2026-03-04 10:00",)]
    found = read_pages(pages(*rows), at="at")
    assert len(found.local) == 2
    assert [(w.kind, w.where) for w in found.warnings if w.kind == "unread"] == [("unread", "line 3")]
    with pytest.raises(UserError, match="2 of 2 rows cannot be read"):
        read_pages(pages(("soon",), ("later",)), at="at")
    with pytest.raises(UserError, match="neither a column of the file nor a time zone"):
        read_pages(pages(*rows), at="at", zone_name="Europe/Atlantis")


def test_days_of_a_record_count_its_quiet_shifts() -> None:
    since, until = MONDAY.date(), date(2026, 3, 29)
    found = weigh_pages(log_pages([MONDAY.replace(hour=12)], since=since, until=until), ())
    assert found.load.shifts == 56
    assert found.load.mean.value == pytest.approx(1 / 56)
