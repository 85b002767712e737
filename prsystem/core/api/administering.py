"""What the operations of administrators have in common: the right, and for grave ones proof of who it is."""

from rest_framework.permissions import SAFE_METHODS, BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from prsystem.core.errors import NotAllowed
from prsystem.core.step_up import ProvedLately


class Administrators(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        if not getattr(request.user, "rights", None) or not request.user.rights.is_admin:
            raise NotAllowed()
        return True


class ProvedToWrite(ProvedLately):
    """Looking is free."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return request.method in SAFE_METHODS or super().has_permission(request, view)


class AdministratorView(APIView):
    permission_classes = [IsAuthenticated, Administrators]


class GraveView(AdministratorView):
    """Writes want a sign-in of the last ten minutes."""

    permission_classes = [IsAuthenticated, Administrators, ProvedToWrite]
