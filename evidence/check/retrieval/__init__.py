"""Which sentences, reports and reviewed claims bear on a sentence."""
