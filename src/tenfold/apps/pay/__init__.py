"""Pay: calculator, role pages, offers compared, the company’s own pay and bands."""
