"""How far a paper has come, as somebody who waits for it may be told."""

from datetime import datetime

from turnero_hardware.models import JobState, PrintJob

# A printer that has not printed by then is not worth waiting for.
PATIENCE_S = 8


def state_of(job: PrintJob | None, now: datetime) -> str:
    """none, printing, printed, or trouble."""
    if job is None:
        return "none"
    if job.state == JobState.PRINTED:
        return "printed"
    late = (now - job.created_at).total_seconds() > PATIENCE_S
    if late or job.state in (JobState.FAILED, JobState.EXPIRED):
        return "trouble"
    return "printing"
