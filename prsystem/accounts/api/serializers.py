"""Bodies and answers of sign-in and `yo`."""

from rest_framework import serializers

from prsystem.core.api.fields import Text


class LoginIn(serializers.Serializer):
    username = Text(max_length=150)
    password = Text(max_length=4096)
    otp = Text(max_length=60, required=False, allow_blank=True)


class RefreshIn(serializers.Serializer):
    refresh = Text(max_length=200)


class TokensOut(serializers.Serializer):
    access = serializers.CharField()
    refresh = serializers.CharField()
    expira_en = serializers.IntegerField()


class MeOut(serializers.Serializer):
    id = serializers.CharField()
    username = serializers.CharField()
    nombre = serializers.CharField()
    roles = serializers.ListField(child=serializers.CharField())
    areas = serializers.ListField(child=serializers.CharField())
    idioma = serializers.CharField()
