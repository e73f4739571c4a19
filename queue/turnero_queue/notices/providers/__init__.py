"""What carries messages out of the house, behind one method."""

from turnero_queue.notices.providers.base import Provider, ProviderError, secret
from turnero_queue.notices.providers.choice import provider_for

__all__ = ["Provider", "ProviderError", "provider_for", "secret"]
