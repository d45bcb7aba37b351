"""Numbers of drafts and sources: find them, and line them up."""
