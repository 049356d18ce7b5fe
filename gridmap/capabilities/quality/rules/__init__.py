"""Quality of readings: what publishers' flags mean, and checks that look for what is doubtful."""
