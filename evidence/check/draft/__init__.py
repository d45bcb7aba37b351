"""A draft as the check reads it: sentences, tags, everyday words, hedges."""
