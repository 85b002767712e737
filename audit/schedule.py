"""The jobs of the audit trail, and what is done for it by the clock."""

from prsystem.core.jobs.schedule import Periodic, Work

JOBS = (Work("audit.verify", "audit.seals.checking.trail_check_job"),)
BY_CLOCK = (
    # The sealer of its own does it every second; this one where it isn't running.
    Periodic("audit-seal", "audit.seals.sealing.batches_seal", every=30.0, queue="normal"),
    Periodic("audit-heads", "audit.seals.heads.head_export_if_there", every=300.0),
    Periodic("audit-verify", "audit.seals.checking.trail_check_regularly", every=240.0),
)
