"""The web server: `python -m prsystem.web`.

`__main__` starts Granian, `door` is the application that Granian runs, `bodies` takes what clients send, `answers`
makes what they get, `sockets` bounds what they leave unread.
Why a door: docs/decisions/0016-una-puerta-ante-los-hilos.md.
"""
