"""Secrets, default passwords, demonstration data, the audit trail."""

import stat

from django.conf import settings
from django.contrib.auth.hashers import check_password
from django.utils.translation import gettext as _

from audit.seals.sealing import unsealed_seconds
from prsystem import env
from prsystem.accounts.models import User
from prsystem.core.health.preflight import FAIL, OFF, WARN, Finding, good
from prsystem.demo_accounts import ACCOUNTS, PASSWORD

KNOWN_PASSWORDS = (PASSWORD, "admin", "administrator", "changeme", "password")
SUSPECTS = ("admin", "administrator", "root", "pr_admin", *(account.username for account in ACCOUNTS))
AT_MOST = 20
UNSEALED_SECONDS = 120.0


def secrets() -> Finding:
    """The operator's own key, and key files that nobody else reads."""
    readable = [path.name for path in settings.LAYOUT.data.glob("*key*") if path.stat().st_mode & 0o077]
    if readable:
        advice = _("Take the rights of group and others away (chmod 600).")
        return Finding(FAIL, _("Others may read: %(files)s") % {"files": ", ".join(readable)}, advice)
    if not env.is_set("SECRET_KEY"):
        return Finding(
            WARN, _("SECRET_KEY isn't set: one was made for a trial."), _("Set SECRET_KEY or SECRET_KEY_FILE.")
        )
    if settings.LAYOUT.data.stat().st_mode & stat.S_IWOTH:
        return Finding(FAIL, _("Anybody may write into the data folder."), _("chmod 700"))
    return good(_("SECRET_KEY is the operator's; key files are private"))


def default_passwords() -> Finding:
    """Nobody may enter with a password that is printed somewhere."""
    suspects = User.objects.filter(is_active=True, username__in=SUSPECTS)[:AT_MOST]
    open_doors = [user.username for user in suspects if _is_known(user.password)]
    if open_doors:
        detail = _("Default password: %(names)s") % {"names": ", ".join(sorted(open_doors))}
        return Finding(FAIL, detail, _("Change them or deactivate the accounts."))
    return good(_("None of the known accounts has a known password"))


def _is_known(stored: str) -> bool:
    return any(check_password(password, stored) for password in KNOWN_PASSWORDS)


def demo_data() -> Finding:
    if not (settings.LAYOUT.data / "demo.loaded").exists():
        return good(_("No demonstration data was loaded"))
    return Finding(WARN, _("This data folder began with demonstration data."), _("Begin production on an empty one."))


def audit_sealed() -> Finding:
    """Entries are sealed soon after they are written."""
    seconds = unsealed_seconds()
    detail = _("oldest unsealed entry: %(seconds).0f s") % {"seconds": seconds}
    if seconds > UNSEALED_SECONDS:
        return Finding(FAIL, detail, _("Start the sealer (python -m audit.sealer) and look at its log."))
    return good(detail) if User.objects.exists() else Finding(OFF, detail)
