"""A posting of our own, as Markdown, with everything the reader looks for."""

POSTING = """\
# Senior MLOps Engineer

**Employer:** Quartz Labs

Remote (US). Full-time.

## About us

Quartz Labs forecasts the power that wind farms deliver. We raised $40M in 2025 and offer a 401(k) match of $5,000.

## What you will do

- Run the training pipelines that retrain forty forecasting models every night on Kubernetes
- Move model serving from a home-grown Flask service to KServe and cut its p99 latency below 80 ms
- Watch input drift and forecast error of every wind farm, and page yourself before customers notice
- Write the Terraform modules for the GPU nodes that the data scientists share

## Must have

- 5+ years of experience in software or platform engineering
- Strong knowledge of Kubernetes and Docker
- Experience with Python and MLflow
- Bachelor's degree in computer science or equivalent experience

## Nice to have

- Feast or another feature store
- Go

## Pay and benefits

- The base salary range for this job is $160,000 - $190,000 a year, plus equity
- Dental and vision insurance, 25 days of paid time off

## Equal opportunity

Quartz Labs is an equal opportunity employer. We decide without regard to age, sex, gender identity, race, disability or
veteran status, and we never ask for young or able-bodied people.
"""
