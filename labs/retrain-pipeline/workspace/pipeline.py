"""Takes batches, retrains @@model@@, promotes and rolls back. Yours to write; `python pipeline.py` says how it is called."""

import sys

if __name__ == "__main__":
    print("usage: pipeline.py ingest FILE | retrain | rollback")
    sys.exit(1)
