"""The rules of the trade: pure functions and frozen dataclasses. No files, no Qt, no clock."""
