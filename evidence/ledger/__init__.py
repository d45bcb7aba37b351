"""The claims of health articles, with what they cite, and when they must be read again (pure)."""
