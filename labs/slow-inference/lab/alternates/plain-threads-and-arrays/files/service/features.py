"""Features from the online store, over one kept connection for each thread."""

import http.client
import json
import os
import threading
from urllib.parse import urlsplit

PLATFORM = urlsplit(os.environ.get("PLATFORM_URL", "http://127.0.0.1:8600"))
NAMES = @@python_features@@


class UnknownIds(Exception):
    def __init__(self, ids: list[int]) -> None:
        super().__init__(f"unknown ids {ids}")
        self.ids = ids


class FeatureStore:
    """One row of features for each id, in the order asked."""

    def __init__(self) -> None:
        self._held = threading.local()

    def rows(self, ids: list[int]) -> list[list[float]]:
        question = json.dumps({"features": NAMES, "entities": {"@@entity@@_id": ids}})
        columns = json.loads(self._asked(question))["results"]
        missing = [one for one, status in zip(ids, columns[0]["statuses"]) if status != "PRESENT"]
        if missing:
            raise UnknownIds(missing)
        return [list(row) for row in zip(*(column["values"] for column in columns))]

    def _asked(self, question: str, again: bool = True) -> bytes:
        connection = getattr(self._held, "connection", None)
        if connection is None:
            connection = http.client.HTTPConnection(PLATFORM.hostname, PLATFORM.port, timeout=15)
            self._held.connection = connection
        try:
            connection.request("POST", "/get-online-features", question, {"Content-Type": "application/json"})
            reply = connection.getresponse()
            content = reply.read()
        except (http.client.HTTPException, OSError):
            connection.close()
            self._held.connection = None
            if not again:
                raise
            return self._asked(question, again=False)
        if reply.status != 200:
            raise ValueError(f"the feature store answers {reply.status}")
        return content
