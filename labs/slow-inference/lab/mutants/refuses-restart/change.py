def change(workspace, parameters, variant):
    """Edits the healthy service."""
    path = workspace / 'serve.py'
    text = path.read_text()
    assert '    uvicorn.run(' in text
    text = text.replace('    uvicorn.run(', '    lock = open("/tmp/service.lock", "x")\n    uvicorn.run(')
    path.write_text(text)
