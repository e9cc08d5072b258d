"""Notice texts: every one serves a duty that exists, none goes out with a gap, and each cites its law."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.intake.notices import (
    Reader,
    fields_needed,
    render_notice,
    required_notices,
    template_for,
    templates,
)
from tenfold.kit.errors import UserError
from tenfold.kit.facts import Evidence
from tenfold.law.automation import Kind, Tool, automation_rules
from tenfold.law.dated import Standing
from tenfold.law.duties import RoleDuty, Task, duties_for
from tenfold.law.places import WORLD
from tenfold.law.role_rules import role_rules

OPENED = date(2026, 9, 1)
EVERYTHING = duties_for([WORLD], OPENED, uses_automated_tool=True, as_of=OPENED, tools=list(Tool)).duties
TOLD = {Task.TELL_CANDIDATES, Task.TELL_EMPLOYEES, Task.POST}


def told_by_text(duty: RoleDuty) -> bool:
    """What is told in words: not what the pay tables ask, which is the range itself."""
    return duty.task in TOLD and (duty.id in role_rules() or duty.id.split("/")[0] in automation_rules())


def values_for(template: str) -> dict[str, str]:
    return {name: f"<{name}>" for name in templates()[template].fields}


def test_every_duty_to_tell_somebody_has_its_text_and_every_text_its_duty() -> None:
    owed = {duty.id for duty in EVERYTHING if told_by_text(duty)}
    assert {duty.id for duty in EVERYTHING if told_by_text(duty) and template_for(duty) is None} == set()
    served = {duty for template in templates().values() for duty in template.serves}
    assert served <= {duty.id for duty in EVERYTHING}
    assert owed <= served


def test_no_duty_is_served_by_two_texts() -> None:
    served = [duty for template in templates().values() for duty in template.serves]
    assert len(served) == len(set(served))


@pytest.mark.parametrize("template", templates())
def test_a_text_with_one_value_missing_is_not_given_out(template: str) -> None:
    for name in templates()[template].fields:
        for blank in ("", "   ", "\n"):
            with pytest.raises(UserError, match=re.escape(name.replace("_", " "))):
                render_notice(template, EVERYTHING, {**values_for(template), name: blank})


@pytest.mark.parametrize("template", templates())
def test_a_finished_text_has_every_value_no_gap_and_its_law(template: str) -> None:
    notice = render_notice(template, EVERYTHING, values_for(template))
    whole = f"{notice.title}\n{notice.text}"
    assert not re.search(r"[{}]", whole)
    assert all(value in whole for value in values_for(template).values())
    assert all(law in notice.cited for law in notice.laws)
    assert "Not legal advice." in notice.cited
    assert notice.sources or notice.evidence in (Evidence.UNCONFIRMED, Evidence.HOUSE_RULE)


@given(template=st.sampled_from(sorted(templates())), data=st.data())
def test_values_stand_in_the_text_as_they_are_and_begin_no_line(template: str, data: st.DataObject) -> None:
    text = st.text(min_size=1, max_size=80).filter(str.strip)
    values = {name: data.draw(text, label=name) for name in templates()[template].fields}
    notice = render_notice(template, EVERYTHING, values)
    assert all(" ".join(value.split()) in f"{notice.title}\n{notice.text}" for value in values.values())
    empty = render_notice(template, EVERYTHING, values_for(template))
    assert notice.text.count("\n") == empty.text.count("\n")
    assert "\n" not in notice.title


def test_an_unconfirmed_law_says_so_under_its_text() -> None:
    notice = render_notice("eu-ai-act", EVERYTHING, values_for("eu-ai-act"))
    assert notice.evidence is Evidence.UNCONFIRMED
    assert "not confirmed by a page we read" in notice.cited


def test_a_notice_nobody_owes_is_refused() -> None:
    german = duties_for(["DE"], OPENED, uses_automated_tool=True, as_of=OPENED).duties
    with pytest.raises(UserError, match="None of these duties"):
        render_notice("nyc-aedt", german, values_for("nyc-aedt"))
    with pytest.raises(UserError, match="There is no notice"):
        render_notice("nyc", german, {})


def test_what_a_role_in_new_york_city_has_to_write() -> None:
    duties = duties_for(["US-NYC"], OPENED, uses_automated_tool=True, as_of=OPENED).duties
    owed = required_notices(duties)
    assert {"nyc-aedt", "accommodation", "person-decides", "outcome"} == set(owed)
    assert {"employer", "tool", "role", "use_date", "audit_address"} <= set(fields_needed(duties))
    assert templates()["nyc-aedt"].to is Reader.CANDIDATE


def test_every_law_that_binds_and_tells_candidates_is_served() -> None:
    for rule in automation_rules().values():
        for duty in rule.duties:
            if rule.standing is Standing.LAW and duty.kind in (Kind.NOTICE, Kind.CONSENT):
                assert any(f"{rule.id}/{duty.kind}" in template.serves for template in templates().values()), rule.id
