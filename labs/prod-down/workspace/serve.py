"""Runs the service. `python serve.py`"""

import os

import uvicorn

if __name__ == "__main__":
    uvicorn.run(
        "service.app:app",
        host=os.environ.get("LAB_ADDRESS", "127.0.0.1"),
        port=8000,
        log_level="warning",
        access_log=False,
    )
