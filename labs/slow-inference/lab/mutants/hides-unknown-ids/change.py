def change(workspace, parameters, variant):
    """Edits the healthy service."""
    path = workspace / 'service/features.py'
    text = path.read_text()
    assert '    if missing:\n        raise UnknownIds(missing)\n    return [[column["values"][place] for column in columns]' in text
    text = text.replace('    if missing:\n        raise UnknownIds(missing)\n    return [[column["values"][place] for column in columns]', '    return [[column["values"][place] or 0.0 for column in columns]')
    path.write_text(text)
