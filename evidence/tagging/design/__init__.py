"""Study design, evidence level and design flags of a record."""
