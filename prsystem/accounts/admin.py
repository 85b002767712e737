"""Areas, people and their roles; and who is locked out after failed sign-ins."""

from typing import Any

from axes.models import AccessAttempt, AccessFailureLog, AccessLog
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.contrib.auth.models import Group
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST

from prsystem.accounts.directory.requests import directory_sync_request
from prsystem.accounts.mfa.models import Authenticator, RecoveryCode
from prsystem.accounts.people.admin import PEOPLE_ACTIONS, KeepsAnAdministrator, PeopleActions
from prsystem.core.console.base import AuditedAdmin, ConsoleAccess, ReadOnlyAdmin
from prsystem.core.web.middleware import actor_of
from prsystem.core.web.step_up import StepUpAdmin, step_up

from .models import Area, AttemptCount, BrowserSession, DirectoryGroup, RefreshToken, RoleGrant, SetupLink, User

AXES_WORDS = (
    gettext_noop("access attempt"),
    gettext_noop("access attempts"),
    gettext_noop("access log"),
    gettext_noop("access logs"),
)  # axes brings no Spanish
admin.site.unregister(Group)  # rights come from roles in areas
admin.site.unregister((AccessAttempt, AccessFailureLog, AccessLog))


@admin.register(Area)
class AreaAdmin(AuditedAdmin):
    entity = "area"
    list_display = ("code", "name", "is_active", "is_dangerous")
    list_filter = ("is_active", "is_dangerous")
    search_fields = ("code", "name")


class NewUserForm(AdminUserCreationForm):
    """User names are stored in lower case."""

    def clean_username(self) -> str:
        return super().clean_username().strip().lower()


class UserForm(UserChangeForm):
    """User names are stored in lower case."""

    def clean_username(self) -> str:
        return self.cleaned_data["username"].strip().lower()


class GrantInline(ConsoleAccess, admin.TabularInline):
    """Roles of a person."""

    model = RoleGrant
    extra = 0
    autocomplete_fields = ("area",)
    may_add = may_change = may_delete = True


