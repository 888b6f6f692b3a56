"""``manage.py import_classes FILE [--county AB] [--year 2025-2026] [--apply] [--clear-missing]``: as the import pages do."""

from portal.structure.management.importing import ImportCommand


class Command(ImportCommand):
    help = "Verifică o listă a claselor unui an școlar și, la cerere, o aplică."
    kind = "classes"
