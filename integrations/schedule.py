"""The jobs of mail and backups, and what is done by the clock for them and for the nodes."""

from prsystem.core.jobs.schedule import At, Periodic, Work

_BACKUPS = "integrations.backups.services"
_LONG = 6 * 3600
JOBS = (
    Work("mail.send", "integrations.mail.services.mail_send"),
    Work("mail.collect", "integrations.mail.services.mail_collect", by_clock=True),
    Work(
        "backup.run",
        f"{_BACKUPS}.backup_run_job",
        when_parked=f"{_BACKUPS}.backup_run_parked",
        seconds=_LONG,
        subject="backup",
    ),
    Work("backup.verify", f"{_BACKUPS}.backup_verify_job", seconds=_LONG, subject="backup"),
    Work("backup.drill", "integrations.backups.verify.drilling.backup_drill_job", seconds=_LONG, subject="backup"),
    Work("backup.tick", "integrations.backups.ticking.backups_tick", by_clock=True),
    Work("backup.archive", "integrations.backups.ticking.wal_collect", by_clock=True),
    Work("backup.push", f"{_BACKUPS}.runs_push", seconds=_LONG, by_clock=True),
)
BY_CLOCK = (
    Periodic("mail-collect", "integrations.mail.services.mail_collect_request", every=30.0),
    Periodic("nodes-seed", "integrations.nodes.services.nodes_seed", every=60.0, queue="normal"),
    Periodic("backups-tick", "integrations.backups.ticking.backups_tick_request", every=300.0),
    Periodic(
        "backup-drill",
        "integrations.backups.verify.drilling.drill_request",
        every=At(day_of_week="sunday", hour="9", minute="40"),
    ),
)
