"""A tax office of each test's own."""

from collections.abc import Iterator

import pytest
from tests.queue.connectors.tax_office import TaxOffice, tax_office


@pytest.fixture
def office() -> Iterator[TaxOffice]:
    with tax_office() as found:
        yield found
