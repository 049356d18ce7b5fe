"""Without Qt the printed sheet cannot be tested; the words can."""

from importlib.util import find_spec

collect_ignore = [] if find_spec("PySide6") else ["test_verdict_print.py"]
