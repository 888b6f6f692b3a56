"""Every address of the product, under the path prefix when there is one."""

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.urls import URLPattern, URLResolver, include, path

from portal.accounts import languages

pages: list[URLPattern | URLResolver] = [
    path("", include("portal.ui.urls")),
    path("", include("portal.accounts.urls")),
    path("", include("portal.rounds.urls")),
    path("", include("portal.collection.urls")),
    path("contact/", include("portal.contact.urls")),
    path("retea/", include("portal.structure.urls")),
    path("", include("exports.urls")),
    path("limba/", login_not_required(languages.choose), name="set_language"),
]
urlpatterns = [path(settings.URL_PREFIX, include(pages))]
handler400 = "portal.ui.views.bad_request"
handler403 = "portal.ui.views.permission_denied"
handler404 = "portal.ui.views.page_not_found"
handler429 = "portal.ui.views.too_many_requests"
handler500 = "portal.ui.views.server_error"
