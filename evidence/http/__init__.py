"""Paced, bounded, patient HTTP, for every service that is asked."""
