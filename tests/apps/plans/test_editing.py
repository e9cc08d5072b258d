"""Form, posting and YAML are three ways into one document, in step."""

from __future__ import annotations

import re
from collections.abc import Callable
from html import unescape
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st
from selectolax.lexbor import LexborHTMLParser

from tenfold.apps.plans.forms.editing import (
    Input,
    Row,
    apply_form,
    document_of,
    form_of,
    rearrange_rows,
    row_ids,
    target_of,
    text_of,
)
from tenfold.apps.plans.models import StoredPlan
from tenfold.audit.check_text import check_text
from tenfold.kit.errors import UserError
from tenfold.plan.yaml_io import load_plan
from tests.company import GOOD_PLAN, Company


def posted_form(text: str, **changed: str) -> QueryDict:
    """What a browser sends back of the form of a text, with some inputs typed over."""
    data = QueryDict(mutable=True)

    def put(one: Input) -> None:
        if one.spec.kind.value != "yes-no" or one.value:
            data[one.name] = one.value
        if one.spec.allows_none:
            data[f"none:{one.spec.path}:asked"] = "1"
            if one.is_none:
                data[f"none:{one.spec.path}"] = "1"
                data[one.name] = ""

    for group in form_of(document_of(text)).groups:
        for part in group.parts:
            if isinstance(part, Input):
                put(part)
                continue
            data[f"rows:{part.spec.path}"] = "1"
            if part.is_none:
                data[f"none:{part.spec.path}"] = "1"
            for row in part.rows:
                put_row(data, row, put)
    data.update(changed)
    for name, value in changed.items():
        data[name] = value
    return data


def put_row(data: QueryDict, row: Row, put: Callable[[Input], None]) -> None:
    data[f"{row.name}.was"] = row.was
    for one in row.inputs:
        put(one)


def test_a_form_sent_back_untouched_leaves_the_text_as_it_was() -> None:
    document = document_of(GOOD_PLAN)
    before = text_of(document)
    assert text_of(apply_form(posted_form(GOOD_PLAN), document)) == before


def test_what_is_typed_goes_in_and_the_author_s_spelling_and_comments_stay() -> None:
    text = text_of(apply_form(posted_form(GOOD_PLAN, **{"pay.max": "212k"}), document_of(GOOD_PLAN)))
    assert "max: 212k" in text
    assert "min: 172,000" in text
    assert "# An example, not a real company" in text
    assert load_plan(text).plan.pay.max == 212_000


def test_an_emptied_input_is_unanswered() -> None:
    text = text_of(apply_form(posted_form(GOOD_PLAN, **{"role.workplace": ""}), document_of(GOOD_PLAN)))
    assert load_plan(text).plan.role.workplace is None


def test_none_is_an_answer() -> None:
    sent = posted_form(GOOD_PLAN, **{"pay.bonus_percent": "", "none:pay.bonus_percent": "1"})
    text = text_of(apply_form(sent, document_of(GOOD_PLAN)))
    assert "bonus_percent: none" in text
    again = text_of(apply_form(posted_form(text), document_of(text)))
    assert again == text


def test_a_must_have_is_moved_to_nice_to_have_with_its_answers() -> None:
    sent = posted_form(GOOD_PLAN)
    document = rearrange_rows(sent, apply_form(sent, document_of(GOOD_PLAN)), "move:requirements.must.0")
    plan = load_plan(text_of(document)).plan.requirements
    assert "kubernetes" not in [item.skill for item in plan.must or []]
    assert [(item.skill, str(item.depth)) for item in plan.nice or []][-1] == ("kubernetes", "working")


def test_rows_are_added_and_removed() -> None:
    sent = posted_form(GOOD_PLAN, **{"requirements.nice.9.skill": "ray-serve", "requirements.nice.9.was": ""})
    document = apply_form(sent, document_of(GOOD_PLAN))
    assert document["requirements"]["nice"][-1] == "ray-serve"
    document = rearrange_rows(sent, document, "remove:requirements.nice.9")
    assert "ray-serve" not in document["requirements"]["nice"]


