"""The clearing of this application: one for its requests and for what runs beside them."""

from dataclasses import dataclass

from flask import Flask, current_app

from turnero_core.web.runtime import Runtime
from turnero_queue.payments.clearing import Clearing
from turnero_queue.payments.registry import Registry

NAME = "turnero_clearing"


@dataclass(frozen=True)
class House:
    registry: Registry
    clearing: Clearing


def install(app: Flask) -> None:
    runtime: Runtime = app.extensions["turnero"]
    registry = Registry(runtime.database, runtime.settings.instance)
    app.extensions[NAME] = House(registry, Clearing(runtime.database, registry))


def house(app: Flask | None = None) -> House:
    """For views and faces: `house().clearing.step(payment_id, at_once=True)` after a commit."""
    found: House = (app or current_app).extensions[NAME]
    return found
