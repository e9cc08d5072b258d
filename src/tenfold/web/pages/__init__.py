"""Pages that stand by themselves: health, the design system, the look."""
