"""What makes a whole file impossible to import; single rows become findings instead."""

from gridmap.texts import GridMapError


class IntakeError(GridMapError):
    """A file cannot be read or does not have what its layer needs; facts name the file."""
