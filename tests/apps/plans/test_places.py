"""Places in the plan's form: in words on the page, as ids in the plan, and asked where they may mean several."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.http import QueryDict
from django.test import Client
from django.urls import reverse
from ruamel.yaml.comments import CommentedMap

from tenfold.apps.plans.forms.editing import Input, apply_form, document_of, form_of
from tenfold.apps.plans.forms.places import place_in_words, place_to_keep, places_offered, questions_on_places
from tenfold.law.gazetteer import gazetteer
from tenfold.law.places import place_ids
from tests.company import Company

FIELD = "company.jurisdictions"


def input_at(document: CommentedMap, path: str) -> str:
    """What the form shows for a field."""
    parts = (part for group in form_of(document).groups for part in group.parts if isinstance(part, Input))
    return next(part.value for part in parts if part.spec.path == path)


@pytest.mark.parametrize("id_", sorted(set(gazetteer().places) - {"WORLD"}))
def test_every_place_goes_into_words_and_back(id_: str) -> None:
    words = place_in_words(id_)
    assert not (words == id_ and "-" in id_), "no code is shown"
    assert place_to_keep(words, FIELD) == id_
    assert questions_on_places(words) == (), "what was chosen from the list is not asked again"
    text = f'tenfold_plan: 1\ncompany:\n  jurisdictions: ["{id_}"]\n'
    document = document_of(text)
    shown = input_at(document, FIELD)
    assert shown == words
    posted = QueryDict(mutable=True)
    posted[FIELD] = f"{shown}\nNetherlands" if id_ != "NL" else shown
    kept = apply_form(posted, document)["company"]["jurisdictions"]
    assert kept == ([id_, "NL"] if id_ != "NL" else ["NL"])


def test_employees_are_counted_by_place_in_words() -> None:
    document = document_of("tenfold_plan: 1\ncompany:\n  employees_at: {US-CO: 12, DE: 3}\n")
    shown = input_at(document, "company.employees_at")
    assert shown == "Colorado, United States: 12\nGermany: 3"
    posted = QueryDict(mutable=True)
    posted["company.employees_at"] = f"{shown}\nNew York, United States: 40"
    assert apply_form(posted, document)["company"]["employees_at"] == {"US-CO": 12, "DE": 3, "US-NY": 40}


def test_what_may_mean_several_stays_as_typed_and_is_asked() -> None:
    assert place_to_keep("Georgia", FIELD) == "Georgia"
    (asked,) = questions_on_places("Georgia\nDenver, CO\nGermany")
    assert "Georgia, United States" in asked
    assert asked.endswith("Say which one is meant.")
    assert "no place called “Nowhere at all”" in questions_on_places("Nowhere at all")[0]


def test_a_town_stays_in_words_and_keeps_its_state() -> None:
    for typed in ("Denver, CO", "Paris, France"):
        assert place_to_keep(typed, FIELD) == typed
        assert place_ids(typed)


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("color", "Colorado, United States"),
        ("Denver", "Denver, Colorado, United States"),
        ("nether", "Netherlands"),
        ("US-CO", "Colorado, United States"),
    ],
)
def test_places_are_offered_in_words_that_name_one_each(typed: str, first: str) -> None:
    assert places_offered(typed)[0] == first
    assert {"Georgia, United States", "Georgia (country)"} <= set(places_offered("Georgia"))


def test_places_are_offered_to_whoever_is_signed_in(company: Company, signed_in: Callable[[str], Client]) -> None:
    del company
    assert "Colorado, United States" in signed_in("interviewer").get(reverse("place-options"), {"q": "color"}).json()
    assert signed_in("interviewer").get(reverse("place-options")).json() == []
