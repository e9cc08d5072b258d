"""The hiring plan: one typed document that ten practices read. YAML in and out, comments kept."""
