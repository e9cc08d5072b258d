from __future__ import annotations

from django.urls import path

from tenfold.apps.pay.views import bands, calculator, offers, own, roles

urlpatterns = [
    path("pay/", calculator.calculator, name="pay"),
    path("pay/roles/<slug:role>/", roles.role, name="pay-role"),
    path("pay/offers/", offers.offers, name="pay-offers"),
    path("pay/bands/", bands.company_bands, name="pay-bands"),
    path("pay/own/", own.own, name="pay-own"),
    path("pay/own/new/", own.new, name="new-pay-upload"),
    path("pay/own/<uuid:pk>/", own.upload, name="pay-upload"),
    path("pay/own/<uuid:pk>/rows/", own.rows, name="pay-upload-rows"),
    path("pay/own/<uuid:pk>/remove/", own.remove, name="remove-pay-upload"),
]
