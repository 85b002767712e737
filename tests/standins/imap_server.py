"""A small IMAP server on loopback: one folder in memory, what a poller needs of RFC 3501."""

import re
import socketserver
import threading

_COMMAND = re.compile(r"(\S+) (UID )?(\w+) ?(.*)", re.IGNORECASE)


class _Session(socketserver.StreamRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        self._say("* OK [CAPABILITY IMAP4rev1] ready")
        while line := self.rfile.readline():
            match = _COMMAND.match(line.decode().strip())
            if match is None:
                return
            tag, _uid, name, rest = match.groups()
            self.server.mailbox.log.append(f"{name.upper()} {rest}")
            status = getattr(self, f"do_{name.lower()}", self._unknown)(rest)
            self._say(f"{tag} {status} done")
            if name.upper() == "LOGOUT":
                return

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")

    def _unknown(self, rest: str) -> str:
        return "BAD unknown"

    def do_capability(self, rest: str) -> str:
        self._say("* CAPABILITY IMAP4rev1")
        return "OK"

    def do_login(self, rest: str) -> str:
        user, password = (part.strip('"') for part in rest.split(" ", 1))
        return "OK" if (user, password) == ("buzon", "secreto") else "NO bad credentials"

    def do_select(self, rest: str) -> str:
        self._say(f"* {len(self.server.mailbox.mails)} EXISTS")
        return "OK [READ-WRITE]"

    def do_search(self, rest: str) -> str:
        box = self.server.mailbox
        unseen = [str(uid) for uid in sorted(box.mails) if uid not in box.seen]
        self._say(f"* SEARCH {' '.join(unseen)}".rstrip())
        return "OK"

    def do_fetch(self, rest: str) -> str:
        uid = int(rest.split()[0])
        raw = self.server.mailbox.mails[uid]
        if "RFC822.SIZE" in rest:
            self._say(f"* {uid} FETCH (UID {uid} RFC822.SIZE {len(raw)})")
            return "OK"
        self.wfile.write(f"* {uid} FETCH (UID {uid} BODY[] {{{len(raw)}}}\r\n".encode() + raw + b")\r\n")
        return "OK"

    def do_store(self, rest: str) -> str:
        if r"\Seen" in rest:
            self.server.mailbox.seen.add(int(rest.split()[0]))
        return "OK"

    def do_logout(self, rest: str) -> str:
        self._say("* BYE")
        return "OK"


class _Server(socketserver.ThreadingTCPServer):
    allow_reuse_address = daemon_threads = True
    mailbox: "ImapStandIn"


class ImapStandIn:
    """`with ImapStandIn() as box:` serves `box.mails` (uid -> bytes) at `box.url`, to the account `buzon`."""

    def __init__(self) -> None:
        self.mails: dict[int, bytes] = {}
        self.seen: set[int] = set()
        self.log: list[str] = []

    def __enter__(self) -> "ImapStandIn":
        self._server = _Server(("127.0.0.1", 0), _Session)
        self._server.mailbox = self
        self.url = f"imap://buzon:secreto@127.0.0.1:{self._server.server_address[1]}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def add(self, raw: bytes) -> int:
        uid = len(self.mails) + 1
        self.mails[uid] = raw
        return uid
