"""The services in use as the standard's file."""

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from turnero_core.i18n import pick
from turnero_queue.configuration.texts import LINKS
from turnero_queue.configuration.values import Configuration, Service
from turnero_queue.procedures.standard import PROVINCES, THEMES, VERSION

COUNTRY = "ARG"
FILE_VERSION = 1.0


def export(
    configuration: Configuration, *, base_url: str, day: date, province: int | None = None
) -> dict[str, Any]:
    """The whole file. `base_url` is where citizens reach this installation, or empty."""
    municipality = configuration.municipality
    publisher = _publisher(configuration)
    place: dict[str, Any] = {"spatial": [COUNTRY]}
    if province is not None:
        place = {
            "provincia_id": province,
            "provincia_nombre": PROVINCES[province],
            "spatial": [COUNTRY, province],
        }
    main = municipality.locale.partition("_")[0]
    services = [_service(service, publisher, main, base_url) for service in configuration.services]
    return {
        "metadata": {
            **place,
            **({"homepage": base_url} if base_url else {}),
            "publisher": publisher,
            "version": FILE_VERSION,
            "issued": day.isoformat(),
            "modified": day.isoformat(),
            "standardVersion": VERSION,
            "count": len(services),
            "themeTaxonomy": [
                {"id": code, "label": label, "description": description}
                for code, (label, description) in THEMES.items()
            ],
        },
        "services": services,
    }


def render(whole: Mapping[str, Any]) -> str:
    return json.dumps(whole, ensure_ascii=False, indent=2) + "\n"


def without_theme(configuration: Configuration) -> list[Service]:
    """Services whose category is none of the standard's: they are written without a theme."""
    return [service for service in configuration.services if service.category not in THEMES]


def _publisher(configuration: Configuration) -> dict[str, str]:
    mail = configuration.municipality.notices.get("email", {})
    address = mail.get("reply_to") or mail.get("sender")
    name = {"name": configuration.municipality.name}
    return {**name, "mbox": address} if address else name


def _service(
    service: Service, publisher: Mapping[str, str], main: str, base_url: str
) -> dict[str, Any]:
    links = {key: service.links[key] for key in LINKS if key in service.links}
    if service.appointments and base_url:
        links.setdefault("appointment", f"{base_url}/book")
    theme = {"theme": service.category} if service.category in THEMES else {}
    return {
        # Not of the standard: what the same procedure is found by when the file comes back.
        "identifier": service.external_code or service.code,
        "publisher": dict(publisher),
        "title": pick(service.name, main),
        "description": pick(service.description, main),
        **{key: links[key] for key in LINKS if key in links},
        **theme,
    }
