from __future__ import annotations

from django.urls import path

from tenfold.apps.offers.views import candidate, writing

urlpatterns = [
    path("candidate/<str:token>/offer/", candidate.candidate_offer, name="candidate-offer"),
    path("candidate/<str:token>/offer.pdf", candidate.candidate_offer_pdf, name="candidate-offer-pdf"),
    path("hiring/offers/", writing.offers, name="offers"),
    path("hiring/applications/<uuid:pk>/offer/", writing.write_offer, name="write-offer"),
    path("hiring/offers/<uuid:pk>/", writing.offer, name="offer"),
    path("hiring/offers/<uuid:pk>/preview/", writing.preview, name="preview-offer"),
    path("hiring/offers/<uuid:pk>/approve/", writing.approve, name="approve-offer"),
    path("hiring/offers/<uuid:pk>/send/", writing.send, name="send-offer"),
    path("hiring/offers/<uuid:pk>/take-back/", writing.take_back, name="take-back-offer"),
    path("hiring/offers/<uuid:pk>/withdraw/", writing.withdraw, name="withdraw-offer"),
    path("hiring/offer-questions/<uuid:pk>/", writing.answer_question, name="answer-offer-question"),
]
