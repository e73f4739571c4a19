"""An agent made to be killed, in less of a hurry to be polite to printers that fail:
agent_worker.py STATE_FOLDER"""

import logging
import sys
from pathlib import Path

from bench.printing_worker import hurried, wait

from turnero_hardware.agent import state
from turnero_hardware.agent.link import Link
from turnero_hardware.agent.runner import Agent
from turnero_hardware.agent.store import Store


def main() -> None:
    folder = Path(sys.argv[1])
    logging.basicConfig(level=logging.ERROR)
    with state.alone(folder):
        identity = state.load(folder)
        instance = state.instance(identity, folder)
        store = Store(folder / state.OUTBOX, instance)
        link = Link(identity, instance)
        agent = Agent(store, link, hurried, version="0", facts=dict, pause=wait)
        agent.run()


if __name__ == "__main__":
    main()
