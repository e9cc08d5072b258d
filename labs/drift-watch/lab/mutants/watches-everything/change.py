def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert ' and name in reference.used' in text
    text = text.replace(' and name in reference.used', '')
    path.write_text(text)
