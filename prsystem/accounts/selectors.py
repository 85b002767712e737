"""Reading people and areas."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Max, Min, Q, QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone
from django.utils.translation import gettext as _

from audit.retention import erasures_pending
from audit.selectors import entries_naming, erased_at
from prsystem.accounts.sign_in.known_passwords import is_shut_out
from prsystem.core.rights import READS_INCIDENTS, AreaSet, Role
from prsystem.demo_accounts import ACCOUNTS
from prsystem.runtime.selectors import get_setting

from .models import Area, BrowserSession, RefreshToken, RoleGrant, User
from .names import canonical_username

DEMO_USERNAMES = tuple(account.username for account in ACCOUNTS)


def people_names() -> list[tuple[str, str]]:
    """Given and family names of all who have an account, also of those who left; of a name in one field the first word
    is taken for the given one."""
    found = []
    for first, last, full in User.objects.values_list("first_name", "last_name", "full_name"):
        given, _blank, family = full.partition(" ")
        found += [pair for pair in ((first, last), (given, family)) if any(pair)]
    return found


def areas_active() -> QuerySet[Area]:
    return Area.objects.filter(is_active=True)


def areas_all() -> QuerySet[Area]:
    """Active and inactive."""
    return Area.objects.all()


def is_new_site() -> bool:
    """Nothing was set up yet, neither by the demo nor by people."""
    return not Area.objects.exists()


def area_by_code(code: str) -> Area | None:
    """The active area with this code, whatever its case."""
    return areas_active().filter(code=code.strip().upper()[:12]).first()


def in_areas(areas: AreaSet, field: str = "area_id") -> Q:
    """A condition that holds for rows of these areas. Everywhere is a true condition, no empty one: `x | Q()` is x."""
    return ~Q(pk__in=[]) if areas.everywhere else Q(**{f"{field}__in": areas.ids})


def engineers_of(area_id: int) -> QuerySet[User]:
    """Active people who may work on incidents of the area."""
    holds = Q(grants__role__in=[Role.L1, Role.L2, Role.L3, Role.ADMIN]) & (
        Q(grants__area_id=area_id) | Q(grants__area=None)
    )
    return User.objects.filter(holds, is_active=True).distinct()


def engineers_in(areas: AreaSet) -> QuerySet[User]:
    """Active people who may work on incidents of at least one of the areas."""
    reach = Q() if areas.everywhere else Q(grants__area_id__in=areas.ids) | Q(grants__area=None)
    holds = Q(grants__role__in=[Role.L1, Role.L2, Role.L3, Role.ADMIN])
    return User.objects.filter(holds & reach, is_active=True).distinct()


def publishers_of(area_id: int) -> QuerySet[User]:
    """Active people who may publish the knowledge of the area: its editors, or the administrators where it has none."""
    editors = Q(grants__role=Role.EDITOR) & (Q(grants__area_id=area_id) | Q(grants__area=None))
    found = User.objects.filter(editors, is_active=True).distinct()
    return found if found.exists() else User.objects.filter(grants__role=Role.ADMIN, is_active=True).distinct()


def readers_of(area_id: int) -> QuerySet[User]:
    """Active people who may read the incidents of the area."""
    holds = Q(grants__role__in=READS_INCIDENTS) & (Q(grants__area_id=area_id) | Q(grants__area=None))
    return User.objects.filter(holds | Q(is_superuser=True), is_active=True).distinct()


def support_of(area_id: int, level: str) -> QuerySet[User]:
    """Active people who hold the support role of a level (`L1`) in the area."""
    holds = Q(grants__role=level.lower()) & (Q(grants__area_id=area_id) | Q(grants__area=None))
    return User.objects.filter(holds, is_active=True).distinct()


def helpers_of(area_id: int) -> QuerySet[User]:
    """Active people of any support level in the area, and who administers it: all who can send help."""
    roles = (Role.L1, Role.L2, Role.L3, Role.ADMIN)
    holds = Q(grants__role__in=roles) & (Q(grants__area_id=area_id) | Q(grants__area=None))
    return User.objects.filter(holds | Q(is_superuser=True), is_active=True).distinct()


def areas_in(areas: AreaSet) -> QuerySet[Area]:
    """Active areas of a set."""
    return areas_active().filter(in_areas(areas, "pk"))


def has_administrator() -> bool:
    """Whether somebody active, who can sign in, administers every area."""
    administers = Q(is_superuser=True) | Q(grants__role=Role.ADMIN, grants__area=None)
    found = User.objects.filter(administers, is_active=True).distinct()
    return any(not is_shut_out(password) for password in found.values_list("password", flat=True))


def grants_of(user: User) -> QuerySet[RoleGrant]:
    """Roles of a person with the areas they are held in."""
    return user.grants.select_related("area")


def users_of_the_demo() -> list[User]:
    """The demo accounts that exist; none on a site that others reach."""
    return _of_the_demo() if settings.DEMO_ALLOWED else []


def users_shut_out() -> list[User]:
    """The demo accounts that nobody can sign in with, because they still have their published password."""
    return [] if settings.DEMO_ALLOWED else [user for user in _of_the_demo() if is_shut_out(user.password)]


def _of_the_demo() -> list[User]:
    found = User.objects.filter(username__in=DEMO_USERNAMES, is_active=True).prefetch_related("grants")
    return sorted(found, key=lambda user: DEMO_USERNAMES.index(user.username))


def names_of(user_ids: Iterable[int]) -> dict[int, str]:
    """How people are called, by id."""
    return {user.pk: str(user) for user in User.objects.filter(pk__in=set(user_ids)).only("username", "full_name")}


def usernames_of(user_ids: Iterable[int]) -> dict[int, str]:
    ids = set(user_ids)
    return dict(User.objects.filter(pk__in=ids).values_list("pk", "username")) if ids else {}


def user_by_username(username: str) -> User | None:
    """Somebody by user name, active or not, whatever its spelling."""
    return User.objects.filter(username=canonical_username(username)[:150]).first()


def sessions_of(user: User) -> QuerySet[BrowserSession]:
    """A person's sessions of the pages that still count, last used first."""
    since = timezone.now() - timedelta(minutes=get_setting("session_idle_minutes"))
    return BrowserSession.objects.filter(user=user, seen_at__gte=since).defer("session_data").order_by("-seen_at")


