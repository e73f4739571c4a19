"""Pages and assets travel compressed; live streams and small JSON answers as they are."""

from flask import Flask
from flask_compress import Compress


def install(app: Flask) -> None:
    app.config.update(
        COMPRESS_MIMETYPES=["text/html", "text/css", "text/javascript", "image/svg+xml"],
        COMPRESS_ALGORITHM=["br", "gzip"],
        COMPRESS_STREAMS=True,
        COMPRESS_BR_LEVEL=4,
        COMPRESS_LEVEL=6,
    )
    Compress(app)
