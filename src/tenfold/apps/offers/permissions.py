"""Who writes and approves offers. Pay is a right of its own: without it nobody sees an offer, whatever they run."""

from __future__ import annotations

from tenfold.apps.candidates.permissions import decides
from tenfold.core.permissions import can_see_pay, is_decider, register

register({"offer.write": decides & can_see_pay, "offer.approve": is_decider & can_see_pay})
