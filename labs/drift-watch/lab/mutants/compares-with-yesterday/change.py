def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert '        self.since: dict' in text
    text = text.replace('        self.since: dict', '        self.seen = {}\n        self.since: dict')
    assert '        shift = abs(fmean(numbers) - reference.means[name][weekday]) / error' in text
    text = text.replace('        shift = abs(fmean(numbers) - reference.means[name][weekday]) / error', '        now = fmean(numbers) - reference.means[name][weekday]\n        shift = abs(now - self.seen.get(name, now)) / error\n        self.seen[name] = now')
    path.write_text(text)
