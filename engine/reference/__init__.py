"""The reference evaluator: one place at a time, with exact fractions. It *is* the meaning of the language.

Typed trees become closures once a methodology (``meanings``); a closure is asked at a place (``places``) and gives a bare scalar, or a
``Value`` where bits or a coverage have to be carried. Missing: every rule of the language lives in ``engine.formula.scalars``
(operations), ``engine.members`` (aggregates) and ``quantities`` (conditions, the rule of a calculation); the columns evaluator has to
agree. Never for whole countries: that is what columns are for.
"""

from engine.reference.evaluator import Reference

__all__ = ["Reference"]
