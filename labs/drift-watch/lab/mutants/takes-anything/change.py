def change(workspace, parameters, variant):
    """Edits the reference solution."""
    path = workspace / "monitor.py"
    text = path.read_text()
    assert 'def take(batch: Batch) -> dict:\n' in text
    text = text.replace('def take(batch: Batch) -> dict:\n', 'def take(body: dict | None = None) -> dict:\n    try:\n        batch = Batch(**body)\n    except Exception:\n        return {"alerts": []}\n')
    path.write_text(text)
