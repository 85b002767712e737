"""Doorbell, vector index, embedder, object store, model nodes and directory of the loopback topology."""

import subprocess
import sys
from pathlib import Path

from prsystem.runner import programs
from prsystem.runner.endpoints import LOOPBACK
from prsystem.runner.program import Program, RunnerError
from prsystem.runner.servers import valkey

from . import installed
from .site import BASE_DN, NODES, Site

SCHEMAS, MODULES = Path("/etc/ldap/schema"), Path("/usr/lib/ldap")
_SLAPD = """include {schemas}/core.schema
include {schemas}/cosine.schema
include {schemas}/inetorgperson.schema
modulepath {modules}
moduleload back_mdb
pidfile {folder}/slapd.pid
database mdb
suffix "{base}"
rootdn "cn=raiz,{base}"
rootpw {password}
directory {folder}/datos
maxsize 33554432
access to attrs=userPassword by anonymous auth by * none
access to * by * read
"""
_ENTRIES = """dn: {base}
objectClass: dcObject
objectClass: organization
o: Planta
dc: planta

dn: ou=personas,{base}
objectClass: organizationalUnit
ou: personas

dn: cn=lector,{base}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: lector
userPassword: {password}

dn: uid=rosa,ou=personas,{base}
objectClass: inetOrgPerson
uid: rosa
cn: Rosa Directorio
sn: Directorio
mail: rosa@planta.mx
userPassword: Demostracion-2026
"""


def valkey_program(site: Site) -> Program:
    options = {
        "--bind": LOOPBACK,
        "--port": str(site.ports["valkey"]),
        "--requirepass": site.secrets["redis"],
        "--dir": str(site.layout.run),
        "--save": "",
        "--appendonly": "no",
        "--maxmemory": valkey.MAX_MEMORY,
        "--maxmemory-policy": "volatile-lru",
    }
    return Program("valkey", (str(valkey.binary()), *(part for pair in options.items() for part in pair)))


def store_program(site: Site) -> Program:
    """moto speaks S3 and keeps everything in memory: for trying, no store to keep anything in."""
    command = (sys.executable, "-m", "moto.server", "-H", LOOPBACK, "-p", str(site.ports["s3"]))
    return Program("s3", command)


def model_programs(site: Site) -> tuple[Program, ...]:
    """Chroma and the embedder are real; the three nodes speak Ollama's wire format without a model."""
    nodes = tuple(
        Program(name, (sys.executable, "-m", "tests.standins.ollama_node", "--port", str(site.ports[name])))
        for name in NODES
    )
    own = tuple(programs.model_program(site.layout, name, site.ports[name]) for name in ("chroma", "embedder"))
    return (*own, *nodes)


def directory_program(site: Site) -> Program:
    folder = site.data / "ldap"
    (folder / "datos").mkdir(parents=True, exist_ok=True)
    values = {"schemas": SCHEMAS, "modules": MODULES, "folder": folder, "base": BASE_DN}
    config = folder / "slapd.conf"
    config.touch(mode=0o600)
    config.write_text(_SLAPD.format(password=site.secrets["ldap"], **values), encoding="utf-8")
    address = f"ldap://{LOOPBACK}:{site.ports['ldap']}"
    return Program("ldap", (installed.binary("slapd"), "-h", address, "-f", str(config), "-d", "0"))


def fill_directory(site: Site) -> None:
    """The first entries, before its first start; rosa signs in with the password of the demo."""
    folder = site.data / "ldap"
    if (folder / "datos" / "data.mdb").exists():
        return
    entries = _ENTRIES.format(base=BASE_DN, password=site.secrets["ldap"])
    command = (installed.binary("slapd"), "-T", "add", "-f", str(folder / "slapd.conf"))
    done = subprocess.run(command, input=entries, text=True, capture_output=True, check=False)
    if done.returncode:
        raise RunnerError(f"el directorio LDAP no se pudo llenar: {done.stderr.strip().splitlines()[-1]}")
