"""A security key in software: answers what the pages ask, as a browser would send it."""

import json
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from fido2.cose import ES256
from fido2.utils import websafe_encode
from fido2.webauthn import Aaguid, AttestationObject, AttestedCredentialData, AuthenticatorData, CollectedClientData


@dataclass
class SoftKey:
    credential_id: bytes = b"llave-de-prueba-1"
    origin: str = "http://testserver"
    rp_id: str = "testserver"
    count: int = 0
    step: int = 1
    changed: dict[str, Any] = field(default_factory=dict)
    secret: ec.EllipticCurvePrivateKey = field(default_factory=lambda: ec.generate_private_key(ec.SECP256R1()))

    def create(self, options: str) -> str:
        data = AttestedCredentialData.create(
            Aaguid.NONE, self.credential_id, ES256.from_cryptography_key(self.secret.public_key())
        )
        signed = self._signed(0x41, data)
        attestation = AttestationObject.create("none", signed, {})
        client = self._client("webauthn.create", options)
        return self._answer(clientDataJSON=client, attestationObject=attestation)

    def get(self, options: str) -> str:
        self.count += self.step
        signed, client = self._signed(0x01), self._client("webauthn.get", options)
        signature = self.secret.sign(signed + client.hash, ec.ECDSA(hashes.SHA256()))
        return self._answer(clientDataJSON=client, authenticatorData=signed, signature=signature)

    def _signed(self, flags: int, data: bytes = b"") -> AuthenticatorData:
        flags = self.changed.get("flags", flags)
        hashed = sha256(self.rp_id.encode()).digest()
        return AuthenticatorData.create(hashed, AuthenticatorData.FLAG(flags), self.count, data)

    def _client(self, kind: str, options: str) -> CollectedClientData:
        challenge = self.changed.get("challenge", json.loads(options)["challenge"])
        return CollectedClientData.create(
            self.changed.get("type", kind), challenge, self.origin, self.changed.get("cross_origin", False)
        )

    def _answer(self, **response: bytes) -> str:
        number = websafe_encode(self.credential_id)
        parts = {name: websafe_encode(value) for name, value in response.items()}
        return json.dumps({"id": number, "rawId": number, "type": "public-key", "response": parts})
