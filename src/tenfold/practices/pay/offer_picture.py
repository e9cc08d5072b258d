"""The plan's offer on the market, drawn."""

from __future__ import annotations

from tenfold.checking.case import Case
from tenfold.kit.findings import Picture
from tenfold.market.benchmark import PayEstimate
from tenfold.market.charts import both, dot_plot, quantile_dots
from tenfold.practices.pay.benchmark import basis_of, benchmark, market_name, market_says, yearly_range


def offer_on_the_market(case: Case) -> Picture | None:
    """Posted pay as twenty dots, the offer below them."""
    market, offered = market_says(case), case.plan.pay
    if not isinstance(market, PayEstimate):
        return None
    offer = benchmark(case)
    who = market_name(case, market)
    return Picture(
        svg=both(
            lambda width: dot_plot(
                quantile_dots(market.quantile),
                median=market.p50,
                median_interval=market.median_interval,
                what=f"Posted base pay for {who}",
                offer=yearly_range(offered, market.currency) if offer else None,
                offer_is_low=bool(offer and offer.percentile < case.facts.number("pay.look_below")),
                width=width,
            )
        ),
        caption=f"Each dot is 5 % of the postings: posted base pay for {who}, midpoints of ranges, {basis_of(market)}.",
        sources=market.sources,
    )
