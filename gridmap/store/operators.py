"""Who works with a project, as far as the system knows."""

import getpass


def login() -> str:
    """The name under which somebody is logged in, "" where the system knows none."""
    try:
        return getpass.getuser()
    except (OSError, KeyError, ImportError):
        return ""
