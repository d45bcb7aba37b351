"""The neuromodulation evidence tracker: PubMed records on neuromodulation for pain, checked and published."""
