"""Files of references in and out. The content of a file decides its format, never its name.

imported = read_records("export.txt")          # .records [(Record, line)], .problems, .entries, .format
for piece in write_records(records, "ris"): ...
"""

from evidence.exchange.reading import Import, Problem, read_records
from evidence.exchange.writing import FORMATS, write_records

__all__ = ["FORMATS", "Import", "Problem", "read_records", "write_records"]
