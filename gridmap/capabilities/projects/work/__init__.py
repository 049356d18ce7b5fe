"""What a project holds, and what an empty table for others looks like."""
