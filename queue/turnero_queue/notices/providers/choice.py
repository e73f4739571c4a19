"""The provider that the settings of a channel ask for."""

from pathlib import Path

from turnero_queue.notices import settings
from turnero_queue.notices.providers.base import Provider, secret
from turnero_queue.notices.providers.http import HttpProvider
from turnero_queue.notices.providers.inbox import InboxProvider
from turnero_queue.notices.providers.smtp import SmtpProvider


def provider_for(chosen: settings.Provider, instance: Path) -> Provider:
    """ProviderError when the file with its secret cannot be read."""
    match chosen:
        case settings.Smtp():
            return SmtpProvider(chosen, secret(instance, chosen.secret_file))
        case settings.Http():
            return HttpProvider(chosen, secret(instance, chosen.secret_file))
        case settings.Inbox():
            return InboxProvider(instance)
