"""Pages of interviews: kits and panels, who is asked, guides, scorecards."""
