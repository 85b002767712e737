"""What the operations of administrators have in common: the right, and for grave ones proof of who it is."""

from rest_framework.permissions import BasePermission, IsAuthenticated
from rest_framework.request import Request
from rest_framework.views import APIView

from prsystem.core.errors import NotAllowed
from prsystem.core.web.step_up import ProvedLately, is_grave


class Administrators(BasePermission):
    def has_permission(self, request: Request, view: APIView) -> bool:
        if not getattr(request.user, "rights", None) or not request.user.rights.is_admin:
            raise NotAllowed()
        return True


class ProvedForGraveActs(ProvedLately):
    """Looking is free, and what `core.step_up.ORDINARY` names."""

    def has_permission(self, request: Request, view: APIView) -> bool:
        return not is_grave(request._request) or super().has_permission(request, view)


class AdministratorView(APIView):
    permission_classes = [IsAuthenticated, Administrators, ProvedForGraveActs]
