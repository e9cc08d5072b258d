def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert '        if self.performs_badly(batch):' in text
    text = text.replace('        if self.performs_badly(batch):', '        if False:')
    path.write_text(text)
