"""The lint of the spine: what must hold of every row, so that whatever points into the catalogue finds something."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from datetime import UTC, datetime

import pytest

from tenfold.catalogue.model import Kind, Status
from tenfold.catalogue.store import catalogue, fold

BOOK = catalogue()
SKILLS = tuple(BOOK.skills.values())
KEBAB = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
OLDEST_SKILL = 1950

# What the mission names, as it names it.
NAMED = {
    "frameworks": ["PyTorch", "TensorFlow", "scikit-learn"],
    "tracking-registry": ["MLflow", "Weights & Biases"],
    "feature-store": ["Feast", "Tecton"],
    "serving": [
        "Seldon", "MLServer", "KServe", "KFServing", "TorchServe", "BentoML", "Triton", "Ray Serve", "vLLM",
    ],
    "monitoring-drift": ["Evidently", "Arize", "Phoenix", "NannyML", "whylogs"],
    "pipelines-lifecycle": [
        "shadow deployment", "canary", "champion/challenger", "model rollback", "registry alias", "AutoML",
    ],
    "containers": ["Kubernetes", "containers"],
    "infrastructure-as-code": ["Terraform"],
    "ci-cd": ["CI/CD"],
    "networking": ["networking"],
    "data-pipelines": ["Spark", "Airflow"],
    "languages": ["Python"],
}  # fmt: skip
ELSEWHERE = {"registry alias": "tracking-registry", "canary": "pipelines-lifecycle"}


def test_ids_are_kebab_case() -> None:
    ids = [*BOOK.skills, *BOOK.areas, *BOOK.competencies, *BOOK.roles, *BOOK.levels, *BOOK.profiles, *BOOK.archetypes]
    assert [key for key in ids if not KEBAB.fullmatch(key)] == []


def test_there_are_enough_skills_and_no_id_or_name_comes_twice() -> None:
    assert len(SKILLS) >= 600
    assert [name for name, count in Counter(fold(skill.name) for skill in SKILLS).items() if count > 1] == []


def test_no_two_skills_share_a_spelling() -> None:
    owners = defaultdict(set)
    for skill in SKILLS:
        for spelling in (skill.id, skill.name, *skill.aliases, *skill.cased):
            owners[fold(spelling)].add(skill.id)
    assert {spelling: ids for spelling, ids in owners.items() if len(ids) > 1} == {}


def test_cells_are_clean() -> None:
    cells = [text for skill in SKILLS for text in (skill.name, *skill.aliases, *skill.cased, skill.status_note)]
    assert [text for text in cells if text != " ".join(text.split())] == []
    assert [text for skill in SKILLS for text in (*skill.aliases, *skill.cased) if not text] == []


def test_no_alias_says_again_what_the_name_or_another_alias_says() -> None:
    said = {skill.id: [fold(text) for text in (skill.name, *skill.aliases)] for skill in SKILLS}
    assert {key: texts for key, texts in said.items() if len(set(texts)) < len(texts)} == {}


def test_every_area_and_competency_exists_and_they_agree() -> None:
    """A skill may belong to a competency of another area only in the same group: nothing infrastructural is ML."""
    for competency in BOOK.competencies.values():
        assert competency.area in BOOK.areas
    groups = {
        skill.id: (BOOK.areas[skill.area].group, BOOK.areas[BOOK.competencies[skill.competency].area].group)
        for skill in SKILLS
    }
    assert {key: pair for key, pair in groups.items() if pair[0] != pair[1]} == {}


def test_no_area_and_no_competency_is_empty() -> None:
    assert set(BOOK.areas) == {skill.area for skill in SKILLS}
    assert set(BOOK.competencies) == {skill.competency for skill in SKILLS}


def test_every_area_names_tools_and_practices() -> None:
    kinds = defaultdict(set)
    for skill in SKILLS:
        kinds[skill.area].add(skill.is_tool)
    assert {area for area, found in kinds.items() if len(found) < 2} == set()


def test_a_dead_skill_says_why_and_a_live_one_has_no_successor() -> None:
    assert [skill.id for skill in SKILLS if skill.status is not Status.ALIVE and not skill.status_note] == []
    assert [skill.id for skill in SKILLS if skill.status is Status.ALIVE and skill.successor] == []


def test_successors_exist_and_live() -> None:
    named = {skill.id: BOOK.skills.get(skill.successor) for skill in SKILLS if skill.successor}
    assert {
        key for key, heir in named.items() if heir is None or heir.status is not Status.ALIVE or heir.id == key
    } == set()


def test_a_year_has_a_source_and_a_source_a_year() -> None:
    for skill in SKILLS:
        assert (skill.first_release is not None) == skill.first_release_source.startswith("https://"), skill.id
        if skill.first_release is not None:
            assert OLDEST_SKILL < skill.first_release <= datetime.now(UTC).year


@pytest.mark.parametrize(
    "skill", [skill for skill in SKILLS if skill.kind is Kind.CERTIFICATION], ids=lambda skill: skill.id
)
def test_certifications_are_no_tools(skill: object) -> None:
    assert not getattr(skill, "is_tool", True)


@pytest.mark.parametrize(("area", "name"), [(area, name) for area, names in NAMED.items() for name in names])
def test_what_the_mission_names_is_known_where_it_belongs(area: str, name: str) -> None:
    skill = BOOK.find(name) or BOOK.find(f"{name} releases")
    assert skill is not None
    assert skill.area == ELSEWHERE.get(name, area)


@pytest.mark.parametrize(
    ("dead", "status", "successor"),
    [
        ("KFServing", Status.RENAMED, "kserve"),
        ("TorchServe", Status.ARCHIVED, "kserve"),
        ("TensorFlow Addons", Status.RETIRED, ""),
        ("Azure AD", Status.RENAMED, "entra-id"),
        ("Google AI Platform", Status.RENAMED, "vertex-ai"),
        ("MXNet", Status.ARCHIVED, "pytorch"),
        ("OpenTracing", Status.ARCHIVED, "opentelemetry"),
        ("Tiller", Status.RETIRED, "helm"),
        ("PodSecurityPolicy", Status.RETIRED, ""),
        ("Neptune.ai", Status.RETIRED, "weights-and-biases"),
        ("MLS-C01", Status.RETIRED, "aws-mla-c01"),
    ],
)
def test_dead_projects_are_told_so(dead: str, status: Status, successor: str) -> None:
    skill = BOOK.find(dead)
    assert skill is not None
    assert (skill.status, skill.successor) == (status, successor)


@pytest.mark.parametrize(
    "name", ["Kubernetes", "MLflow", "KServe", "DeepSpeed", "Kedro", "Flux", "Evidently", "Arize Phoenix"]
)
def test_the_living_are_not_buried(name: str) -> None:
    skill = BOOK.find(name)
    assert skill is not None
    assert skill.status is Status.ALIVE


@pytest.mark.parametrize(
    "name", ["Kubernetes", "Docker", "Terraform", "MLflow", "Airflow", "Kubeflow", "TensorFlow", "Spark"]
)
def test_the_age_of_what_is_asked_for_most_is_known(name: str) -> None:
    skill = BOOK.find(name)
    assert skill is not None
    assert skill.first_release is not None


def test_ordinary_words_count_in_their_case_only() -> None:
    for word in (
        "Go",
        "R",
        "C",
        "Ray",
        "Beam",
        "Chef",
        "Puppet",
        "Helm",
        "Spark",
        "Hive",
        "Vault",
        "Consul",
        "Spring",
        "REST",
    ):
        skill = BOOK.find(word)
        assert skill is not None
        assert word in skill.cased
        assert word not in skill.spellings


def test_unambiguous_names_count_in_any_case() -> None:
    for word in ("Kubernetes", "PyTorch", "scikit-learn", "Terraform", "AWS", "gRPC"):
        skill = BOOK.find(word)
        assert skill is not None
        assert skill.spellings[0] == word
