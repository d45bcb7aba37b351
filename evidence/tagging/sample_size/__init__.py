"""How many people a record studied, with the words that say so."""
