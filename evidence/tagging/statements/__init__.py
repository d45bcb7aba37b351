"""What a record states beside its findings: the comparator, the blinding, who paid, and authors' interests."""
