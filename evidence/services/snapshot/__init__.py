"""``evidence snapshot``: one build as a data set to cite, to read with other programs, the same bytes each time.

    DIR/evidence.sqlite           the public tables, without any abstract (unless settings include them)
    DIR/parquet/TABLE.parquet     the same tables for pandas, DuckDB, R
    DIR/datapackage.json          Frictionless Data Package: every column of every table
    DIR/ro-crate-metadata.json    RO-Crate 1.1: what the files are, by whom, under which licence
    DIR/CITATION.cff              how to cite it
    DIR/SEARCHES.md               the searches as PRISMA-S asks for them
    DIR/FLOW.md                   the flow of records as PRISMA 2020 and its extension for living reviews ask for it
    DIR/SHA256SUMS                of every file above

Every date in it is the build's: two snapshots of one build are the same, byte for byte, whenever they are made.
"""

from evidence.services.snapshot.make import Snapshot, snapshot

__all__ = ["Snapshot", "snapshot"]
