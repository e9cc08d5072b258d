"""The areas in which a posting can ask for depth, in words."""

DEEP_NAMES = {
    "infrastructure": "infrastructure",
    "ml": "machine learning",
    "data-engineering": "data engineering",
    "software-engineering": "software engineering",
}
