"""The administration console: for administrators of every area, through the site's own sign-in, always audited."""

from typing import Any

from django.contrib.admin import AdminSite
from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect
from django.urls import URLPattern, URLResolver, path
from django.utils.module_loading import import_string
from django.utils.translation import gettext_lazy as _

from audit.services import record
from prsystem.core import console_pages
from prsystem.core.middleware import actor_of


class Console(AdminSite):
    """Model admins call `record`, so that the lower apps among them need not know of the audit trail."""

    site_header = "PR-System"
    site_title = "PR-System"
    index_title = _("Administration")

    def get_urls(self) -> list[URLResolver | URLPattern]:
        """The pages that apps registered, then those of the models."""
        return [
            path(page.path, self.admin_view(import_string(page.view)), name=page.name) for page in console_pages.pages()
        ] + super().get_urls()

    def has_permission(self, request: HttpRequest) -> bool:
        user = request.user
        return user.is_authenticated and user.is_active and user.rights.is_admin

    def login(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """There is one sign-in, with its lockout; who is signed in already lacks the right."""
        if self.has_permission(request):
            return redirect("admin:index")
        if request.user.is_authenticated:
            raise PermissionDenied
        return redirect_to_login(request.GET.get("next") or request.get_full_path())

    def password_change(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return HttpResponseRedirect("/cuenta/")

    def record(self, request: HttpRequest, action: str, resource: str, details: dict[str, Any]) -> None:
        """An audit entry of what was done here, in the transaction of the change."""
        record(actor_of(request), action, resource, details)
