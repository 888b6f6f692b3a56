"""When something first came, and how many tables of a unit came on time. For what is there already, the history says it."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.models import Count, F, Min, OuterRef, Q, Subquery
from django.db.models.functions import Coalesce

CAME = ("finalise", "submit_class")


def fill(apps: Apps, schema_editor: BaseDatabaseSchemaEditor) -> None:
    collections: Any = apps.get_model("collection", "Collection").objects
    events: Any = apps.get_model("collection", "Event").objects
    first = events.filter(collection=OuterRef("pk"), action__in=CAME).order_by().values("collection").annotate(first=Min("at")).values("first")
    collections.update(received_at=Coalesce(Subquery(first), F("finalised_at"), F("submitted_at")))
    sent = collections.filter(parent=OuterRef("pk"), level="class", progress="submitted").order_by().values("parent")
    on_time = sent.annotate(many=Count("pk", filter=Q(received_at__lt=F("round__class_close")))).values("many")
    collections.filter(level="unit").update(classes_on_time=Coalesce(Subquery(on_time), 0))


class Migration(migrations.Migration):
    dependencies = [("collection", "0005_history_is_appended")]
    operations = [
        migrations.AddField("collection", "received_at", models.DateTimeField(blank=True, null=True)),
        migrations.AddField("collection", "classes_on_time", models.PositiveIntegerField(default=0)),
        migrations.RunPython(fill, migrations.RunPython.noop),
    ]
