"""What people type becomes a stored answer, or a refusal with a code: one pure function a type of field.

=========  ===============================================================
refusal    why something is not accepted
numbers    whole and decimal numbers, with either sign for the decimals
texts      free text, spaces, control characters, comma-below letters
values     choices, yes or no, dates, places; which function reads a field
personal   personal codes, telephones and addresses, which no text may hold
=========  ===============================================================
"""

from engine.typed.personal import refuse_personal
from engine.typed.refusal import Refused
from engine.typed.values import Reader, reader_of

__all__ = ["Reader", "Refused", "reader_of", "refuse_personal"]
