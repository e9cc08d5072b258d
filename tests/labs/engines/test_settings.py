"""What a host is told by its environment, and what it does not accept."""

from __future__ import annotations

import pytest

pytest.importorskip("temporalio", reason="temporalio is not installed (tenfold[temporal])")

from tenfold.kit.errors import UserError
from tenfold.labs.engines.temporal.connect import LEAST_MARGIN_S, Settings, settings


@pytest.fixture(autouse=True)
def _set(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TENFOLD_TEMPORAL", "127.0.0.1:7233")
    monkeypatch.setenv("TENFOLD_STORE", "/mnt/tenfold")


def test_rooms_freeze_at_three_quarters_of_the_timeout_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    assert settings() == Settings("127.0.0.1:7233", "/mnt/tenfold")
    monkeypatch.setenv("TENFOLD_HEARTBEAT_TIMEOUT_S", "20")
    assert settings().freeze_after_s == 15


@pytest.mark.parametrize("freeze_s", [0.0, 20.0 - LEAST_MARGIN_S + 0.01, 20.0, 21.0])
def test_no_freeze_later_than_another_may_hold_the_room(freeze_s: float) -> None:
    with pytest.raises(UserError, match="freeze"):
        Settings("a:1", "/s", heartbeat_timeout_s=20.0, freeze_after_s=freeze_s)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("TENFOLD_TEMPORAL", ""),
        ("TENFOLD_STORE", ""),
        ("TENFOLD_HEARTBEAT_TIMEOUT_S", "soon"),
        ("TENFOLD_TEMPORAL_CA", "/no/such/file"),
        ("TENFOLD_TEMPORAL_CERTIFICATE", __file__),
    ],
)
def test_what_is_missing_or_no_value_is_named(name: str, value: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(UserError, match=name):
        settings()
