"""A real slapd with a small company in it, on loopback, with StartTLS."""

import shutil
import socket
import subprocess
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

BASE = "dc=planta,dc=mx"
READER, READER_PASSWORD = f"cn=lector,{BASE}", "Lector-del-directorio-1"
ROOT, ROOT_PASSWORD = f"cn=raiz,{BASE}", "Raiz-del-directorio-1"
SLAPD = shutil.which("slapd", path="/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin")
SCHEMAS = Path("/etc/ldap/schema")
MODULES = Path("/usr/lib/ldap")

# As Active Directory compares them; Debian's msuser.schema can't be searched by.
ACTIVE_DIRECTORY = """\
attributetype ( 1.2.840.113556.1.4.221 NAME 'sAMAccountName' EQUALITY caseIgnoreMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.15 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.302 NAME 'sAMAccountType' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
attributetype ( 1.2.840.113556.1.4.8 NAME 'userAccountControl' EQUALITY integerMatch
  SYNTAX 1.3.6.1.4.1.1466.115.121.1.27 SINGLE-VALUE )
"""
CONFIG = """\
include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
include {schemas}/nis.schema
{more}modulepath {modules}
moduleload back_mdb
pidfile {folder}/slapd.pid
TLSCACertificateFile {folder}/ca.pem
TLSCertificateFile {folder}/server.pem
TLSCertificateKeyFile {folder}/server.key
database mdb
suffix "{base}"
rootdn "{root}"
rootpw {root_password}
directory {folder}/data
maxsize 33554432
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="{reader}" read by * none
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def certificates(folder: Path, name: str = "ca") -> None:
    """An authority, and a certificate for 127.0.0.1 that it has signed."""
    authority_key, authority = _signed("Planta CA", None, None)
    key, certificate = _signed("127.0.0.1", authority_key, authority)
    (folder / f"{name}.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    (folder / "server.pem").write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    (folder / "server.key").write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )


def _signed(
    name: str, signer: ec.EllipticCurvePrivateKey | None, authority: x509.Certificate | None
) -> tuple[ec.EllipticCurvePrivateKey, x509.Certificate]:
    import ipaddress

    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    builder = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(authority.subject if authority else subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=2))
        .add_extension(x509.BasicConstraints(ca=signer is None, path_length=None), critical=True)
    )
    if signer is not None:
        names = [x509.IPAddress(ipaddress.ip_address("127.0.0.1")), x509.DNSName("localhost")]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return key, builder.sign(signer or key, hashes.SHA256())


class Directory:
    """Started with an empty company; entries are added and changed as its root, by LDAP. `like_ad` knows the names of
    Active Directory, which others don't."""

    def __init__(self, folder: Path, *, like_ad: bool = True) -> None:
        self.folder, self.port = folder, free_port()
        self.url = f"ldap://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None
        (folder / "data").mkdir()
        certificates(folder)
        values = {"root": ROOT, "root_password": ROOT_PASSWORD, "base": BASE, "reader": READER, "folder": folder}
        more = ACTIVE_DIRECTORY if like_ad else ""
        (folder / "slapd.conf").write_text(CONFIG.format(schemas=SCHEMAS, modules=MODULES, more=more, **values))

    @property
    def ca_file(self) -> str:
        return str(self.folder / "ca.pem")

    def start(self) -> None:
        command = [SLAPD, "-h", self.url, "-f", str(self.folder / "slapd.conf"), "-d", "0"]
        with (self.folder / "slapd.log").open("ab") as log:
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        end = time.monotonic() + 20
        while time.monotonic() < end:
            with socket.socket() as probe:
                if probe.connect_ex(("127.0.0.1", self.port)) == 0:
                    return
            time.sleep(0.05)
        raise RuntimeError((self.folder / "slapd.log").read_text())

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(timeout=20)
            self.process = None

    def _root(self):
        import ldap

        connection = ldap.initialize(self.url)
        connection.simple_bind_s(ROOT, ROOT_PASSWORD)
        return connection

    def add(self, dn: str, **attributes: str | list[str]) -> None:
        values = {name: [value] if isinstance(value, str) else value for name, value in attributes.items()}
        encoded = [(name, [value.encode() for value in found]) for name, found in values.items()]
        self._root().add_s(dn, encoded)

    def person(self, uid: str, password: str, unit: str = "personas", **more: str | list[str]) -> str:
        dn = f"uid={uid},ou={unit},{BASE}"
        fields = {"cn": uid.title(), "sn": uid, "displayName": f"{uid.title()} Directorio", "mail": f"{uid}@planta.mx"}
        self.add(dn, objectClass="inetOrgPerson", uid=uid, userPassword=password, **{**fields, **more})
        return dn

    def group(self, name: str, *members: str) -> str:
        dn = f"cn={name},ou=grupos,{BASE}"
        self.add(dn, objectClass="groupOfNames", cn=name, member=list(members))
        return dn

    def replace(self, dn: str, attribute: str, *values: str) -> None:
        import ldap

        self._root().modify_s(dn, [(ldap.MOD_REPLACE, attribute, [value.encode() for value in values] or None)])

    def rename(self, dn: str, new: str) -> None:
        self._root().rename_s(dn, new, delold=1)

    def remove(self, dn: str) -> None:
        self._root().delete_s(dn)

    def clear(self) -> None:
        """Back to the empty company."""
        import ldap

        connection = self._root()
        try:
            found = connection.search_s(BASE, ldap.SCOPE_SUBTREE, "(objectClass=*)", ["1.1"])
        except ldap.NO_SUCH_OBJECT:
            found = []
        for dn, _attributes in sorted(found, key=lambda row: -len(row[0])):
            connection.delete_s(dn)
        self.add(BASE, objectClass=["dcObject", "organization"], dc="planta", o="Planta")
        for unit in ("personas", "prov", "grupos"):
            self.add(f"ou={unit},{BASE}", objectClass="organizationalUnit", ou=unit)
        self.add(READER, objectClass=["person"], cn="lector", sn="lector", userPassword=READER_PASSWORD)
