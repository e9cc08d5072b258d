def change(workspace, parameters, variant):
    """Edits the healthy service."""
    path = workspace / 'service/features.py'
    text = path.read_text()
    assert '    def rows(self, ids: list[int]) -> list[list[float]]:\n        return parsed(' in text
    text = text.replace('    def rows(self, ids: list[int]) -> list[list[float]]:\n        return parsed(', '    def rows(self, ids: list[int]) -> list[list[float]]:\n        key = tuple(ids)\n        if key not in CACHE:\n            CACHE[key] = self._rows(ids)\n        return CACHE[key]\n\n    def _rows(self, ids):\n        return parsed(')
    assert 'class FeatureStore' in text
    text = text.replace('class FeatureStore', 'CACHE = {}\n\n\nclass FeatureStore')
    path.write_text(text)
