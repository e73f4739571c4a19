"""What providers tell us. Nothing of it is believed: it only says which order to ask about."""

import time
from collections import deque

import structlog
from flask import Blueprint, request

from turnero_core import clock
from turnero_core.errors import NotFound, Unauthorized, Unavailable
from turnero_core.i18n import N_
from turnero_core.web.access import PUBLIC, access
from turnero_core.web.runtime import runtime
from turnero_queue import audit
from turnero_queue.api.clearing_house import house
from turnero_queue.payments.provider import Call, Provider, ProviderError, WebhookRefused

# So many refusals a minute go into the audit log; a flood of them goes into the log only.
AUDITED_A_MINUTE = 30
REFUSED = N_("The notification is refused")
NOT_TRUSTED = N_(
    "This notification cannot be trusted: its signature is missing, wrong or too old. Check that "
    "the webhook secret kept here is the provider's, and that the clocks are right."
)
log = structlog.get_logger()
blueprint = Blueprint("webhooks", __name__)
_audited: deque[float] = deque(maxlen=AUDITED_A_MINUTE)


@blueprint.post("/webhooks/payments/<provider>")
@access(PUBLIC)
def payment_told(provider: str) -> dict[str, bool]:
    """A provider's notification: its signature is checked, then the order is fetched."""
    known = _provider(provider)
    call = Call(
        {name.lower(): value for name, value in request.headers.items()},
        request.args.to_dict(),
        request.get_data(),
    )
    try:
        reference = known.parse_webhook(call, clock.now())
    except WebhookRefused as refused:
        _refused(provider, refused.why)
        raise Unauthorized(NOT_TRUSTED, slug="webhook-refused", title=REFUSED) from refused
    if reference is not None:
        _take(known, reference)
    return {"received": True}


def _take(provider: Provider, reference: str) -> None:
    try:
        outcome = house().clearing.heard(provider, reference)
    except ProviderError as error:
        if error.permanent:
            _unknown(provider.code, reference)
        # A provider tells again what was not taken; and whatever is open is asked about anyway.
        raise Unavailable(N_("The provider does not answer at the moment.")) from error
    if outcome == "unknown-order":
        _unknown(provider.code, reference)
    log.info("webhook_taken", provider=provider.code, order=reference, outcome=outcome)


def _unknown(code: str, reference: str) -> None:
    _refused(code, "unknown-order", reference)
    raise NotFound(N_("There is no payment for this order."), slug="unknown-order")


def _provider(code: str) -> Provider:
    try:
        return house().registry.get(code)
    except ProviderError as error:
        log.warning("webhook_for_nobody", provider=code[:40], why=str(error)[:120])
        raise NotFound(N_("There is no such provider.")) from error


def _refused(code: str, why: str, reference: str = "") -> None:
    log.warning("webhook_refused", provider=code, why=why, order=reference, by=request.remote_addr)
    now = time.monotonic()
    if len(_audited) == AUDITED_A_MINUTE and now - _audited[0] < 60:
        return
    _audited.append(now)
    with runtime().database.write() as session:
        audit.record(
            session,
            actor=f"provider:{code}"[:80],
            action="payment.webhook-refused",
            subject=f"order:{reference}" if reference else "",
            after={"why": why},
            address=request.remote_addr or "",
            now=clock.now(),
        )
