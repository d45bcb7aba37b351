"""The index of every PubMed record by what a reference prints of it: title, first author, year, place, identifiers.

    build_index(rows, directory, covers=None)       rows: IndexRow, in any order; bounded memory; put in place at once
    write_shard(rows, shard); merge_shards(shards, directory, covers)   the same in two steps, for several processes
    row_of(record) -> IndexRow                      of a parsed record
    reader.PubMedIndex.open(directory)              memory-mapped; finds near-miss titles too

No abstracts. What the files hold: :mod:`.manifest`.
"""

from evidence.pubmed_index.build import build_index, merge_shards
from evidence.pubmed_index.manifest import Covers, Manifest, read_manifest
from evidence.pubmed_index.rows import IndexRow, row_of
from evidence.pubmed_index.shards import write_shard

__all__ = ["Covers", "IndexRow", "Manifest", "build_index", "merge_shards", "read_manifest", "row_of", "write_shard"]
