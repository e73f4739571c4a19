"""How money is taken: ways to pay, providers, points of sale, systems of debts, certificates."""

from turnero_admin.configuration.payments import (  # noqa: F401 - importing views registers them
    index,
    listing,
    methods,
    one,
    providers,
    trying,
)
from turnero_admin.configuration.payments.trying import limit_tries

__all__ = ["limit_tries"]
