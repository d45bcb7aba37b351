"""A record as the tagger reads it: sentences with offsets, abbreviations, number words."""
