"""Answers for people and machines: sentences, text, JSON, printed sheets. No widgets."""
