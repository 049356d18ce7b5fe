"""What the page of projects says: the checklist, and empty tables for others to fill in."""
