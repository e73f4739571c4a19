"""What runs beside the requests in each serving process."""

from flask import Flask

from turnero_core.web.runtime import Runtime
from turnero_queue import surroundings
from turnero_queue.api.clearing_house import house
from turnero_server.alerting import Alerting
from turnero_server.clearing import ClearingHouse
from turnero_server.configuration_watch import ConfigurationWatch
from turnero_server.debt_reporting import DebtReporting
from turnero_server.notices import Sending, base_url_of, settings_of
from turnero_server.printing import TRANSPORTS, Printing, transports
from turnero_server.scheduler import Scheduler
from turnero_server.webhooks import Webhooks


class Background:
    """The jobs, printing, sending and reporting of one process, which only the one that leads
    does, and what each does for its own screens."""

    def __init__(self, app: Flask) -> None:
        runtime: Runtime = app.extensions["turnero"]
        # What was not configured may be known by now, as in a demonstration.
        surroundings.use(base_url_of(app), runtime.settings.instance)
        self._scheduler = Scheduler(runtime.database)
        self._printing = Printing(
            runtime.database,
            runtime.hub,
            app.extensions.get(TRANSPORTS) or transports(runtime.settings),
            lambda: self._scheduler.leading,
        )
        self._sending = Sending(
            runtime.database,
            runtime.hub,
            runtime.settings.instance,
            lambda: self._scheduler.leading,
            settings_of(app),
            base_url_of(app),
        )
        self._reporting = DebtReporting(
            runtime.database,
            runtime.hub,
            runtime.settings.instance,
            lambda: self._scheduler.leading,
        )
        self._webhooks = Webhooks(runtime.database, runtime.hub, lambda: self._scheduler.leading)
        self._alerting = Alerting(runtime.database, lambda: self._scheduler.leading)
        self._clearing = ClearingHouse(
            runtime.database, house(app).registry, lambda: self._scheduler.leading
        )
        self._watch = ConfigurationWatch(runtime.database, runtime.hub)

    def start(self) -> None:
        self._scheduler.start()
        self._watch.start()
        self._printing.start()
        self._clearing.start()
        self._sending.start()
        self._reporting.start()
        self._alerting.start()
        self._webhooks.start()

    def stop(self) -> None:
        """Safe to call again: whichever signal comes first ends it."""
        self._webhooks.stop()
        self._alerting.stop()
        self._reporting.stop()
        self._sending.stop()
        self._clearing.stop()
        self._printing.stop()
        self._watch.stop()
        self._scheduler.stop()
