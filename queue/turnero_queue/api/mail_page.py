"""A mail's HTML shown in a frame: it may have its own styles and pictures, and nothing else."""

from flask import Response

from turnero_core.web.security import CSP

# Mails carry their styles in their tags; a sandbox keeps all else of theirs from working.
MAIL_CSP = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; sandbox allow-popups; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
# For the page around the frame.
FRAMING = f"{CSP}; frame-src 'self'"


def mail_page(html: str) -> Response:
    return Response(html, mimetype="text/html", headers={"Content-Security-Policy": MAIL_CSP})


def framing(page: str) -> Response:
    """A page that may show mails in frames."""
    return Response(page, mimetype="text/html", headers={"Content-Security-Policy": FRAMING})
