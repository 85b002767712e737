from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Self, TypeVar

from attrs import define as _attrs_define
from attrs import field as _attrs_field

from ..types import UNSET, Unset

T = TypeVar("T", bound="VersionReleaseInRequest")


@_attrs_define
class VersionReleaseInRequest:
    """
    Attributes:
        motivo (str):
        version (str | Unset):
        revision (int | Unset): La `revision` del texto que se leyó; si ya es otra, 409.
    """

    motivo: str
    version: str | Unset = UNSET
    revision: int | Unset = UNSET
    additional_properties: dict[str, Any] = _attrs_field(init=False, factory=dict)

    def to_dict(self) -> dict[str, Any]:
        motivo = self.motivo

        version = self.version

        revision = self.revision

        field_dict: dict[str, Any] = {}
        field_dict.update(self.additional_properties)
        field_dict.update(
            {
                "motivo": motivo,
            }
        )
        if version is not UNSET:
            field_dict["version"] = version
        if revision is not UNSET:
            field_dict["revision"] = revision

        return field_dict

    @classmethod
    def from_dict(cls, src_dict: Mapping[str, Any]) -> Self:
        d = dict(src_dict)
        motivo = d.pop("motivo")

        version = d.pop("version", UNSET)

        revision = d.pop("revision", UNSET)

        version_release_in_request = cls(
            motivo=motivo,
            version=version,
            revision=revision,
        )

        version_release_in_request.additional_properties = d
        return version_release_in_request

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
