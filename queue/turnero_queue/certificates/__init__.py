"""Certificates: issued after a live check, signed, printed, verified here or anywhere, revoked."""

from turnero_queue.certificates.issuing import (
    Check,
    check,
    document_of,
    find,
    issue,
    revoke,
)
from turnero_queue.certificates.keys import public_keys, published, read_public, signing_key
from turnero_queue.certificates.kinds import Kind, configured, new_errand
from turnero_queue.certificates.kinds import find as kind
from turnero_queue.certificates.paper import certificate_pdf, certificate_slip
from turnero_queue.certificates.printing import print_certificate, reprint
from turnero_queue.certificates.signing import Checked, Forged
from turnero_queue.certificates.signing import check as verify_offline

__all__ = [
    "Check",
    "Checked",
    "Forged",
    "Kind",
    "certificate_pdf",
    "certificate_slip",
    "check",
    "configured",
    "document_of",
    "find",
    "issue",
    "kind",
    "new_errand",
    "print_certificate",
    "public_keys",
    "published",
    "read_public",
    "reprint",
    "revoke",
    "signing_key",
    "verify_offline",
]
