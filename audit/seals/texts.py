"""What a fault of the trail means, in words."""

from django.utils.translation import gettext_lazy as _

from . import verifying as v

FAULTS = {
    v.BATCH_MISSING: _("a batch is missing"),
    v.BATCH_ALTERED: _("the batch was altered"),
    v.BATCH_UNSIGNED: _("the signature of the batch isn't valid"),
    v.BATCH_KEY: _("the batch was signed with an unknown key"),
    v.CHAIN_BROKEN: _("the batch doesn't follow the one before"),
    v.COUNT_WRONG: _("the batch doesn't hold as many entries as it was signed with"),
    v.ROOT_WRONG: _("the entries of the batch aren't those that were signed"),
    v.ENTRY_ALTERED: _("the entry was altered"),
    v.ENTRY_DELETED: _("the entry was deleted"),
    v.ENTRY_INSERTED: _("the entry was inserted afterwards"),
    v.ENTRY_MOVED: _("the entry was moved or others were taken out before it"),
    v.TAIL_CUT: _("the exported head names a batch that isn't there: the end of the trail was cut off"),
    v.HEAD_FOREIGN: _("the exported head is another one than that of the batch: the trail was rewritten"),
    v.HEAD_BAD: _("the exported head isn't signed with a known key"),
    v.NOT_ERASED: _("the key of the person was destroyed, but what it erases is still there"),
    v.NOT_TOLD: _("entries were removed or a key was destroyed without an entry that says so"),
    v.NOT_GONE: _("a person was erased from the trail whose account is still in use"),
    v.STILL_THERE: _("entries are still there of a batch that was noted as removed"),
    v.KEY_MISSING: _("the key of a person was removed without an erasure"),
}


def fault_text(fault: v.Fault) -> str:
    """One sentence: what, where."""
    place = []
    if fault.batch:
        place.append(str(_("batch %(number)d") % {"number": fault.batch}))
    if fault.entry:
        place.append(str(_("entry %(number)d") % {"number": fault.entry}))
    return ", ".join([*place, str(FAULTS[fault.kind])])
