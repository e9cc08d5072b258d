def change(workspace, parameters, variant):
    """Edits the healthy service."""
    path = workspace / 'service/scoring.py'
    text = path.read_text()
    assert 'float(value) for' in text
    text = text.replace('float(value) for', 'round(float(value), 2) for')
    path.write_text(text)
