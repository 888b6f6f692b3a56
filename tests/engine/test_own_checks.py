"""Checks told while one is typing are those that the whole computation gives, and only those that look at nothing beside the place."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

import engine
from engine.own_checks import are_all_own, own_checks
from tests.conftest import ROOT


@pytest.mark.django_db
def test_the_checks_of_one_class_alone_are_those_of_the_whole_round() -> None:
    from portal.collection.computing import compute
    from portal.collection.contexts import class_context
    from portal.collection.models import ClassTable
    from tests.portal import worked_round

    worked = worked_round.build()
    computed = compute(worked.school)
    fired_somewhere = set()
    for school_class in worked.classes.values():
        context = class_context(school_class)
        places = dict(context.places)
        places["class"].tables = [bytes(ClassTable.objects.get(collection=school_class).content)]
        alone = [check.code for check in own_checks(worked.methodology, "class", places)]
        checks = [check for check in worked.methodology.checks.values() if check.level == "class"]
        assert alone == [one.check.code for one in computed.fired(school_class, checks) if one.collection.pk == school_class.pk]
        fired_somewhere |= set(alone)
    assert len(fired_somewhere) > 1


def test_a_check_that_looks_at_siblings_is_left_to_the_whole_computation(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "indicators" / "2025-2026", tmp_path / "m"))
    checks = folder / "validations.yaml"
    added = """
  - code: V-T-90
    level: class
    section: basic
    severity: note
    message: {ro: Clasa este mai mare decât jumătatea unității.}
    formula: 'n * 2 <= unit.n'
    fields: [cls_pupils]
"""
    text = checks.read_text("utf-8")
    checks.write_text(text.replace("validations:\n", f"validations:{added}", 1), "utf-8")
    widened = engine.load_methodology(folder)
    assert "V-T-90" in widened.checks
    assert not are_all_own(widened, "class")
    assert are_all_own(engine.load_methodology(ROOT / "indicators" / "2025-2026"), "class")
