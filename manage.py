#!/usr/bin/env python
"""Command line of PR-System; in embedded mode it starts the private servers a command needs."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "prsystem.settings")
    from prsystem.env import ConfigurationError
    from prsystem.runner.program import RunnerError

    try:
        from prsystem.runner.commands import servers_for_command

        with servers_for_command(sys.argv):
            from django.core.management import execute_from_command_line

            execute_from_command_line(sys.argv)
    except (ConfigurationError, RunnerError) as error:
        sys.exit(f"pr-system: {error}")


if __name__ == "__main__":
    main()
