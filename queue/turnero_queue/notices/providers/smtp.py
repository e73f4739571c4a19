"""Mails by SMTP."""

import smtplib
import ssl

from turnero_queue.notices.message import Message, mime
from turnero_queue.notices.providers.base import ProviderError
from turnero_queue.notices.settings import Smtp

TIMEOUT_S = 20
REFUSED = 500
# What is wrong with our own account or command is nobody's mailbox refusing.
OURS = range(500, 505)


class SmtpProvider:
    """One connection for each mail: a broken one spoils nothing but its own."""

    def __init__(self, settings: Smtp, password: str, timeout: float = TIMEOUT_S) -> None:
        self._settings, self._password, self._timeout = settings, password, timeout

    def send(self, message: Message) -> str:
        try:
            mail = mime(message)
        except ValueError as error:
            raise ProviderError(f"not a mail: {error}", permanent=True) from error
        try:
            server = self._connect()
        except (smtplib.SMTPException, OSError) as error:
            raise ProviderError(f"no connection: {_said(error)}") from error
        try:
            server.send_message(mail, from_addr=message.sender, to_addrs=[message.to])
        except smtplib.SMTPRecipientsRefused as error:
            raise _refused(*error.recipients[message.to]) from error
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code, error.smtp_error) from error
        except smtplib.SMTPResponseException as error:
            raise ProviderError(_said(error)) from error
        except (smtplib.SMTPException, OSError) as error:
            # It broke off: the last word of the server may have been lost on the way.
            raise ProviderError(f"broke off: {_said(error)}", doubtful=True) from error
        finally:
            _leave(server)
        return ""

    def _connect(self) -> smtplib.SMTP:
        settings = self._settings
        if settings.security == "tls":
            context = ssl.create_default_context()
            server: smtplib.SMTP = smtplib.SMTP_SSL(
                settings.host, settings.port, timeout=self._timeout, context=context
            )
        else:
            server = smtplib.SMTP(settings.host, settings.port, timeout=self._timeout)
        try:
            if settings.security == "starttls":
                server.starttls(context=ssl.create_default_context())
            if settings.user:
                server.login(settings.user, self._password)
        except BaseException:
            server.close()
            raise
        return server


def _refused(code: int, text: bytes | str) -> ProviderError:
    permanent = code >= REFUSED and code not in OURS
    return ProviderError(f"{code} {_plain(text)}", permanent=permanent)


def _said(error: Exception) -> str:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        # Servers like to repeat what they were given.
        return f"{error.smtp_code} the mail server refuses the user or the password"
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{error.smtp_code} {_plain(error.smtp_error)}"
    return str(error) or type(error).__name__


def _plain(text: bytes | str) -> str:
    found = text.decode("utf-8", "replace") if isinstance(text, bytes) else text
    return " ".join(found.split())[:300]


def _leave(server: smtplib.SMTP) -> None:
    """What was sent was sent, however the server says good-bye."""
    try:
        server.quit()
    except (smtplib.SMTPException, OSError):
        server.close()
