"""What the job is: read from duties and requirements, the same under any title; invented postings throughout."""

import random
import re

import pytest

from tenfold.catalogue.titles import families_in_title
from tenfold.posting.family import contradicted_title
from tenfold.posting.reading import PostingReading, read

TITLES = (
    "Senior MLOps Engineer",
    "Machine Learning Engineer",
    "Data Engineer",
    "Site Reliability Engineer",
    "Data Scientist",
    "Software Engineer, AI Platform",
    "Member of Technical Staff",
)

JOBS = {
    "mlops": """
## What you will do

- Run the training pipelines that retrain forty demand models every night
- Deploy models to KServe behind canary releases and roll them back in one command
- Build CI/CD for machine learning models with GitHub Actions and MLflow
- Monitor drift and data quality of every model in production
- Build the ML platform that lets data scientists ship models without a ticket

## What you bring

- Experience with model serving, a model registry and a feature store
- Kubernetes, Docker and Terraform
- Strong Python
""",
    "ml-engineer": """
## What you will do

- Train and evaluate ranking models for our search, from idea to A/B test
- Develop deep learning algorithms for image classification
- Fine-tune language models and design features with domain experts
- Ship the models as features of our product

## What you bring

- Deep knowledge of machine learning algorithms
- PyTorch or TensorFlow, NLP and recommendation systems
- Research experience in neural networks
""",
    "devops": """
## What you will do

- Operate forty Kubernetes clusters and the networking between them
- Write Terraform and Ansible for our AWS accounts
- Take part in the on-call rotation, lead incidents and write postmortems
- Set up Prometheus, Grafana and alerting, and define SLOs
- Maintain Jenkins and GitLab CI for sixty teams

## What you bring

- Linux administration, Bash scripting and firewalls
- Experience in site reliability
- Helm, Docker and configuration management
""",
    "data-engineer": """
## What you will do

- Build ETL pipelines that ingest orders from forty sources into Snowflake
- Model the data warehouse with dbt and keep schemas documented
- Run Spark and Kafka streams and the Airflow that schedules them
- Improve data quality and tell analysts when a table is late

## What you bring

- Strong SQL and data modeling
- Experience with a data lake, batch and streaming data
- Databases such as PostgreSQL
""",
    "ai-infrastructure": """
## What you will do

- Run a cluster of two thousand GPUs with Slurm and InfiniBand
- Tune NCCL and CUDA kernels so that distributed training scales across nodes
- Build the scheduler that shares GPU capacity among training jobs
- Profile inference latency with TensorRT and vLLM

## What you bring

- High-performance computing, Linux and RDMA networking
- Experience with multi-node training on NVIDIA hardware
- C++ and Python
""",
    "software-engineer": """
## What you will do

- Build features of our web app with React and TypeScript
- Design REST APIs and microservices in Java with Spring
- Work with product managers and designers on the user experience
- Write unit tests and review code

## What you bring

- Object-oriented design patterns and clean code
- Back-end and front-end development
- Agile software development
""",
    "data-scientist": """
## What you will do

- Analyze customer data and turn it into insights for stakeholders
- Design A/B tests and causal studies of pricing with statistical rigor
- Build dashboards in Tableau and report KPIs to leadership
- Forecast demand with regression models

## What you bring

- Statistics, hypothesis testing and Bayesian methods
- SQL and data visualization
- Explain findings to non-technical business stakeholders
""",
}
GERMAN = {"## What you will do": "## Deine Aufgaben", "## What you bring": "## Das bringst du mit"}
FRENCH = {"## What you will do": "## Vos missions", "## What you bring": "## Votre profil"}


def posted(title: str, body: str, job: str = "") -> PostingReading:
    lead = f"As a {job} you will join a team of six in Lisbon.\n" if job else "You will join a team of six in Lisbon.\n"
    return read(f"# {title}\n\n{lead}{body}")


def translated(body: str, headings: dict[str, str]) -> str:
    for english, other in headings.items():
        body = body.replace(english, other)
    return body


@pytest.mark.parametrize("family", JOBS)
def test_each_job_is_told_by_what_is_done(family: str) -> None:
    found = posted("Engineer", JOBS[family]).family
    assert (found.value, found.is_certain) == (family, True)


