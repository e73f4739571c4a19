"""The statistics pages: figures, charts, comparisons, files and the monthly report."""

from flask import Flask

from turnero_admin.statistics import (  # noqa: F401 - importing views registers them
    comparing,
    downloads,
    meanings,
    monthly,
    one_dimension,
    overview,
    unusual,
)
from turnero_admin.statistics.blueprint import blueprint


def install(app: Flask) -> None:
    app.register_blueprint(blueprint)
