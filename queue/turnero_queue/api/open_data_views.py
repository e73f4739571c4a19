"""The public dataset, for everybody and without a token, where the municipality publishes it."""

from datetime import date
from typing import Any

from flask import Blueprint, Response, jsonify, make_response, request

from turnero_core.errors import NotFound
from turnero_core.i18n import LANGUAGES, N_, current_language, gettext
from turnero_core.web.access import PUBLIC, access
from turnero_queue.api.edge import Unit, authenticate, reads
from turnero_queue.statistics import open_data

blueprint = Blueprint("open_data", __name__, url_prefix="/open-data")
blueprint.before_request(authenticate)
# A day that is over hardly changes; whoever fetches it again is answered by caches.
CACHE_S = 3600


@blueprint.get("/")
@access(PUBLIC)
@reads
def index(unit: Unit) -> Response:
    """The days there are, and where each is."""
    found = open_data.days(unit.session, unit.catalogue, unit.now)
    days = [
        {"date": str(day), "csv": f"/open-data/{day}.csv", "json": f"/open-data/{day}.json"}
        for day in found
    ]
    return _cached(
        jsonify(
            publisher=unit.catalogue.name,
            dictionary="/open-data/dictionary.json",
            dictionaries={code: f"/open-data/dictionary.json?lang={code}" for code in LANGUAGES},
            fewest_people=open_data.FEWEST,
            days=days,
        )
    )


@blueprint.get("/dictionary.json")
@access(PUBLIC)
@reads
def dictionary(unit: Unit) -> Response:
    """What each column means, and which are kept back and why, in the language asked for."""
    open_data.publishing(unit.catalogue)
    columns = [
        {
            "name": column.name,
            "type": column.kind,
            "class": column.level,
            "meaning": gettext(column.meaning),
            "published": not column.kept,
            "kept_because": gettext(column.kept) if column.kept else None,
        }
        for column in open_data.COLUMNS
    ]
    answer = jsonify(language=current_language(), columns=columns)
    answer.headers["Content-Language"] = current_language()
    # What decides the language, for the caches in between.
    answer.headers["Vary"] = "Accept-Language, Cookie"
    return _cached(answer)


@blueprint.get("/<day>.csv")
@access(PUBLIC)
@reads
def day_csv(unit: Unit, day: str) -> Response:
    rows = open_data.dataset(unit.session, unit.catalogue, _day(day), unit.now)
    answer = make_response(open_data.csv(rows))
    answer.headers["Content-Type"] = "text/csv; charset=utf-8"
    answer.headers["Content-Disposition"] = f"attachment; filename=turnos-{_day(day)}.csv"
    return _cached(answer)


@blueprint.get("/<day>.json")
@access(PUBLIC)
@reads
def day_json(unit: Unit, day: str) -> Response:
    rows = open_data.dataset(unit.session, unit.catalogue, _day(day), unit.now)
    return _cached(jsonify(date=day, rows=rows))


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise NotFound(N_("There is no dataset of that day yet.")) from error


def _cached(answer: Response) -> Response:
    answer.headers["Cache-Control"] = f"public, max-age={CACHE_S}"
    answer.add_etag()
    found: Any = answer.make_conditional(request)
    return found  # type: ignore[no-any-return]
