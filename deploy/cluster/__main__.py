"""`make cluster` and `make cluster-down`."""

import sys

from .topology import main

main(sys.argv[1:])
