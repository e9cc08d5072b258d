def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert '        if len(numbers) < (1 - MOST_NULLS) * len(values):' in text
    text = text.replace('        if len(numbers) < (1 - MOST_NULLS) * len(values):', '        if not numbers:')
    path.write_text(text)
