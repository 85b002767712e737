"""`python prsystem/probe.py [PATH]`: exit 0 when this web server answers 200, for the health check of an image without
shell tools. Run as a file: nothing of the application is imported, so that it costs little every ten seconds."""

import http.client
import os
import sys

SECONDS = 4


def main(path: str = "/api/health") -> int:
    connection = http.client.HTTPConnection("127.0.0.1", int(os.environ.get("PORT") or 8000), timeout=SECONDS)
    # As nginx would ask: plain HTTP is sent on to HTTPS, unknown names are refused.
    host = os.environ.get("ALLOWED_HOSTS", "localhost").split(",")[0].strip().lstrip(".") or "localhost"
    try:
        connection.request("GET", path, headers={"Host": host, "X-Forwarded-Proto": "https"})
        return 0 if connection.getresponse().status == 200 else 1
    except (OSError, http.client.HTTPException):
        return 1
    finally:
        connection.close()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:2]))
