"""Pages of a unit: its tasks, its answers before finalising, explanations, its list of classes."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from portal.collection import completeness
from portal.collection.access import author_of, collection_or_404, require
from portal.collection.forms.classes import NewClassForm
from portal.collection.last_year import classes_before
from portal.collection.models import CLASS
from portal.collection.review import as_typed, review_of
from portal.collection.services import classes, copying, explaining
from portal.collection.tasks import tasks_of
from portal.network.models import Level

UNIT = Level.UNIT.value


def seen_other(name: str, pk: int) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse(name, args=[pk]), status=303)


@login_required
def tasks(request: HttpRequest, pk: int) -> HttpResponse:
    """What there is to do in a unit."""
    unit = collection_or_404(request, pk, UNIT)
    found = tasks_of(unit, request.user)  # type: ignore[arg-type]
    returned = unit.events.filter(action="return_section").order_by("-pk").first() if unit.returned_section else None
    tables = completeness.of(unit)[CLASS]
    context = {"collection": unit, "tasks": found, "windows": found.chain.windows, "returned": returned, "tables": tables}
    return render(request, "collection/tasks.html", context)


@login_required
def answers(request: HttpRequest, pk: int) -> HttpResponse:
    """Every answer of a unit or a class, what is missing and what is unusual, before finalising and after."""
    collection = collection_or_404(request, pk, UNIT, CLASS)
    require(request, "view", collection)
    return render(request, "collection/answers.html", {"collection": collection, "review": review_of(collection, request.user)})  # type: ignore[arg-type]


@login_required
@require_POST
def explain(request: HttpRequest, pk: int) -> HttpResponse:
    """Write the reasons asked for; each text goes with its check and its place. One that may not be kept keeps all from being written."""
    unit = collection_or_404(request, pk, UNIT)
    faults = explaining.faults(request.POST)
    if faults:
        review = as_typed(review_of(unit, request.user), request.POST, faults)  # type: ignore[arg-type]
        problems = [(remark.name, remark.fault) for remark in review.remarks if remark.fault]
        return render(request, "collection/answers.html", {"collection": unit, "review": review, "problems": problems}, status=422)
    written = explaining.explain_all(unit, request.POST, author_of(request))
    if written:
        messages.success(request, _("Explicațiile au fost salvate."))
    return seen_other("collection:answers", pk)


@login_required
def add_class(request: HttpRequest, pk: int) -> HttpResponse:
    """A new class, by its name; its parameters are asked next."""
    unit = collection_or_404(request, pk, UNIT)
    require(request, "define_classes", unit)
    form = NewClassForm(request.POST or None, unit=unit)
    if request.method == "POST" and form.is_valid():
        made = classes.add_class(unit, author_of(request), form.cleaned_data["name"])
        return HttpResponseRedirect(reverse("collection:board", args=[made.pk]), status=303)
    return render(request, "collection/add_class.html", {"collection": unit, "form": form}, status=422 if form.errors else 200)


@login_required
def copy_classes(request: HttpRequest, pk: int) -> HttpResponse:
    """The classes of last year once more: shown first, then copied."""
    unit = collection_or_404(request, pk, UNIT)
    require(request, "define_classes", unit)
    if request.method == "POST":
        many = copying.copy_classes(unit, author_of(request))
        messages.success(request, _("Clase copiate: {many}. Scrieți la fiecare câți elevi are acum.").format(many=many))
        return seen_other("collection:tasks", pk)
    listed = classes_before(unit)
    year = listed[0].round.school_year if listed else ""
    return render(request, "collection/copy_classes.html", {"collection": unit, "classes": listed, "year": year})


@login_required
def remove_class(request: HttpRequest, pk: int) -> HttpResponse:
    """Take away a class that nobody has begun: asked first, then done."""
    school_class = collection_or_404(request, pk, CLASS)
    unit = school_class.parent
    assert unit is not None
    require(request, "define_classes", unit)
    if request.method == "POST":
        classes.remove_class(school_class, author_of(request))
        messages.success(request, _("Clasa {name} a fost ștearsă din listă.").format(name=school_class.name))
        return seen_other("collection:tasks", unit.pk)
    return render(request, "collection/remove_class.html", {"collection": school_class, "unit": unit})
