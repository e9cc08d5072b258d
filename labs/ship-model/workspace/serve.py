"""Serves the model @@model@@. Yours to write: `python serve.py` starts it."""

import os

import uvicorn
from fastapi import FastAPI

app = FastAPI()


@app.get("/v2/health/live")
def live() -> dict:
    return {"live": True}


if __name__ == "__main__":
    uvicorn.run(app, host=os.environ.get("LAB_ADDRESS", "127.0.0.1"), port=8000, log_level="warning", access_log=False)
