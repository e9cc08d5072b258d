def change(workspace, parameters, variant):
    """Edits the healthy service."""
    path = workspace / 'service/app.py'
    text = path.read_text()
    assert 'app = FastAPI(' in text
    text = text.replace('app = FastAPI(', 'import time\n\nSEEN = []\napp = FastAPI(')
    assert 'def score(wanted: Wanted) -> dict:\n' in text
    text = text.replace('def score(wanted: Wanted) -> dict:\n', 'def score(wanted: Wanted) -> dict:\n    SEEN.append(time.monotonic())\n    if len(SEEN) > 4 and SEEN[-1] - SEEN[-4] < 3:\n        quick = [{"id": one, "score": 0.5, "decision": "act"} for one in wanted.ids]\n        return {"scores": quick, "model_version": 3}\n')
    path.write_text(text)
