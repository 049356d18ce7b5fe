"""Answers of siting as documents."""
