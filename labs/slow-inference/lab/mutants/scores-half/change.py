def change(workspace, parameters, variant):
    """Edits the healthy service."""
    path = workspace / 'service/scoring.py'
    text = path.read_text()
    assert '    return [' in text
    text = text.replace('    return [', '    half = (len(rows) + 1) // 2\n    rows = (rows[:half] * 2)[: len(rows)]\n    return [')
    path.write_text(text)
