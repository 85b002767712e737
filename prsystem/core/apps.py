from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "prsystem.core"
    label = "core"
    verbose_name = "Core"
