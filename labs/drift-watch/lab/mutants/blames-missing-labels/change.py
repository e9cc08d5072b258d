def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert '        recent = self.right' in text
    text = text.replace('        recent = self.right', '        if batch.labels is None:\n            self.right.append(0.0)\n        recent = self.right')
    path.write_text(text)
