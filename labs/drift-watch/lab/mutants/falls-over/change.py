def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert '        values = batch.columns.get(name)\n        if not values:\n            return "quality"\n' in text
    text = text.replace('        values = batch.columns.get(name)\n        if not values:\n            return "quality"\n', '        values = batch.columns[name]\n        fmean([value + 0 for value in values if value is not None])\n')
    path.write_text(text)
