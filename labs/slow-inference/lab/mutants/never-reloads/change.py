def change(workspace, parameters, variant):
    """Edits the healthy service."""
    path = workspace / 'service/model.py'
    text = path.read_text()
    assert '        fresh = fetch()\n        with self._lock:\n            self._model = fresh\n        return fresh' in text
    text = text.replace('        fresh = fetch()\n        with self._lock:\n            self._model = fresh\n        return fresh', '        return self.current()')
    path.write_text(text)
