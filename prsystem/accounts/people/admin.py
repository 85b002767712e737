"""What an administrator does with people on their list: let in, keep out, unlock. And that somebody administers."""

from typing import Any

from axes.models import AccessAttempt
from django.conf import settings
from django.contrib import admin, messages
from django.db.models import Exists, Model, OuterRef, QuerySet
from django.forms import BaseFormSet, ModelForm
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from prsystem.accounts.models import User
from prsystem.accounts.services import administrator_must_remain, user_set_active, user_unlock
from prsystem.core.errors import DomainError
from prsystem.core.web.middleware import actor_of

PEOPLE_ACTIONS = ("let_in", "keep_out", "unlock")


class KeepsAnAdministrator:
    """A change after which nobody would administer every area is refused as a whole."""

    def save_related(self, request: HttpRequest, form: ModelForm, formsets: list[BaseFormSet], change: bool) -> None:
        super().save_related(request, form, formsets, change)  # type: ignore[misc]
        administrator_must_remain()

    def delete_model(self, request: HttpRequest, obj: Model) -> None:
        super().delete_model(request, obj)  # type: ignore[misc]
        administrator_must_remain()


class PeopleActions(KeepsAnAdministrator):
    """Columns and actions of the list of people."""

    def get_queryset(self, request: HttpRequest) -> QuerySet[User]:
        found = super().get_queryset(request).prefetch_related("grants__area")  # type: ignore[misc]
        return found.annotate(locked=Exists(_failures_that_lock().filter(username=OuterRef("username"))))

    @admin.display(description=_("roles"))
    def role_list(self, user: User) -> str:
        grants = user.grants.all()
        return ", ".join(f"{grant.get_role_display()} ({grant.area.code if grant.area else '*'})" for grant in grants)

    @admin.display(description=_("locked"), boolean=True)
    def is_locked(self, user: User) -> bool:
        """After failed sign-ins, from the address they came from."""
        return bool(user.locked)

    @admin.action(description=_("Let the selected people in"))
    def let_in(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, user_set_active, is_active=True)

    @admin.action(description=_("Keep the selected people out (they stay in the trail)"))
    def keep_out(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, user_set_active, is_active=False)

    @admin.action(description=_("Unlock the selected people after failed sign-ins"))
    def unlock(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        self._each(request, queryset, user_unlock)

    def _each(self, request: HttpRequest, queryset: QuerySet[User], service: Any, **values: Any) -> None:
        done = 0
        for user in queryset.order_by("pk"):
            try:
                done += service(actor=actor_of(request), user_id=user.pk, **values)
            except DomainError as error:
                messages.error(request, f"{user}: {error}")
        text = ngettext("%(n)d account was changed.", "%(n)d accounts were changed.", done) % {"n": done}
        messages.add_message(request, messages.SUCCESS if done else messages.WARNING, text)


def _failures_that_lock() -> QuerySet[AccessAttempt]:
    since = timezone.now() - settings.AXES_COOLOFF_TIME
    return AccessAttempt.objects.filter(attempt_time__gt=since, failures_since_start__gte=settings.AXES_FAILURE_LIMIT)
