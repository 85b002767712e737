"""Celery's side of incidents: what happens by the clock."""

from celery import shared_task

from incidents.escalation.sweep import sla_sweep
from incidents.exams.services import exam_request
from incidents.gaps.services import gaps_find_request
from incidents.notices.mailing import digests_request
from incidents.shifts.mailing import board_mails_request
from incidents.similar.meaning import vectors_fill_request
from incidents.triage.training import triage_learn_request


@shared_task(name="incidents.triage_learn_task")
def triage_learn_task() -> None:
    triage_learn_request()


@shared_task(name="incidents.sla_sweep_task")
def sla_sweep_task() -> None:
    sla_sweep()


@shared_task(name="incidents.digests_request_task")
def digests_request_task() -> None:
    digests_request()


@shared_task(name="incidents.exam_request_task")
def exam_request_task() -> None:
    exam_request()


@shared_task(name="incidents.board_mails_request_task")
def board_mails_request_task() -> None:
    board_mails_request()


@shared_task(name="incidents.gaps_find_task")
def gaps_find_task() -> None:
    gaps_find_request()


@shared_task(name="incidents.vectors_fill_task")
def vectors_fill_task() -> None:
    vectors_fill_request()
