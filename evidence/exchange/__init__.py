"""Files of references in and out. The content of a file decides its format, never its name.

imported = reading.read_records("export.txt")          # .records [(Record, line)], .problems, .entries, .format
for piece in writing.write_records(records, "ris"): ...

``pubmed`` reads PubMed's XML; a build reads the stored answers with it, so this module imports none of the others.
"""
