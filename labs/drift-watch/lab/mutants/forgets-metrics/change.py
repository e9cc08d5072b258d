def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert '        gauge.labels(alert["kind"], alert["feature"] or "").set(1)' in text
    text = text.replace('        gauge.labels(alert["kind"], alert["feature"] or "").set(1)', '        pass')
    path.write_text(text)
