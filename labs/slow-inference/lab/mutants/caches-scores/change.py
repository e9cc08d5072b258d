def change(workspace, parameters, variant):
    """Edits the healthy service."""
    path = workspace / 'service/app.py'
    text = path.read_text()
    assert '    scores = score_rows(model.estimator, rows)' in text
    text = text.replace('    scores = score_rows(model.estimator, rows)', '    for one, row in zip(wanted.ids, rows):\n        if one not in KNOWN:\n            KNOWN[one] = score_rows(model.estimator, [row])[0] if len(rows) < 4 else None\n    if None in (KNOWN[one] for one in wanted.ids):\n        KNOWN.update(zip(wanted.ids, score_rows(model.estimator, rows)))\n    scores = [KNOWN[one] for one in wanted.ids]')
    assert 'app = FastAPI' in text
    text = text.replace('app = FastAPI', 'KNOWN = {}\napp = FastAPI')
    path.write_text(text)
