"""The administration console with the site's own rules in place of Django's default site."""

from django.contrib.admin.apps import AdminConfig


class ConsoleConfig(AdminConfig):
    default_site = "prsystem.admin_site.Console"
