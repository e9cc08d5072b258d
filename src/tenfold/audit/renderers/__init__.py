"""Draw a report: `terminal`, `page` (HTML), `markdown` and `document` (JSON). The same order and words in each."""
