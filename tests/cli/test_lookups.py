"""`tenfold facts`, `rules` and `catalogue`."""

from __future__ import annotations

import json

from tenfold.audit.registry import PRACTICES, all_rules
from tenfold.kit.facts import load
from tests.command import said, tenfold


def test_facts_are_listed_with_value_date_evidence_and_source() -> None:
    text = " ".join(tenfold("facts", "timing.manual_share", PYTHONIOENCODING="utf-8").stdout.decode().split())
    assert "timing.manual_share 30 % of ML engineers' time" in text
    assert "house-rule, 4 April 2026: AiPaycheck Team" in text
    assert text.endswith("1 fact")


def test_all_facts_are_there_as_json() -> None:
    told = json.loads(tenfold("facts", "--json").stdout)
    assert {fact["key"] for fact in told} == set(load())
    assert all(fact["source"] and fact["as_of"] and fact["evidence"] for fact in told)


def test_only_house_rules_may_be_asked_for() -> None:
    told = json.loads(tenfold("facts", "--house-rules", "--json").stdout)
    assert {fact["evidence"] for fact in told} == {"house-rule"}


def test_no_fact_is_an_error_with_a_remedy() -> None:
    done = tenfold("facts", "xyzzy")
    assert (done.returncode, said(done)) == (
        2, "tenfold: No fact mentions “xyzzy”.\n  Try: `tenfold facts` lists them all.\n"
    )  # fmt: skip


def test_every_rule_of_ten_practices_is_listed_with_its_reason() -> None:
    told = json.loads(tenfold("rules", "--json").stdout)
    assert [rule["id"] for rule in told] == [rule.id for rule in all_rules()]
    assert list(dict.fromkeys(rule["practice"] for rule in told)) == [practice.id for practice in PRACTICES]
    assert all(rule["why"] and rule["requirement"].startswith("P") for rule in told)


def test_rules_are_readable() -> None:
    text = tenfold("rules", "timing.too-early", PYTHONIOENCODING="utf-8").stdout.decode()
    assert "timing.too-early  P6.1, at most fix" in text


def test_a_skill_is_found_by_an_old_name() -> None:
    told = json.loads(tenfold("catalogue", "find", "kfserving", "--json").stdout)
    assert (told[0]["id"], told[0]["status"], told[0]["successor"]) == ("kfserving", "renamed", "kserve")


def test_a_misspelt_skill_is_found_nearby() -> None:
    assert "kubernetes" in tenfold("catalogue", "find", "kubernetess").stdout.decode()
    done = tenfold("catalogue", "show", "kubernetess")
    assert done.returncode == 2
    assert "Did you mean kubernetes" in said(done)


def test_skills_of_one_area_and_all_areas_and_roles() -> None:
    assert {
        skill["area"] for skill in json.loads(tenfold("catalogue", "list", "--area", "serving", "--json").stdout)
    } == {"serving"}
    assert "serving" in {area["id"] for area in json.loads(tenfold("catalogue", "areas", "--json").stdout)}
    roles = json.loads(tenfold("catalogue", "roles", "--json").stdout)
    assert [level["id"] for level in roles["levels"]] == ["junior", "mid", "senior", "staff", "principal"]
    assert tenfold("catalogue", "list", "--area", "magic").returncode == 2


def test_lists_are_readable_without_json() -> None:
    for command in (("areas",), ("roles",), ("list", "--area", "serving"), ("show", "kserve"), ("find", "kserve")):
        done = tenfold("catalogue", *command)
        assert done.returncode == 0
        assert max(map(len, done.stdout.decode().splitlines())) <= 100
