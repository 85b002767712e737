"""What runs in the image of deploy/postgres/Dockerfile: writes Patroni's configuration from the environment and the
secrets, and becomes Patroni. Only the standard library: nothing of the application is in that image.

PRS_PG_NAME is this server's name, and that on the network unless PRS_PG_HOST is; PRS_PG_ETCD are the addresses of etcd,
PRS_PG_CLIENTS the network that may connect, PRS_PG_PARAMETERS more of PostgreSQL's settings as JSON.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

from patroni_settings import Server, settings

HERE = Path(__file__).parent
WORDS = ("superuser", "replicator", "rewinder")


def secret(name: str) -> str:
    """The content of the file `pg_<name>` in PRS_SECRETS_DIR; OSError when it isn't there."""
    folder = Path(os.environ.get("PRS_SECRETS_DIR", "/run/secrets"))
    return (folder / f"pg_{name}").read_text(encoding="utf-8").strip()


def configuration(given: dict[str, str]) -> dict[str, Any]:
    """patroni.yml out of the environment; KeyError names a variable that is missing."""
    name, folder = given["PRS_PG_NAME"], Path(given["PRS_PG_RUN"])
    host = given.get("PRS_PG_HOST", name)
    port, api_port = given.get("PRS_PG_PORT", "5432"), given.get("PRS_PG_API_PORT", "8008")
    server = Server(
        name=name,
        listens=f"{given.get('PRS_PG_LISTEN', '0.0.0.0')}:{port}",  # noqa: S104 # the networks of the stack are its own
        reached=f"{host}:{port}",
        api_listens=f"{given.get('PRS_PG_LISTEN', '0.0.0.0')}:{api_port}",  # noqa: S104
        api_reached=f"{host}:{api_port}",
        etcd=tuple(given["PRS_PG_ETCD"].split(",")),
        folder=folder,
        data=Path(given["PRS_PG_DATA"]),
        binaries=Path(given["PRS_PG_BIN"]),
        superuser="postgres",
        passwords={word: secret(word) for word in WORDS},
        clients=given["PRS_PG_CLIENTS"],
        parameters=json.loads(given.get("PRS_PG_PARAMETERS", "{}")),
    )
    found = settings(server)
    # Restarts and switchovers are asked for over HTTP: not by everybody on the network.
    found["restapi"]["authentication"] = {"username": "patroni", "password": secret("patroni")}
    found["bootstrap"]["post_bootstrap"] = str(HERE / "create-database.sh")
    return found


def main() -> None:
    given = dict(os.environ)
    path = Path(given["PRS_PG_RUN"]) / "patroni.yml"
    path.touch(mode=0o600)
    path.write_text(json.dumps(configuration(given)), encoding="utf-8")  # JSON is YAML as well
    os.execv(sys.executable, [sys.executable, "-m", "patroni", str(path)])  # noqa: S606 # it takes this process' place


if __name__ == "__main__":
    main()
