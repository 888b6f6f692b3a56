"""Django forms made of a methodology: the only part of the engine that knows a web framework, and no database.

A form shows the fields of one step and hands what was typed to ``engine.answers``, which alone decides what is relevant, required, valid.

======  ============================================================
fields  one field of a methodology as a form field with its control
texts   texts of a methodology in the language of the reader
steps   the form of a step, the forms of a repeating step
======  ============================================================
"""

from engine.forms.fields import Answer
from engine.forms.steps import ItemsForm, StepForm
from engine.forms.texts import Untranslated, like, spoken, text_in

__all__ = ["Answer", "ItemsForm", "StepForm", "Untranslated", "like", "spoken", "text_in"]