@admin.register(User)
class UserAdmin(StepUpAdmin, PeopleActions, AuditedAdmin, DjangoUserAdmin):
    """People are deactivated, never removed: the trail names them."""

    entity, kind = "user", "usuario"
    may_delete = False
    form, add_form = UserForm, NewUserForm
    change_form_template = "accounts/user_change_form.html"
    list_display = ("username", "full_name", "email", "role_list", "is_active", "is_locked", "last_login")
    list_filter = ("is_active", "is_superuser", "grants__role", "grants__area")
    search_fields = ("username", "full_name", "email")
    filter_horizontal = ()
    actions = PEOPLE_ACTIONS
    inlines = (GrantInline,)
    fieldsets = (
        (None, {"fields": ("username", "password")}),
        (_("Person"), {"fields": ("full_name", "email", "language", "theme")}),
        (
            _("Access"),
            {"fields": ("is_active", "is_superuser", "directory_id", "left_directory_at", "last_login", "date_joined")},
        ),
    )
    add_fieldsets = (
        (None, {"classes": ("wide",), "fields": ("username", "usable_password", "password1", "password2")}),
        (_("Person"), {"classes": ("wide",), "fields": ("full_name", "email")}),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """Nobody locks himself out, and only a superuser makes another one."""
        own = ("is_active",) if obj is not None and obj.pk == request.user.pk else ()
        rank = () if request.user.is_superuser else ("is_superuser",)
        return ("last_login", "date_joined", "directory_id", "left_directory_at", *own, *rank)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Who was erased doesn't come back under the same number: the trail would name another person."""
        return super().has_change_permission(request, obj) and not (obj is not None and obj.is_erased)

    def user_change_password(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        """Whoever sets another's password can sign in as that person."""
        return step_up(transaction.atomic(super().user_change_password))(request, *args, **kwargs)

    def log_change(self, request: HttpRequest, obj: User, message: Any) -> None:
        """The page for a new password saves past `save_model`; this is what it calls after saving."""
        if request.resolver_match and request.resolver_match.url_name == "auth_user_password_change":
            self.record(request, "password_changed", obj, {})


@admin.register(RoleGrant)
class RoleGrantAdmin(StepUpAdmin, KeepsAnAdministrator, AuditedAdmin):
    entity, kind = "grant", "rol"
    list_display = ("user", "role", "area", "from_directory")
    list_filter = ("role", "area", "from_directory")
    search_fields = ("user__username", "user__full_name")
    autocomplete_fields = ("user", "area")
    list_select_related = ("user", "area")


@admin.register(DirectoryGroup)
class DirectoryGroupAdmin(StepUpAdmin, AuditedAdmin):
    """Which groups of the directory give which roles. Counts at the next sign-in or comparison of each person."""

    entity, kind = "directory_group", "grupo_directorio"
    list_display = ("dn", "role", "areas_shown")
    list_filter = ("role", "areas")
    search_fields = ("dn",)
    autocomplete_fields = ("areas",)
    change_list_template = "accounts/directory_groups.html"

    @admin.display(description=_("areas"))
    def areas_shown(self, group: DirectoryGroup) -> str:
        return ", ".join(area.code for area in group.areas.all()) or str(_("Every area"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[DirectoryGroup]:
        return super().get_queryset(request).prefetch_related("areas")

    def get_urls(self) -> list[URLPattern]:
        sync = self.admin_site.admin_view(require_POST(self.sync_now))
        return [path("comparar/", sync, name="accounts_directorygroup_sync"), *super().get_urls()]

    def sync_now(self, request: HttpRequest) -> HttpResponse:
        """The administrator's button: compare everybody with the directory now."""
        if directory_sync_request(actor=actor_of(request)):
            self.message_user(request, _("The comparison with the directory begins now."), messages.SUCCESS)
        else:
            self.message_user(request, _("No directory is configured (LDAP_SERVER)."), messages.WARNING)
        return redirect("admin:accounts_directorygroup_changelist")


@admin.register(AccessAttempt)
class AccessAttemptAdmin(AuditedAdmin):
    """Failed sign-ins that count towards a lockout. Removing one lets the person try again."""

    entity, kind = "lockout", "bloqueo"
    may_add = may_change = False
    list_display = ("attempt_time", "username", "ip_address", "failures_since_start", "path_info")
    search_fields = ("username", "ip_address")


@admin.register(AccessLog)
class AccessLogAdmin(ReadOnlyAdmin):
    list_display = ("attempt_time", "username", "ip_address", "logout_time")
    search_fields = ("username", "ip_address")


@admin.register(RefreshToken)
class RefreshTokenAdmin(ReadOnlyAdmin):
    """Who holds tokens of the API; what would let somebody recognise one is left out."""

    list_display = ("id", "user", "family", "created_at", "expires_at", "used_at", "revoked_at")
    list_filter = (("revoked_at", admin.EmptyFieldListFilter),)
    search_fields = ("user__username", "=family")
    list_select_related = ("user",)
    exclude = ("digest", "stamp")
    ordering = ("-id",)


@admin.register(BrowserSession)
class BrowserSessionAdmin(AuditedAdmin):
    """Who is signed in with a browser. Removing a session signs it out."""

    entity, kind = "browser_session", "sesion"
    may_add = may_change = False
    list_display = ("user", "address", "device", "created_at", "seen_at")
    search_fields = ("user__username", "address")
    list_select_related = ("user",)
    exclude = ("session_data", "session_key")


@admin.register(Authenticator)
class AuthenticatorAdmin(StepUpAdmin, AuditedAdmin):
    """Second factors. Removing one is for people who have lost theirs."""

    entity, kind = "second_factor", "segundo_factor"
    may_add = may_change = False
    list_display = ("user", "kind", "name", "confirmed_at", "last_used_at")
    list_filter = ("kind",)
    search_fields = ("user__username", "name")
    list_select_related = ("user",)
    fields = ("user", "kind", "name", "created_at", "confirmed_at", "last_used_at")
    readonly_fields = fields


@admin.register(RecoveryCode)
class RecoveryCodeAdmin(ReadOnlyAdmin):
    list_display = ("id", "user", "used_at")
    search_fields = ("user__username",)
    list_select_related = ("user",)
    exclude = ("digest",)


@admin.register(SetupLink)
class SetupLinkAdmin(ReadOnlyAdmin):
    list_display = ("id", "created_at", "expires_at", "used_at")
    exclude = ("digest",)


@admin.register(AttemptCount)
class AttemptCountAdmin(ReadOnlyAdmin):
    list_display = ("key", "attempts", "expires_at")
    search_fields = ("key__startswith",)
