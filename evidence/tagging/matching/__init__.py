"""The vocabulary, and where its terms stand in a text."""
