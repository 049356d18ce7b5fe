"""Covering: where the next sites cover most, or how few cover enough, with proof."""
