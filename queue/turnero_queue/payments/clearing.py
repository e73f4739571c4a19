"""Talks with the providers: sends what was started, and asks until every outcome is known.

Each step is: claim in a transaction, call outside of it, bring the answer in by another one.
Steps may be cut off anywhere and may run twice at once; orders are found again by the payment's
id, which is both the idempotency key and the external reference.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Protocol

import structlog
from sqlalchemy import select, update
from sqlalchemy.orm import Session

from turnero_core import clock
from turnero_core.db import Database
from turnero_queue.models import Municipality, Payment, Refund
from turnero_queue.payments import applying, moves, paying, refunds, states
from turnero_queue.payments.provider import Order, Provider, ProviderError, Status, Wanted

# How long after the last look the next one comes, in seconds; then the last of them again.
PAUSES = (3, 3, 3, 4, 5, 5, 8, 10, 15, 20, 30)
LONGEST_PAUSE = 60
# A claim to make an order holds longer than the call can take; asking twice at once is harmless.
CLAIM = timedelta(seconds=15)
# A request cut off on its way may still arrive; after this it will not.
ON_ITS_WAY = timedelta(seconds=90)
# Providers end orders themselves; this long after we help.
GRACE = timedelta(seconds=5)
AT_ONCE = 20
log = structlog.get_logger()


class Providers(Protocol):
    def get(self, code: str) -> Provider:
        """The configured provider; ProviderError when it is not configured (any more)."""


class Clearing:
    def __init__(self, database: Database, providers: Providers) -> None:
        self._database = database
        self._providers = providers

    def due(self, now: datetime) -> tuple[Sequence[str], Sequence[str]]:
        """The ids of payments and of refunds whose time to be looked at has come."""
        with self._database.read() as session:
            return tuple(  # type: ignore[return-value]
                session.scalars(
                    select(table.id)
                    .where(table.check_at <= now)
                    .order_by(table.check_at)
                    .limit(AT_ONCE)
                ).all()
                for table in (Payment, Refund)
            )

    def step(self, payment_id: str, *, at_once: bool = False) -> None:
        """Go one step on with a payment whose time has come, or now with `at_once`."""
        payment = self._claim(payment_id, at_once)
        if payment is None or payment.provider is None:
            return
        try:
            provider = self._providers.get(payment.provider)
            order = self._ask(provider, payment)
        except ProviderError as error:
            self._failed(payment, error)
        else:
            self._bring_in(payment, order)

    def heard(self, provider: Provider, reference: str) -> str:
        """A webhook names an order: fetch it and bring it in. Gives a word for the log."""
        payment = self._of_reference(provider.code, reference)
        if payment is not None:
            order = provider.get(reference, payment.currency)
        else:
            order = provider.get(reference, self._currency())
            payment = self._find(provider.code, order.external_reference)
            if payment is None:
                return "unknown-order"
        return self._bring_in(payment, order)

    def bring_in(self, provider: str, order: Order) -> str:
        """Take over what an order that was just fetched says, when it is one of ours."""
        payment = self._find(provider, order.external_reference)
        return self._bring_in(payment, order) if payment else "unknown-order"

    def refund(self, refund_id: str) -> None:
        """Send a refund to its provider, or ask what became of it."""
        found = self._claim_refund(refund_id)
        if found is None:
            return
        refund, payment, known = found
        try:
            provider = self._providers.get(str(payment.provider))
            order = provider.get(str(payment.provider_reference), payment.currency)
        except ProviderError as error:
            log.warning("refund_unsure", refund=refund.id, error=str(error))
            return
        new = [returned for returned in order.refunds if returned.reference not in known]
        arrived = any(returned.amount_minor == refund.amount_minor for returned in new)
        if refund.state == "created" and not (arrived and refund.checks > 1):
            self._send_refund(provider, payment, refund, order)
        else:
            self._bring_in(payment, order)

    def _send_refund(
        self, provider: Provider, payment: Payment, refund: Refund, order: Order
    ) -> None:
        try:
            order = provider.refund(order, refund.id, refund.amount_minor, payment.currency)
        except ProviderError as error:
            log.warning("refund_failed", refund=refund.id, error=str(error))
            if error.permanent:
                self._refund_refused(refund, error)
        else:
            self._bring_in(payment, order)

    def _ask(self, provider: Provider, payment: Payment) -> Order | None:
        """The order as it is now; None when the provider has none and never will."""
        now = clock.now()
        reference = payment.provider_reference
        if reference is None:
            return self._make(provider, payment, now)
        order = provider.get(reference, payment.currency)
        over = payment.cancel_asked or now >= payment.expires_at + GRACE
        if over and order.status is Status.WAITING:
            return self._cancel(provider, payment, reference)
        return order

    def _make(self, provider: Provider, payment: Payment, now: datetime) -> Order | None:
        if _may_be_made(payment, now):
            return provider.create(self._wanted(payment, payment.expires_at - now))
        order = provider.find(payment.id, payment.currency, payment.created_at)
        if order is not None and order.status is Status.WAITING:
            return self._cancel(provider, payment, order.reference)
        if order is None and now < _surely_arrived(payment):
            raise ProviderError("not made yet, as far as is known")
        return order

    def _cancel(self, provider: Provider, payment: Payment, reference: str) -> Order:
        try:
            return provider.cancel(reference, f"cancel-{payment.id}", payment.currency)
        except ProviderError as error:
            # Perhaps it was paid in this very moment: what it is now is what counts.
            log.info("payment_not_cancelled", payment=payment.id, error=str(error))
            return provider.get(reference, payment.currency)

    def _wanted(self, payment: Payment, left: timedelta) -> Wanted:
        with self._database.read() as session:
            name = session.scalar(select(Municipality.name)) or "Turnero"
        return Wanted(
            external_reference=payment.id,
            amount_minor=payment.amount_minor,
            currency=payment.currency,
            method=payment.method,
            description=name,
            expires_in=left,
            device=payment.device,
            terminal=payment.terminal,
        )

    def _claim(self, payment_id: str, at_once: bool) -> Payment | None:
        """The payment as a snapshot, put off for as long as a call may take; None if not due."""
        with self._database.write() as session:
            now = clock.now()
            payment = moves.hold(session, payment_id)
            due = payment.check_at is not None and (at_once or payment.check_at <= now)
            if payment.state not in states.OPEN or not due:
                return None
            tried_before = payment.tried_at
            making = payment.provider_reference is None and _may_be_made(payment, now)
            moves.note(
                session,
                payment,
                now,
                tried_at=now if making else tried_before,
                checks=payment.checks + 1,
                check_at=now + max(pause(payment.checks), CLAIM if making else timedelta()),
            )
            session.expunge(payment)
            payment.tried_at = tried_before
            return payment

    def _bring_in(self, payment: Payment, order: Order | None) -> str:
        with self._database.write() as session:
            now = clock.now()
            held = moves.hold(session, payment.id)
            before = held.state
            if order is None:
                verb = "cancel" if held.cancel_asked else "expire"
                if held.state == "created":
                    paying.fail(session, held, verb, moves.SYSTEM, now, "never reached")
            else:
                applying.apply(session, held, order, now)
            # What was claimed for as long as an order may take to be made is looked at sooner.
            if held.state in states.OPEN and payment.provider_reference is None:
                moves.note(session, held, now, check_at=now + pause(held.checks))
            return held.state if held.state != before else "unchanged"

    def _failed(self, payment: Payment, error: ProviderError) -> None:
        """Refused at the first try: there is no order. Otherwise nobody knows: ask again."""
        refused = error.permanent and payment.state == "created" and payment.tried_at is None
        log.warning("payment_refused" if refused else "payment_unsure", payment=payment.id,
                    error=str(error))  # fmt: skip
        with self._database.write() as session:
            now = clock.now()
            held = moves.hold(session, payment.id)
            if held.state not in states.OPEN:
                return
            if refused and held.provider_reference is None:
                paying.fail(session, held, "reject", applying.actor_of(held), now, str(error))
            else:
                after = now + pause(held.checks)
                moves.note(session, held, now, unsure=True, check_at=after)

    def _claim_refund(self, refund_id: str) -> tuple[Refund, Payment, set[str | None]] | None:
        """The refund, its payment, and the references of refunds that we know already."""
        with self._database.write() as session:
            now = clock.now()
            found = session.get(Refund, refund_id)
            if found is None:
                return None
            payment = moves.hold(session, found.payment_id)
            refund = refunds.hold(session, refund_id)
            if refund.check_at is None or refund.check_at > now:
                return None
            after = now + max(pause(refund.checks), CLAIM)
            refunds.under_way(session, refund, now, checks=refund.checks + 1, check_at=after)
            known = {other.provider_reference for other in refunds.of_payment(session, payment.id)}
            session.expunge_all()
            return refund, payment, known

    def _refund_refused(self, refund: Refund, error: ProviderError) -> None:
        log.warning("refund_refused", refund=refund.id, error=str(error))
        with self._database.write() as session:
            payment = moves.hold(session, refund.payment_id)
            refunds.settle(session, payment, refund.id, clock.now(), done=False, detail=str(error))

    def _of_reference(self, provider: str, reference: str) -> Payment | None:
        query = select(Payment).where(
            Payment.provider == provider, Payment.provider_reference == reference
        )
        return self._first(lambda session: session.scalars(query).one_or_none())

    def _find(self, provider: str, payment_id: str) -> Payment | None:
        query = select(Payment).where(Payment.id == payment_id, Payment.provider == provider)
        return self._first(lambda session: session.scalars(query).one_or_none())

    def _first(self, look: Callable[[Session], Payment | None]) -> Payment | None:
        with self._database.read() as session:
            return look(session)

    def _currency(self) -> str:
        with self._database.read() as session:
            return session.scalar(select(Municipality.currency)) or "USD"


def pause(checks: int) -> timedelta:
    """How long to wait after so many looks."""
    return timedelta(seconds=PAUSES[checks] if checks < len(PAUSES) else LONGEST_PAUSE)


def wake(session: Session, provider: str, now: datetime) -> None:
    """Look at all that waits for a provider at once, as when it is known to be back."""
    query = update(Payment).where(Payment.provider == provider, Payment.check_at > now)
    session.execute(query.values(check_at=now))


def _may_be_made(payment: Payment, now: datetime) -> bool:
    return now < payment.expires_at and not payment.cancel_asked


def _surely_arrived(payment: Payment) -> datetime:
    """When a request that nobody answered has arrived or never will."""
    return max(payment.tried_at or payment.created_at, payment.created_at) + ON_ITS_WAY
