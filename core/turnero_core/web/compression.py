"""Pages and assets travel compressed; live streams and small JSON answers as they are."""

from flask import Flask, Response
from flask_compress import Compress

MIMETYPES = ["text/html", "text/css", "text/javascript", "image/svg+xml"]


def install(app: Flask) -> None:
    app.config.update(
        COMPRESS_MIMETYPES=MIMETYPES,
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_BR_LEVEL=4,
        COMPRESS_LEVEL=6,
    )
    Compress(app)
    # After-request functions run last registered first: this one before the compression.
    app.after_request(_read_file)


def _read_file(response: Response) -> Response:
    """Read a static file whole and close it; compressed, it would be left open."""
    if response.is_streamed and response.direct_passthrough and response.mimetype in MIMETYPES:
        response.direct_passthrough = False
        content = response.get_data()
        response.close()
        response.set_data(content)
    return response
