"""PubMed: the E-utilities over HTTP, searches of any size, and the XML that comes back."""
