"""Every address of the product, under the path prefix when there is one."""

from django.conf import settings
from django.urls import include, path

urlpatterns = [path(settings.URL_PREFIX, include("portal.rounds.urls"))]
handler404 = "portal.ui.views.page_not_found"
handler500 = "portal.ui.views.server_error"
