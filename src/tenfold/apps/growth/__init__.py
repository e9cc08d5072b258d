"""The ladder, and where an engineer stands on it: evidence, check-ins, calibration, growth plans, packets."""
