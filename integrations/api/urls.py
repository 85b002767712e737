"""Addresses of the integrations in the API."""

from prsystem.core.api.requests import address

from .console import (
    BackupNowView,
    BackupsView,
    BackupVerifyView,
    JobRetryView,
    JobsRetryView,
    JobsView,
    MailAgainView,
    MailsView,
    ReleaseView,
)
from .health import KeyedHealthView
from .keys import KeyRevokeView, KeyRotateView, KeysView, KeyView
from .nodes import NodesView, OneNodeView
from .webhooks import (
    DeliveriesView,
    DeliveryResendView,
    DeliveryView,
    EndpointOffView,
    EndpointOnView,
    EndpointResendView,
    EndpointRotateView,
    EndpointsView,
    EndpointTestView,
    EndpointView,
)

urlpatterns = [
    *address("health/detailed", KeyedHealthView.as_view(), "api_health_detailed"),
    *address("trabajos", JobsView.as_view(), "api_jobs"),
    *address("trabajos/reintentar", JobsRetryView.as_view(), "api_jobs_retry"),
    *address("trabajos/<int:n>/reintentar", JobRetryView.as_view(), "api_job_retry"),
    *address("respaldos", BackupsView.as_view(), "api_backups"),
    *address("respaldos/hacer", BackupNowView.as_view(), "api_backup_now"),
    *address("respaldos/soltar", ReleaseView.as_view(), "api_backup_release"),
    *address("respaldos/<int:n>/verificar", BackupVerifyView.as_view(), "api_backup_verify"),
    *address("correos", MailsView.as_view(), "api_mails"),
    *address("correos/<int:n>/reenviar", MailAgainView.as_view(), "api_mail_again"),
    *address("nodos", NodesView.as_view(), "api_model_nodes"),
    *address("nodos/<int:n>", OneNodeView.as_view(), "api_model_node"),
    *address("claves", KeysView.as_view(), "api_keys"),
    *address("claves/<str:prefijo>", KeyView.as_view(), "api_key"),
    *address("claves/<str:prefijo>/rotar", KeyRotateView.as_view(), "api_key_rotate"),
    *address("claves/<str:prefijo>/revocar", KeyRevokeView.as_view(), "api_key_revoke"),
    *address("webhooks", EndpointsView.as_view(), "api_endpoints"),
    *address("webhooks/entregas", DeliveriesView.as_view(), "api_deliveries"),
    *address("webhooks/entregas/<int:n>", DeliveryView.as_view(), "api_delivery"),
    *address("webhooks/entregas/<int:n>/reenviar", DeliveryResendView.as_view(), "api_delivery_resend"),
    *address("webhooks/<int:n>", EndpointView.as_view(), "api_endpoint"),
    *address("webhooks/<int:n>/activar", EndpointOnView.as_view(), "api_endpoint_on"),
    *address("webhooks/<int:n>/desactivar", EndpointOffView.as_view(), "api_endpoint_off"),
    *address("webhooks/<int:n>/probar", EndpointTestView.as_view(), "api_endpoint_test"),
    *address("webhooks/<int:n>/reenviar", EndpointResendView.as_view(), "api_endpoint_resend"),
    *address("webhooks/<int:n>/rotar", EndpointRotateView.as_view(), "api_endpoint_rotate"),
]
