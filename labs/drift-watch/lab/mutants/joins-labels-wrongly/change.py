def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert 'pairs = zip(self.scores[batch.labels.day], batch.labels.values)' in text
    text = text.replace('pairs = zip(self.scores[batch.labels.day], batch.labels.values)', 'pairs = zip(batch.scores, batch.labels.values)')
    path.write_text(text)
