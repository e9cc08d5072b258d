def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert '        self.since: dict' in text
    text = text.replace('        self.since: dict', '        self.bad = defaultdict(int)\n        self.since: dict')
    assert '            if cause:' in text
    text = text.replace('            if cause:', '            self.bad[name] = self.bad[name] + 1 if cause else 0\n            if cause and self.bad[name] > 5:')
    path.write_text(text)
