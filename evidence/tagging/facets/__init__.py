"""Which modality, outcome and condition a record studies, and whether it is in scope."""
