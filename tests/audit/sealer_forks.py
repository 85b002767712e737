"""`python -m tests.audit.sealer_forks ROUNDS SEED`: two sealers at once, both killed (-9) at a random moment, again and
again. The parent never opens a connection, so that each child makes its own. Prints how often a child was killed."""

import os
import random
import signal
import sys
import time

import django


def seal_for_ever() -> None:
    from audit.seals import sealing

    sealing.MAX_BATCH = 40
    while True:
        sealing.batch_seal()
        time.sleep(0.001)


def main(rounds: int, seed: int) -> None:
    django.setup()
    from audit import sealer

    assert sealer.PAUSE_SECONDS
    chance, killed = random.Random(seed), 0
    for _round in range(rounds):
        children = []
        for _sealer in range(2):
            child = os.fork()
            if not child:
                seal_for_ever()
            children.append(child)
        time.sleep(0.03 + chance.random() * 0.25)
        for child in children:
            os.kill(child, signal.SIGKILL)
            os.waitpid(child, 0)
            killed += 1
    print(killed)


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
