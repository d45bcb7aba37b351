"""PubMed's own files (the yearly baseline and the daily updates) read without E-utilities."""
