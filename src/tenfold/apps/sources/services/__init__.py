"""Sources are added, read and removed; names are reviewed; merged changes become evidence."""
