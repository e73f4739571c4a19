"""Numbers without gaps: a row that counts, held until the transaction ends."""

from sqlalchemy import func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from turnero_queue.models import Receipt, ReceiptCounter


def take(session: Session, point_of_sale: str, kind: str) -> int:
    """The next number of a point of sale. It is given back when the transaction rolls back; who
    comes meanwhile waits, so that no number is ever skipped or given twice."""
    dialect = session.get_bind().dialect.name
    upsert = sqlite.insert if dialect == "sqlite" else postgresql.insert
    first = upsert(ReceiptCounter).values(point_of_sale=point_of_sale, kind=kind, last=1)
    counted = first.on_conflict_do_update(
        index_elements=["point_of_sale", "kind"], set_={"last": ReceiptCounter.last + 1}
    )
    number: int = session.execute(counted.returning(ReceiptCounter.last)).scalar_one()
    return number


def written(point_of_sale: str, number: int) -> str:
    """A receipt's number as people read it: centro-00000042."""
    return f"{point_of_sale}-{number:08d}"


def gaps(session: Session) -> list[tuple[str, str, int, int]]:
    """Every series whose numbers are not 1, 2, 3, …: point of sale, kind, how many, the last."""
    query = select(
        Receipt.point_of_sale, Receipt.kind, func.count(), func.max(Receipt.number)
    ).group_by(Receipt.point_of_sale, Receipt.kind)
    return [
        (place, kind, count, last)
        for place, kind, count, last in session.execute(query)
        if count != last
    ]