def test_a_finding_at_a_row_leads_to_the_row_as_it_stands_on_the_page() -> None:
    sent = QueryDict(mutable=True)
    for key, skill in (("4", "kubernetes"), ("7", ""), ("9", "python")):
        sent[f"requirements.must.{key}.skill"] = skill
    ids = row_ids(sent)
    assert target_of("requirements.must[1]", ids) == "field-requirements-must-9"
    assert target_of("pay.min", ids) == "field-pay-min"
    assert target_of("pay.equity", ids) == "part-pay"
    assert target_of("role.day_to_day") == "field-role-day_to_day"


@settings(max_examples=25, deadline=None)
@given(title=st.text(st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]), min_size=1, max_size=60))
def test_whatever_title_is_typed_comes_back_as_typed(title: str) -> None:
    small = "tenfold_plan: 1\nrole:\n  level: senior\n"
    text = text_of(apply_form(posted_form(small, **{"role.title": title}), document_of(small)))
    assert (load_plan(text).plan.role.title or "") == title.strip()


@pytest.fixture
def manager(signed_in: Callable[[str], Client]) -> Client:
    return signed_in("hiring-manager")


def test_edits_that_are_not_saved_go_along_from_the_form_to_yaml_and_back(company: Company, manager: Client) -> None:
    plan = company.plan()
    sent = {**posted_form(GOOD_PLAN, **{"role.title": "Staff engineer"}).dict(), "base": "1"}
    page = manager.post(reverse("plan", args=[plan.pk]), {**sent, "do": "yaml"}).content.decode()
    yaml = unescape(re.search(r'<textarea\s+class="yaml"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1])  # type: ignore[index]
    assert "title: Staff engineer" in yaml
    back = manager.post(
        reverse("plan-yaml", args=[plan.pk]), {"yaml": yaml, "base": "1", "do": "form"}
    ).content.decode()
    assert 'value="Staff engineer"' in back
    plan.refresh_from_db()
    assert plan.latest_number == 1


def test_saving_makes_a_version_and_the_list_says_what_was_found(company: Company, manager: Client) -> None:
    plan = company.plan()
    sent = {**posted_form(GOOD_PLAN, **{"pay.max": "212000"}).dict(), "base": "1", "do": "save", "why": "Market moved"}
    assert manager.post(reverse("plan", args=[plan.pk]), sent).status_code == 302
    plan.refresh_from_db()
    assert (plan.latest_number, plan.latest().why) == (2, "Market moved")
    assert set(plan.strip) >= {"pay", "skills", "timing"}


def test_two_who_save_at_once_both_keep_their_words(company: Company, manager: Client) -> None:
    plan = company.plan()
    sent = {**posted_form(GOOD_PLAN).dict(), "base": "1", "do": "save"}
    manager.post(reverse("plan", args=[plan.pk]), {**sent, "role.title": "Mine"})
    late = manager.post(reverse("plan", args=[plan.pk]), {**sent, "role.title": "Theirs"})
    page = late.content.decode()
    assert late.status_code == 409
    assert 'value="Theirs"' in page
    assert "Mine" in page
    assert 'name="base" value="2"' in page


def test_the_live_check_names_the_field_that_mends_a_finding(company: Company, manager: Client) -> None:
    plan = company.plan()
    sent = {**posted_form(GOOD_PLAN, **{"pay.benchmark_role": "devops"}).dict(), "base": "1", "view": "form"}
    page = manager.post(reverse("check-plan", args=[plan.pk]), sent).content.decode()
    assert 'data-goes-to="field-pay-benchmark_role"' in page


def test_what_cannot_be_read_is_told_at_its_field_and_nothing_is_lost(company: Company, manager: Client) -> None:
    plan = company.plan()
    sent = {**posted_form(GOOD_PLAN, **{"pay.min": "plenty"}).dict(), "base": "1", "do": "save"}
    answer = manager.post(reverse("plan", args=[plan.pk]), sent)
    page = answer.content.decode()
    assert answer.status_code == 422
    assert 'data-goes-to="field-pay-min"' in page
    assert 'value="plenty"' in page
    assert plan.versions.count() == 1


def test_yaml_that_is_none_goes_back_as_typed_with_its_line(company: Company, manager: Client) -> None:
    plan = company.plan()
    sent = {"yaml": "tenfold_plan: 1\nrole:\n\tlevel: senior\n", "base": "1", "do": "save", "view": "yaml"}
    answer = manager.post(reverse("plan-yaml", args=[plan.pk]), sent)
    assert answer.status_code == 422
    assert "Line 3" in answer.content.decode()
    assert "\tlevel: senior" in answer.content.decode()


def test_a_recruiter_who_sees_no_pay_saves_and_the_offer_stays(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan()
    sent = {**posted_form(GOOD_PLAN, **{"role.title": "Renamed", "pay.max": "1"}).dict(), "base": "1", "do": "save"}
    assert signed_in("recruiter").post(reverse("plan", args=[plan.pk]), sent).status_code == 302
    plan.refresh_from_db()
    saved = plan.latest().text
    assert "title: Renamed" in saved
    assert "max: 206,000" in saved


def test_unsaved_yaml_goes_along_when_a_tab_is_pressed(company: Company, manager: Client) -> None:
    """The button sends the page that it is on to the address of the page that it leads to."""
    plan = company.plan()
    sent = {"yaml": GOOD_PLAN.replace("172,000", "171,000"), "base": "1", "view": "yaml", "do": "form"}
    page = manager.post(reverse("plan", args=[plan.pk]), sent).content.decode()
    assert 'value="171,000"' in page


def beside(plan: StoredPlan, client: Client, **sent: Any) -> str:
    """What the server answers while somebody types in YAML or in the form beside it."""
    data = {"view": "yaml", "base": "1", "working": GOOD_PLAN, "yaml": GOOD_PLAN, **sent}
    return client.post(reverse("check-plan", args=[plan.pk]), data).content.decode()


def test_a_change_in_the_form_shows_in_the_yaml_beside_it_with_comments_kept(company: Company, manager: Client) -> None:
    sent = {name: str(value) for name, value in posted_form(GOOD_PLAN, **{"pay.max": "212k"}).items()}
    page = beside(company.plan(), manager, **sent, changed="form")
    found = re.search(r'<textarea id="yaml-now"[^>]*>(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    text = unescape(found[1])
    assert "max: 212k" in text
    assert "# An example, not a real company" in text
    assert 'id="form-beside"' not in page, "who types in the form keeps it"


def test_a_change_in_the_yaml_shows_in_the_form_beside_it(company: Company, manager: Client) -> None:
    changed = GOOD_PLAN.replace("max: 206,000", "max: 207,000")
    page = beside(company.plan(), manager, yaml=changed, changed="yaml")
    assert 'id="form-beside"' in page
    assert 'value="207,000"' in page
    assert 'id="yaml-now"' not in page


def test_a_row_removed_in_the_form_twice_stays_removed(company: Company, manager: Client) -> None:
    """The form lies on the text that it was drawn from, however often it has changed the other one since."""
    sent = {
        name: str(value)
        for name, value in posted_form(GOOD_PLAN).items()
        if not name.startswith("requirements.must.0.")
    }
    texts = []
    text = GOOD_PLAN
    for _ in range(2):
        page = beside(company.plan(), manager, **{**sent, "changed": "form", "yaml": text})
        text = unescape(re.search(r'<textarea id="yaml-now"[^>]*>(.*?)</textarea>', page, re.DOTALL)[1])  # type: ignore[index]
        texts.append([item.skill for item in load_plan(text).plan.requirements.must or []])
    assert texts[0] == texts[1]
    assert "kubernetes" not in texts[0]


def test_what_is_wrong_in_yaml_is_told_with_its_line_and_at_its_field_in_the_form(
    company: Company, manager: Client
) -> None:
    page = beside(company.plan(), manager, yaml=GOOD_PLAN.replace("min: 172,000", "min: plenty"), changed="yaml")
    line = 1 + GOOD_PLAN.splitlines().index("  min: 172,000")
    assert f'data-problem-line="{line}"' in page
    assert 'class="field amount has-error"' in page
    broken = beside(company.plan(), manager, yaml="tenfold_plan: 1\nrole:\n\tlevel: senior\n", changed="yaml")
    assert 'data-problem-line="3"' in broken
    assert 'id="form-beside"' not in broken, "the form stays as it was until the text can be read again"


def test_saving_takes_what_was_typed_last(company: Company, manager: Client) -> None:
    plan = company.plan()
    sent = posted_form(GOOD_PLAN, **{"role.title": "Typed in the form"}).dict()
    data = {**sent, "view": "yaml", "base": "1", "working": GOOD_PLAN, "yaml": GOOD_PLAN, "changed": "form"}
    manager.post(reverse("plan-yaml", args=[plan.pk]), {**data, "do": "save"})
    plan.refresh_from_db()
    assert plan.title == "Typed in the form"


@pytest.mark.parametrize("number", ["", "x", "-1", "9" * 40, "²"])
def test_a_number_that_is_none_is_no_fault_of_ours(number: str, company: Company, manager: Client) -> None:
    plan = company.plan()
    for name in ("plan", "plan-yaml", "plan-posting", "plan-writer", "approve-plan"):
        sent = {"base": number, "number": number, "yaml": GOOD_PLAN, "do": "save"}
        assert manager.post(reverse(name, args=[plan.pk]), sent).status_code < 500
    assert plan.versions.count() == 1


def test_whoever_may_not_see_pay_finds_it_hidden_and_the_answer_kept(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    """Not unanswered, and with the whole plan's answer: the same words that whoever sees pay reads first."""
    plan = company.plan()
    opening = check_text(plan.latest().text, as_of=timezone.localdate()).report.headline.opening
    recruiter = signed_in("recruiter")
    for name in ("plan", "plan-report"):
        page = LexborHTMLParser(recruiter.get(reverse(name, args=[plan.pk])).content)
        states = [node.attributes["class"] for node in page.css("ol.strip li")]
        assert states.count("hidden") == 1
        answer = page.css_first("p.answer strong")
        assert answer is not None
        assert answer.text(strip=True) == opening


@pytest.mark.parametrize(
    ("typed", "shown"), [("65.000", "65000"), ("65k", "65k"), ("€65 000", "65000"), ("172,000", "172,000")]
)
def test_an_amount_in_any_habit_is_shown_back_as_it_was_understood(typed: str, shown: str) -> None:
    posted = QueryDict(mutable=True)
    posted.update({"pay.min": typed, "pay.bonus_percent": "1,5 %"})
    document = apply_form(posted, document_of("tenfold_plan: 1\n"))
    inputs = {
        part.spec.path: part for group in form_of(document).groups for part in group.parts if isinstance(part, Input)
    }
    assert (inputs["pay.min"].value, inputs["pay.bonus_percent"].value) == (shown, "1.5")


def test_a_figure_that_yaml_takes_for_another_is_asked_about() -> None:
    with pytest.raises(UserError, match=r"could be 65 or 65,000"):
        load_plan("tenfold_plan: 1\npay:\n  min: 65.000\n")


def test_the_charter_is_a_page_and_a_file_with_what_is_to_settle(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan("tenfold_plan: 1\ndecision_rights:\n  - {decision: budget}\n")
    address = reverse("plan-charter", args=[plan.pk])
    page = signed_in("interviewer").get(address).content.decode()
    assert "Nobody decides" in page
    assert "Not in the plan" in page
    markdown = signed_in("interviewer").get(address, {"as": "md"})
    assert markdown.headers["Content-Disposition"].endswith('-charter.md"')
    assert "| Budget | not decided yet |" in markdown.content.decode()


def test_a_plan_that_one_may_only_read_says_so_and_whom_to_ask(
    company: Company, signed_in: Callable[[str], Client]
) -> None:
    plan = company.plan()
    address = reverse("plan", args=[plan.pk])
    shown = signed_in("interviewer").get(address).content.decode()
    said = shown.partition('id="read-only"')[2].partition("</p>")[0]
    assert "You can read this plan and comment on it." in said
    assert str(plan.versions.get(number=1).saved_by) in said
    assert str(company["interviewer"]) not in said
    assert re.search(r'<span class="answer" id="field-role-title"[^>]*>\s*\S', shown), "text, not a field"
    for role in ("administrator", "hiring-manager", "recruiter"):
        own = signed_in(role).get(address).content.decode()
        assert 'id="read-only"' not in own, role
        assert '<span class="answer"' not in own, role
