"""Finding things in the catalogue: by id, name or alias, in any case; and what lies near a slip of the keys."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tenfold.catalogue.store import catalogue

BOOK = catalogue()


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("kubernetes", "kubernetes"),
        ("K8S", "kubernetes"),
        ("  amazon   web services ", "aws"),
        ("Google Cloud Platform", "gcp"),
        ("sklearn", "scikit-learn"),
        ("W&B", "weights-and-biases"),
        ("golang", "go"),
        ("Apache Spark", "spark"),
        ("Seldon", "seldon-core"),
        ("Phoenix", "phoenix"),
        ("Azure Databricks", "databricks"),
        ("RESTful APIs", "rest"),
    ],
)
def test_one_thing_has_many_names(written: str, meant: str) -> None:
    skill = BOOK.find(written)
    assert skill is not None
    assert skill.id == meant


@pytest.mark.parametrize(
    "apart",
    [
        ("Kafka", "Kafka Streams", "Kafka Connect", "Confluent"),
        ("Spark", "PySpark", "Spark Streaming", "Spark SQL", "Spark MLlib"),
        ("Git", "GitHub", "GitHub Actions", "GitLab", "GitLab CI"),
        ("Elasticsearch", "ELK", "Logstash", "Kibana", "OpenSearch"),
        ("SQL", "T-SQL", "PL/SQL", "SQL Server", "MySQL", "PostgreSQL"),
        ("Shell", "Bash", "PowerShell"),
        ("Azure", "Azure ML", "Azure DevOps", "Azure Data Factory", "Azure OpenAI"),
        ("Argo", "Argo CD", "Argo Workflows", "Argo Rollouts"),
        ("Ray", "Ray Serve", "Ray Tune"),
        ("Kubeflow", "Kubeflow Pipelines", "KServe"),
        ("SageMaker", "SageMaker Pipelines", "SageMaker Feature Store", "SageMaker Model Monitor"),
        ("Triton", "Triton language", "TensorRT"),
        ("Neptune.ai", "Amazon Neptune"),
        ("Cortex", "Cortex Labs", "Snowflake Cortex"),
        ("React", "React Native"),
        ("Angular", "AngularJS"),
        ("Java", "JavaScript"),
        ("Redis", "Valkey"),
        ("Terraform", "OpenTofu", "HCP Terraform"),
    ],
)
def test_neighbours_are_kept_apart(apart: tuple[str, ...]) -> None:
    found = [BOOK.find(name) for name in apart]
    assert None not in found
    assert len({skill.id for skill in found if skill}) == len(apart)


@pytest.mark.parametrize(("slip", "meant"), [("kuberntes", "kubernetes"), ("pytroch", "pytorch"), ("mlfow", "mlflow")])
def test_a_slip_of_the_keys_is_understood(slip: str, meant: str) -> None:
    assert BOOK.find(slip) is None
    assert BOOK.similar(slip)[0] == meant


def test_nothing_like_it_gives_nothing() -> None:
    assert BOOK.similar("zzzzqqqq") == []
    assert len(BOOK.similar("data", limit=2)) <= 2


@given(st.sampled_from(sorted(BOOK.skills)), st.sampled_from([str.upper, str.lower, str.title]))
def test_every_spelling_finds_its_skill_in_any_case(key: str, recase: object) -> None:
    skill = BOOK.skills[key]
    assert callable(recase)
    for spelling in (skill.id, skill.name, *skill.aliases, *skill.cased):
        assert BOOK.find(recase(spelling)) == skill


def test_a_successor_is_the_skill_itself() -> None:
    old = BOOK.skills["kfserving"]
    assert BOOK.successor(old) == BOOK.skills["kserve"]
    assert BOOK.successor(BOOK.skills["kserve"]) is None


def test_practices_are_no_tools() -> None:
    assert BOOK.skills["kubernetes"].is_tool
    assert not BOOK.skills["drift-detection"].is_tool
    assert not BOOK.skills["cka"].is_tool


def test_there_are_six_areas_of_ml_operations() -> None:
    assert BOOK.mlops_areas == (
        "frameworks", "tracking-registry", "feature-store", "serving", "monitoring-drift", "pipelines-lifecycle",
    )  # fmt: skip


def test_levels_cover_all_years_without_a_gap() -> None:
    levels = list(BOOK.levels.values())
    assert [level.rank for level in levels] == list(range(5))
    assert levels[0].years[0] == 0
    for lower, higher in pairwise(levels):
        assert lower.years[1] == higher.years[0]


@given(st.floats(min_value=0, max_value=80))
def test_more_years_never_mean_a_lower_level(years: float) -> None:
    level = BOOK.level_for_years(years)
    assert BOOK.level_for_years(years + 1).rank >= level.rank
    assert level.years[0] <= years or level.rank == 0
