from __future__ import annotations

from django.urls import path

from tenfold.web.pay import calculator, roles

urlpatterns = [
    path("pay/", calculator.calculator, name="pay"),
    path("pay/roles/<slug:role>/", roles.role, name="pay-role"),
]
