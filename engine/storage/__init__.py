"""The stored form of a table: compact bytes that the pinned version of the methodology reads for ever.

==========  ================================================================
layout      which columns a table has, how each value becomes a whole number
header      the bytes in front: what a document says of itself
documents   one table: rows to bytes and back, its content digest
bulk        many tables at once, from columns and back into columns of a data set
digests     the content digests of many tables
==========  ================================================================
"""

from engine.storage.bulk import Decoded, decode_tables, encode_tables
from engine.storage.digests import content_digests
from engine.storage.documents import content_digest, decode_table, dump_table, encode_table
from engine.storage.header import StorageError

__all__ = [
    "Decoded",
    "StorageError",
    "content_digest",
    "content_digests",
    "decode_table",
    "decode_tables",
    "dump_table",
    "encode_table",
    "encode_tables",
]
