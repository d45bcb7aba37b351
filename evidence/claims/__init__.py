"""Claims of health articles: the ledger, the references they lean on, and the check of a draft (pure)."""
