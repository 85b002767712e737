from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Self, TypeVar, cast

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

if TYPE_CHECKING:
    from ..models.action_data_in_request import ActionDataInRequest
    from ..models.action_filter_in_request import ActionFilterInRequest


T = TypeVar("T", bound="ActionInRequest")


@_attrs_define
class ActionInRequest:
    """Either `ids` (ids or numbers) or `filtro`.

    Attributes:
        accion (str):
        ids (list[str] | Unset):
        filtro (ActionFilterInRequest | Unset): The filters of the list.
        datos (ActionDataInRequest | Unset): What the action asks for; `en` of a merge is the oldest of those chosen
            when it isn't given.
    """

    accion: str
    ids: list[str] | Unset = UNSET
    filtro: ActionFilterInRequest | Unset = UNSET
    datos: ActionDataInRequest | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        accion = self.accion

        ids: list[str] | Unset = UNSET
        if not isinstance(self.ids, Unset):
            ids = self.ids

        filtro: dict[str, Any] | Unset = UNSET
        if not isinstance(self.filtro, Unset):
            filtro = self.filtro.to_dict()

        datos: dict[str, Any] | Unset = UNSET
        if not isinstance(self.datos, Unset):
            datos = self.datos.to_dict()

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "accion": accion,
            }
        )
        if ids is not UNSET:
            field_dict["ids"] = ids
        if filtro is not UNSET:
            field_dict["filtro"] = filtro
        if datos is not UNSET:
            field_dict["datos"] = datos

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        from ..models.action_data_in_request import ActionDataInRequest
        from ..models.action_filter_in_request import ActionFilterInRequest

        d = dict(src_dict)
        accion = d.pop("accion")

        ids = cast(list[str], d.pop("ids", UNSET))

        _filtro = d.pop("filtro", UNSET)
        filtro: ActionFilterInRequest | Unset
        if isinstance(_filtro, Unset):
            filtro = UNSET
        else:
            filtro = ActionFilterInRequest.from_dict(_filtro)

        _datos = d.pop("datos", UNSET)
        datos: ActionDataInRequest | Unset
        if isinstance(_datos, Unset):
            datos = UNSET
        else:
            datos = ActionDataInRequest.from_dict(_datos)

        action_in_request = cls(
            accion=accion,
            ids=ids,
            filtro=filtro,
            datos=datos,
        )

        action_in_request.additional_properties = d
        return action_in_request

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
