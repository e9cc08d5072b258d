def change(workspace, parameters, variant):
    """Edits the healthy service."""
    path = workspace / 'service/history.py'
    text = path.read_text()
    assert '        self._entries.append(' in text
    text = text.replace('        self._entries.append(', '        return\n        self._entries.append(')
    path.write_text(text)
