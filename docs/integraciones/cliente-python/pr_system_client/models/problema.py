from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

if TYPE_CHECKING:
    from ..models.problema_errores import ProblemaErrores


T = TypeVar("T", bound="Problema")


@_attrs_define
class Problema:
    """
    Attributes:
        type_ (str):
        title (str):
        status (int):
        detail (str):
        codigo (str):
        request_id (str):
        errores (ProblemaErrores):
    """

    type_: str
    title: str
    status: int
    detail: str
    codigo: str
    request_id: str
    errores: ProblemaErrores
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        type_ = self.type_

        title = self.title

        status = self.status

        detail = self.detail

        codigo = self.codigo

        request_id = self.request_id

        errores = self.errores.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "type": type_,
                "title": title,
                "status": status,
                "detail": detail,
                "codigo": codigo,
                "request_id": request_id,
                "errores": errores,
            }
        )

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.problema_errores import ProblemaErrores

        d = dict(src_dict)
        type_ = d.pop("type")

        title = d.pop("title")

        status = d.pop("status")

        detail = d.pop("detail")

        codigo = d.pop("codigo")

        request_id = d.pop("request_id")

        errores = ProblemaErrores.from_dict(d.pop("errores"))

        problema = cls(
            type_=type_,
            title=title,
            status=status,
            detail=detail,
            codigo=codigo,
            request_id=request_id,
            errores=errores,
        )

        problema.additional_properties = d
        return problema

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
