def change(workspace, parameters, variant):
    """Edits the healthy service."""
    path = workspace / 'serve.py'
    text = path.read_text()
    assert '    uvicorn.run(' in text
    text = text.replace('    uvicorn.run(', '    import signal\n\n    uvicorn.Server.install_signal_handlers = lambda self: None\n    uvicorn.Server.handle_exit = lambda self, *_: None\n    uvicorn.run(')
    path.write_text(text)
