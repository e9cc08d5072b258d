def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert 'SHIFT_Z = 6.0' in text
    text = text.replace('SHIFT_Z = 6.0', 'SHIFT_Z = 1.8')
    assert 'SHIFT_Z + 2' in text
    text = text.replace('SHIFT_Z + 2', 'SHIFT_Z + 0.2')
    path.write_text(text)
