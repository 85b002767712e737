from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.incident_out import IncidentOut
    from ..models.learned_out import LearnedOut


T = TypeVar("T", bound="ResolvedOut")


@_attrs_define
class ResolvedOut:
    """
    Attributes:
        incidencia (IncidentOut):
        conocimiento (LearnedOut): `gemelos` only when a new article was made although others may be about the same
            problem.
    """

    incidencia: IncidentOut
    conocimiento: LearnedOut
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        incidencia = self.incidencia.to_dict()

        conocimiento = self.conocimiento.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "incidencia": incidencia,
                "conocimiento": conocimiento,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.incident_out import IncidentOut
        from ..models.learned_out import LearnedOut

        d = dict(src_dict)
        incidencia = IncidentOut.from_dict(d.pop("incidencia"))

        conocimiento = LearnedOut.from_dict(d.pop("conocimiento"))

        resolved_out = cls(
            incidencia=incidencia,
            conocimiento=conocimiento,
        )

        resolved_out.additional_properties = d
        return resolved_out

    @property
    def additional_keys(self) -> list[str]:
        return list(self.additional_properties.keys())

    def __getitem__(self, key: str) -> Any:
        return self.additional_properties[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.additional_properties[key] = value

    def __delitem__(self, key: str) -> None:
        del self.additional_properties[key]

    def __contains__(self, key: str) -> bool:
        return key in self.additional_properties
