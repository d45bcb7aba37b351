"""The check of a draft: its references, numbers and claims, sentence by sentence (pure)."""
