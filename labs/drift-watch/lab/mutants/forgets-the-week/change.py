def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert '        self.spreads =' in text
    text = text.replace('        self.spreads =', '        for name, days in self.means.items():\n            middle = fmean(days.values())\n            self.means[name] = {day: middle for day in days}\n        self.spreads =')
    path.write_text(text)
