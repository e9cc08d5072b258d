import pytest

from tenfold.catalogue.titles import read_title


@pytest.mark.parametrize(
    ("title", "role", "level"),
    [
        ("MLOps Engineer", "mlops", None),
        ("Senior ML Ops Engineer", "mlops", "senior"),
        ("Staff Machine Learning Platform Engineer", "mlops", "staff"),
        ("ML Infrastructure Engineer II", "mlops", "mid"),
        ("LLMOps Engineer", "mlops", None),
        ("AI Infrastructure Engineer", "ai-infrastructure", None),
        ("GPU Cluster Engineer", "ai-infrastructure", None),
        ("Principal HPC Systems Engineer", "ai-infrastructure", "principal"),
        ("Machine Learning Engineer III", "ml-engineer", "senior"),
        ("Software Engineer, Machine Learning", "ml-engineer", None),
        ("Sr. AI Engineer", "ml-engineer", "senior"),
        ("Data Engineer", "data-engineer", None),
        ("Data Platform Engineer", "data-engineer", None),
        ("Lead Data Engineer", "data-engineer", "staff"),
        ("Site Reliability Engineer", "devops", None),
        ("DevSecOps Engineer", "devops", None),
        ("Platform Engineer", "devops", None),
        ("Senior Data Scientist", "data-scientist", "senior"),
        ("Junior Backend Developer", "software-engineer", "junior"),
        ("Member of Technical Staff", "software-engineer", None),
        ("Machine Learning Manager", "other", None),
        ("Head of Machine Learning", "other", None),
        ("Data Analyst", "other", None),
        ("Senior Staff Software Engineer", "software-engineer", "staff"),
        ("Distinguished Engineer", "other", "principal"),
    ],
)
def test_a_title_is_read_as_role_and_level(title: str, role: str, level: str | None) -> None:
    read = read_title(title)
    assert (read.role, read.level) == (role, level)
