"""What a project lacks, and empty tables for those who deliver it, on the command line."""
