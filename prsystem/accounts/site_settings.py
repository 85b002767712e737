"""Settings of accounts that administrators change while the system runs."""

from django.utils.translation import gettext_lazy as _

from prsystem.runtime.registry import Kind, Setting, register


def register_all() -> None:
    """Called once from the app's `ready()`."""
    from prsystem.accounts.mfa.selectors import roles_check

    passwords, sessions = _("Passwords"), _("Sessions")
    register(
        Setting(
            key="password_composition",
            kind=Kind.BOOLEAN,
            default=True,
            label=_("Upper case, lower case and a digit"),
            group=passwords,
            help=_("Asked of new passwords of local accounts, besides their length."),
        ),
        Setting(
            key="password_words",
            kind=Kind.LINES,
            default=[],
            label=_("Words that no password may contain"),
            group=passwords,
            help=_("One a line, of four letters or more, such as the names of company and plant."),
        ),
        Setting(
            key="mfa_roles",
            kind=Kind.LINES,
            default=[],
            check=roles_check,
            label=_("Roles that need a second factor"),
            group=sessions,
            help=_("One a line: reporter, l1, l2, l3, editor, auditor, admin. Counts from the next sign-in on."),
        ),
        Setting(
            key="session_idle_minutes",
            kind=Kind.INTEGER,
            default=30,
            minimum=5,
            maximum=480,
            label=_("Minutes without use"),
            group=sessions,
            help=_("After them a session of the pages ends."),
        ),
        Setting(
            key="session_hours",
            kind=Kind.INTEGER,
            default=12,
            minimum=1,
            maximum=24,
            label=_("Hours in all"),
            group=sessions,
            help=_("After them a session of the pages ends even in use."),
        ),
        Setting(
            key="api_session_days",
            kind=Kind.INTEGER,
            default=30,
            minimum=1,
            maximum=365,
            label=_("Days of a sign-in of the API"),
            group=sessions,
            help=_("After them its tokens are renewed no more, however often they were: the program signs in again."),
        ),
    )
