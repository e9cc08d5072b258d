"""Postings in other languages: read in German and French, declined by name elsewhere."""

from pathlib import Path

import pytest
from typer.testing import CliRunner

from tenfold.audit.intake import take_bytes
from tenfold.cli.posting import app
from tenfold.kit.errors import UserError
from tenfold.posting.model import SectionKind
from tenfold.posting.reading import read

GERMAN = """# MLOps Engineer (m/w/d)

Wir sind ein kleines Team und bauen für die Bahn Vorhersagen. Du arbeitest mit uns in Leipzig und wirst Teil der Arbeit.

## Deine Aufgaben

- Du betreibst unsere Modellplattform mit KServe auf Kubernetes
- Du baust die Pipelines für das Training mit MLflow

## Das bringst du mit

- Mindestens 4 Jahre Berufserfahrung
- Sehr gute Kenntnisse in Python und Docker

## Von Vorteil

- Terraform und Go

## Das bieten wir dir

- 30 Tage Urlaub und ein Zuschuss zur Fahrkarte
"""
FRENCH = """# Ingénieur MLOps (H/F)

Nous sommes une petite équipe et nous construisons des prévisions pour les trains. Vous travaillez avec nous à Lyon.

## Vos missions

- Exploiter la plateforme de modèles avec KServe sur Kubernetes
- Construire les pipelines pour le réentraînement avec MLflow

## Votre profil

- Maîtrise de Python et de Docker

## Les plus

- Terraform et Go

## Nous vous offrons

- Des titres-restaurant et une mutuelle
"""
SPANISH = """# Ingeniero MLOps

Somos un equipo pequeño y construimos las previsiones de los trenes con nuestros clientes. Trabajarás con nosotros en el
centro de Sevilla, en una oficina que es de todos, y serás parte de la plataforma que usan los equipos del país.

## Responsabilidades

- Mantener la plataforma de modelos con KServe en Kubernetes para todos los equipos de la empresa
"""
JAPANESE = "# MLOpsエンジニア\n\n私たちは鉄道の需要を予測する小さなチームです。学習の仕組みを作ります。\n"


@pytest.mark.parametrize(("text", "code"), [(GERMAN, "de"), (FRENCH, "fr")])
def test_german_and_french_parts_are_told_apart(text: str, code: str) -> None:
    reading = read(text)
    assert reading.language.code == code
    assert {section.kind for section in reading.sections} >= {
        SectionKind.DUTIES,
        SectionKind.MUST,
        SectionKind.NICE,
        SectionKind.BENEFITS,
    }
    assert {tool.name: tool.demand.value for tool in reading.tools} == {
        "KServe": "context",
        "Kubernetes": "context",
        "MLflow": "context",
        "Python": "must",
        "Docker": "must",
        "Terraform": "nice",
        "Go": "nice",
    }
    assert reading.explicit_split


def test_german_years() -> None:
    years = read(GERMAN).years_min
    assert years is not None
    assert years.value == 4


@pytest.mark.parametrize(("text", "name"), [(SPANISH, "Spanish"), (JAPANESE, "Japanese")])
def test_another_language_is_declined_by_its_name(text: str, name: str, tmp_path: Path) -> None:
    with pytest.raises(UserError, match=name):
        take_bytes(text.encode(), name="posting.md")
    path = tmp_path / "posting.md"
    path.write_text(text, "utf-8")
    result = CliRunner().invoke(app, ["check", str(path)])
    assert isinstance(result.exception, UserError)
    assert name in result.exception.what


@pytest.mark.parametrize("text", ["# MLOps Engineer\n\n- Python\n", "# Ingenieur\n\nBerlin\n"])
def test_a_text_too_short_to_tell_is_not_declined(text: str) -> None:
    assert read(text).language.is_read
