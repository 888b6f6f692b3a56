"""From a file that somebody sends to a difference that can be shown, applied and undone.

::

    bytes ─ reading ──► Workbook      a child process with limits reads it (reader: signatures, archive, spreadsheet, delimited)
          ─ headers ──► Mapping       where the header is, which column is which field (columns, values: data files of the room)
          ─ records ──► Reading       rows as typed values, problems by cell, totals, repeated rows (cells, problems)
          ─ places | pupils | classes ──► Plan       what would change, against what the database has now
          ─ applying ──► the same plan written in one transaction, and the difference by which it is undone

The stages before ``places`` know no database; the child process knows no Django.
"""