@pytest.mark.parametrize("family", JOBS)
def test_another_title_changes_neither_family_nor_share_nor_areas_nor_doubt(family: str) -> None:
    readings = [posted(title, JOBS[family], job) for title in TITLES for job in TITLES]
    told = {(r.family.chances, r.infra_share and r.infra_share.value, len(r.ml_ops_areas)) for r in readings}
    assert len(told) == 1


@pytest.mark.parametrize("family", JOBS)
def test_the_order_of_the_lines_within_a_section_changes_nothing(family: str) -> None:
    head, *sections = JOBS[family].split("\n## ")
    shuffled = []
    for section in sections:
        heading, *lines = section.strip().split("\n")
        bullets = [line for line in lines if line]
        random.Random(7).shuffle(bullets)  # noqa: S311 - an order, no secret
        shuffled.append("\n".join([heading, "", *bullets, ""]))
    mixed = posted("Engineer", "\n## ".join([head, *shuffled]))
    assert mixed.family.chances == posted("Engineer", JOBS[family]).family.chances


@pytest.mark.parametrize("family", JOBS)
@pytest.mark.parametrize("headings", [GERMAN, FRENCH], ids=["German", "French"])
def test_headings_in_another_language_keep_the_job(family: str, headings: dict[str, str]) -> None:
    assert posted("Engineer", translated(JOBS[family], headings)).family.value == family


@pytest.mark.parametrize("family", JOBS)
def test_without_headings_the_job_stays(family: str) -> None:
    assert posted("Engineer", re.sub(r"^## .+$", "", JOBS[family], flags=re.MULTILINE)).family.value == family


@pytest.mark.parametrize("family", JOBS)
@pytest.mark.parametrize("title", TITLES)
def test_a_title_of_another_job_is_noticed_and_a_fitting_one_is_not(family: str, title: str) -> None:
    named = families_in_title(title)
    found = contradicted_title(title, posted(title, JOBS[family]).family)
    if family in named or not named:
        assert found is None
    else:
        assert found in named


def test_the_sentences_that_decided_are_quoted() -> None:
    reading = posted("Data Scientist", JOBS["devops"])
    quotes = [reading.text[cited.start : cited.end] for cited in reading.family.evidence]
    assert quotes
    assert all(quote in JOBS["devops"] for quote in quotes)


@pytest.mark.parametrize(
    "page",
    [
        "# MLOps Engineer\n\n## What you will do\n\n- Drive the lorry from the depot to the shops\n- Load and unload\n",
        "# Senior ML Engineer\n\nWe bake bread at four in the morning. You knead, shape and sell.\n",
        "# Data Scientist\n\n## Duties\n\n- Teach children to swim\n- Keep the pool clean\n",
    ],
)
def test_a_page_of_no_such_job_cannot_be_told(page: str) -> None:
    assert not read(page).family.is_certain


@pytest.mark.parametrize(
    ("title", "text", "level"),
    [
        ("MLOps Engineer", "You report to the Principal Engineer of the ML platform.", None),
        ("MLOps Engineer", "You work alongside our Staff Engineer and two others.", None),
        ("MLOps Engineer", "You will be mentored by a Senior Engineer.", None),
        ("MLOps Engineer", "As a Senior Engineer, you will own the platform.", "senior"),
        ("Member of Technical Staff, Inference", "You run the fleet.", None),
        ("Senior Member of the Technical Staff", "You run the fleet.", "senior"),
        ("Staff Engineer", "You run the fleet.", "staff"),
    ],
)
def test_the_level_is_the_roles_own(title: str, text: str, level: str | None) -> None:
    found = read(f"# {title}\n\n{text}\n\n## What you will do\n\n- Run model serving\n").level
    assert (found and found.value) == level


def test_data_modeling_is_not_machine_learning() -> None:
    reading = read("# Data Engineer\n\n## Requirements\n\n- Deep expertise in data modeling\n")
    assert [area.value for area in reading.deep_areas] == ["data-engineering"]


def test_an_employer_is_not_a_required_tool() -> None:
    text = "# Engineer\n\n**Employer:** Databricks\n\n## Requirements\n\n- Joy in working at Databricks{}\n- Python\n"
    assert [tool.name for tool in read(text.format("")).tools] == ["Python"]
    asked = read(text.format("\n- Experience with Databricks and Spark"))
    assert "Databricks" in [tool.name for tool in asked.tools]