def families_of(user: User) -> QuerySet[RefreshToken, Any]:
    """A person's sign-ins of the API that still count: `family`, `device`, `address`, `since`, `seen`."""
    living = RefreshToken.objects.filter(user=user, revoked_at=None, expires_at__gt=timezone.now())
    told = living.values("family", "device").annotate(
        address=Max("address"), since=Min(Coalesce("began_at", "created_at")), seen=Max("created_at")
    )
    return told.order_by("-seen")


def users_by_email(address: str) -> QuerySet[User]:
    """Active people with this mail address, whatever its case."""
    return User.objects.filter(email__iexact=address, is_active=True).order_by("pk")


def user_numbered(user_id: int) -> User | None:
    return User.objects.filter(pk=user_id).first()


def person_erased_at(user: User) -> datetime | None:
    """When the person was erased; None while something is left to erase."""
    return erased_at(user.pk) if user.is_erased else None


def is_erasure_pending(user: User) -> bool:
    """Whether the account is erased and the audit trail still has to follow."""
    return user.is_erased and user.pk in erasures_pending()


def person_holdings(user: User) -> list[tuple[str, int]]:
    """What an erasure of this person takes away, for whoever is about to do it."""
    return [
        (_("Roles"), user.grants.count()),
        (_("Browsers signed in"), BrowserSession.objects.filter(user=user).count()),
        (_("Tokens of the API"), RefreshToken.objects.filter(user=user).count()),
        (_("Second factors"), user.authenticators.count()),
        (_("Audit entries that lose the name"), entries_naming(user.pk)),
    ]
