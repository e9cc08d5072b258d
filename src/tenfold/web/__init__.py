"""The web application: pages, API, settings. A face: it parses, calls one function below, and renders."""
