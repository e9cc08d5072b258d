"""The spine: areas, skills, competencies, roles, levels and scopes, one id each, used everywhere."""
