"""What every printed record has, whoever prints it: names, journals, identifiers, registrations, kinds in titles.

Pure: every other room imports from here and this room imports only layer-0 modules.
"""
