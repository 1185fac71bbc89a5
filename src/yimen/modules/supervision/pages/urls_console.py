"""Addresses under ``/console/supervision/``."""

from django.urls import path

from yimen.modules.supervision.pages import cards, losing, rules, scores

app_name = "supervision_console"
urlpatterns = [
    path("", cards.card_list, name="cards"),
    path("cards/<str:number>/", cards.card, name="card"),
    path("cards/<str:number>/paper/", cards.card_paper, name="paper"),
    path("cards/<str:number>/evidence/<int:key>/", cards.evidence, name="evidence"),
    path("rules/", rules.rule_list, name="rules"),
    path("rules/new/", rules.edit, name="rule_new"),
    path("rules/<slug:code>/", rules.rule, name="rule"),
    path("rules/<slug:code>/edit/", rules.edit, name="rule_edit"),
    path("rules/<slug:code>/switch/", rules.switch, name="rule_switch"),
    path("rules/<slug:code>/try/", rules.start_trial, name="rule_try"),
    path("trials/<int:key>/", rules.trial, name="trial"),
    path("trials/<int:key>/mark/", rules.mark, name="trial_mark"),
    path("time/", losing.lost, name="losing"),
    path("time/export.<str:form>", losing.export, name="losing_export"),
    path("evaluation/", losing.evaluation, name="evaluation"),
    path("scores/", scores.rounds, name="scores"),
    path("scores/compute/", scores.compute, name="compute"),
    path("scores/formula/", scores.formula, name="formula"),
    path("scores/<int:key>/", scores.round_page, name="round"),
    path("scores/of/<int:key>/", scores.score_page, name="score"),
]
