def change(workspace, parameters, variant):
    """Leaves one of the seeded faults in."""
    variant.break_it(workspace, parameters["faults"][0])
