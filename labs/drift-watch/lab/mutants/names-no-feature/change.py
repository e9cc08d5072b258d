def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert 'firing[cause, name] = self.since.get((cause, name), batch.day)' in text
    text = text.replace('firing[cause, name] = self.since.get((cause, name), batch.day)', 'firing[cause, "some feature"] = batch.day')
    path.write_text(text)
