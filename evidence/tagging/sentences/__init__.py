"""What each sentence of a record is for."""
