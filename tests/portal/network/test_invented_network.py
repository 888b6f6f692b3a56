"""The invented network, and the commands that fill the network."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import CommandError, call_command

from portal.network import codes, counties, services, synthetic
from portal.network.models import ClassRecord, Level, Place
from portal.structure.models import NetworkImport
from tests.portal.network.books import book, listed
from tests.portal.network.test_network_lists import ABRUD, LYCEUM, NURSERY
from tests.portal.network.test_pupils_and_classes import CLASSES, PLAN, VA

pytestmark = pytest.mark.django_db


def call(*arguments: str) -> str:
    out = StringIO()
    call_command(*arguments, stdout=out)
    return out.getvalue()


def counts() -> tuple[int, int, int, int]:
    levels = [Place.objects.filter(level=level).count() for level in (Level.COUNTY, Level.SCHOOL, Level.UNIT)]
    return levels[0], levels[1], levels[2], ClassRecord.objects.count()


def test_the_demonstration_county_has_twelve_schools_thirty_units_and_two_hundred_classes() -> None:
    assert "Locuri noi: 44. Clase noi în 2025-2026: 200." in call("seed_network", "--invented", "--year", "2025-2026")
    assert counts() == (1, 12, 30, 200)
    assert not Place.objects.filter(collects=False).exists()


def test_the_same_seed_changes_nothing_and_another_gives_another_network() -> None:
    call("seed_network", "--invented", "--seed", "7", "--year", "2025-2026")
    before = list(Place.objects.order_by("pk").values()), list(ClassRecord.objects.order_by("pk").values())
    assert "Locuri noi: 0. Clase noi în 2025-2026: 0." in call("seed_network", "--invented", "--seed", "7", "--year", "2025-2026")
    assert (list(Place.objects.order_by("pk").values()), list(ClassRecord.objects.order_by("pk").values())) == before
    assert synthetic.county(0, synthetic.Size(), 7) != synthetic.county(0, synthetic.Size(), 8)


def test_invented_codes_are_well_formed_consistent_and_of_no_county() -> None:
    found = [row["code"] for index in (0, 20, 41) for row in synthetic.county(index, synthetic.Size(40, 100, 700), 1)[0]]
    assert len(set(found)) == len(found) == 300
    assert all(codes.well_formed(code) and codes.consistent(code) and counties.of_code(code) is None for code in found)


@pytest.mark.parametrize("size", [synthetic.Size(1, 1, 1), synthetic.Size(3, 3, 3), synthetic.Size.of(60)])
def test_an_invented_county_has_the_size_asked_for(size: synthetic.Size) -> None:
    units, classes = synthetic.county(3, size, 2)
    assert len(units) == size.units and len(classes) == size.classes
    assert sum(unit["code"] == unit["school_code"] for unit in units) == size.schools
    assert len({(row["unit_code"], row["cls_name"]) for row in classes}) == size.classes
    assert all(3 <= row["cls_pupils"] <= 34 and len(row["cls_name"]) <= 20 for row in classes)
    assert sum(unit["pupils_total"] for unit in units) == sum(row["cls_pupils"] for row in classes)


def test_shares_are_whole_at_least_one_and_add_up() -> None:
    for weights, total in (([1.0, 2.0, 3.0], 10), ([5.0], 1), ([0.1, 9.0, 9.0], 3)):
        shares = synthetic.shares(weights, total)
        assert sum(shares) == total and min(shares) >= 1


def test_several_counties_are_made_in_one_call() -> None:
    call("seed_network", "--invented", "--counties", "3", "--schools", "2", "--year", "2025-2026")
    assert counts() == (3, 6, 12, 120)
    with pytest.raises(CommandError, match="între 1 și 42"):
        call("seed_network", "--invented", "--counties", "43")


def test_without_arguments_the_newest_lists_of_the_folder_are_taken_and_without_lists_a_network_is_invented(
    tmp_path: Path, settings: LazySettings
) -> None:
    settings.OFFICIAL_LISTS = tmp_path / "nowhere"
    assert "Locuri noi: 44." in call("seed_network")
    settings.OFFICIAL_LISTS = tmp_path
    (tmp_path / "retea-2023.xlsx").write_bytes(b"old")
    (tmp_path / "retea-2024.xlsx").write_bytes(listed(ABRUD, NURSERY))
    (tmp_path / "unitati_profil.xlsx").write_bytes(book(PLAN, ["0161100031", "Primar", "română", 77, 3]))
    assert call("seed_network").count("Aplicat.") == 2
    assert Place.objects.get(level=Level.UNIT, code="0161100031").attributes["pupils_total"] == 77


def test_a_list_of_pupils_alone_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="împreună cu cea a rețelei"):
        call("seed_network", "--pupils", str(tmp_path / "p"))


def test_the_commands_do_a_dry_run_unless_told_to_apply(tmp_path: Path) -> None:
    file = tmp_path / "lista.xlsx"
    file.write_bytes(listed(ABRUD, NURSERY, LYCEUM))
    out = call("import_network", str(file))
    assert "nu s-a schimbat nimic" in out and "Noi: " in out and "3 unități" in out
    assert not Place.objects.exists() and NetworkImport.objects.get().state == "abandoned"
    assert "Aplicat." in call("import_network", str(file), "--apply")
    record = NetworkImport.objects.latest("pk")
    assert (record.state, record.through, record.content, record.file_name) == ("applied", "command", b"", "lista.xlsx")
    assert counts() == (1, 2, 3, 0)


def test_pupils_and_classes_are_imported_by_their_commands(tmp_path: Path) -> None:
    for name, content in (("n", listed(ABRUD, NURSERY)), ("p", book(PLAN, ["0161100031", "Primar", "română", 77, 3])), ("c", book(CLASSES, VA))):
        (tmp_path / name).write_bytes(content)
    call("seed_network", "--file", str(tmp_path / "n"), "--pupils", str(tmp_path / "p"))
    call("import_classes", str(tmp_path / "c"), "--year", "2025-2026", "--county", "ab", "--apply")
    assert Place.objects.get(level=Level.UNIT, code="0161100031").attributes["pupils_total"] == 77
    assert ClassRecord.objects.get().code == "VA"


def test_a_command_says_what_is_wrong_and_applies_nothing(tmp_path: Path) -> None:
    (tmp_path / "n").write_bytes(listed(NURSERY))
    with pytest.raises(CommandError, match="Lista are probleme de corectat"):
        call("import_network", str(tmp_path / "n"), "--apply")
    (tmp_path / "p").write_bytes(b"%PDF-1.7")
    with pytest.raises(CommandError, match="document PDF"):
        call("import_network", str(tmp_path / "p"))
    with pytest.raises(CommandError, match="nu se poate citi"):
        call("import_network", str(tmp_path / "absent"))
    with pytest.raises(CommandError, match="Județul CJ nu este"):
        call("import_network", str(tmp_path / "n"), "--county", "CJ")
    assert not Place.objects.exists()


def test_an_invented_network_is_written_all_or_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    from portal.network.importing import applying

    monkeypatch.setattr(applying, "write_classes", lambda plan: 1 / 0)
    with pytest.raises(ZeroDivisionError):
        services.seed([0], synthetic.Size(), 1, "2025-2026")
    assert not Place.objects.exists()
