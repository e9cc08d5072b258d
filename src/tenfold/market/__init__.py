"""Observations of pay: importers, versioned snapshots, the estimator, compa-ratios and charts.

Words: an *ad* is one posted pay range, distinct after copies are dropped; its *midpoint* is what is
modelled. A *cell* is one role at one level. An estimate says how far it rests on its own cell and whence it
borrows the rest.
"""
