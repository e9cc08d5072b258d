"""Says of each day's file whether the model can be trusted on it: `python guard.py DAY.csv…`. Yours to write."""

import sys

for path in sys.argv[1:]:
    print(path, "ok")
