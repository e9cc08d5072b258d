"""The example company: invented, marked as such, and removed by one button."""
