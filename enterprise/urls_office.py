"""The pages of the filing office."""

from __future__ import annotations

from django.urls import URLPattern, path

from enterprise.views.office import (
    acts,
    agents,
    beginning,
    bulk,
    case,
    editing,
    figures,
    files,
    imports,
    people,
    queue,
    search,
)

urlpatterns: list[URLPattern] = [
    path("office", queue.queue, name="queue"),
    path("office/next", queue.next_case, name="next_case"),
    path("office/bulk", bulk.bulk, name="bulk"),
    path("office/search", search.case_search, name="case_search"),
    path("office/figures", figures.show, name="figures"),
    path("office/figures.csv", figures.as_csv, name="figures_csv"),
    path("office/imports", imports.imports, name="imports"),
    path("office/imports/template.xlsx", imports.import_template, name="import_template"),
    path("office/imports/<int:run_id>", imports.import_run, name="import"),
    path("office/imports/<int:run_id>/result.xlsx", imports.import_answer, name="import_answer"),
    path("office/people", people.people, name="office_people"),
    path("office/people/new", people.person_new, name="office_person_new"),
    path("office/people/<int:user_id>", people.person, name="office_person"),
    path("office/people/<int:user_id>/<slug:act>", people.person_act, name="office_person_act"),
    path("office/agents", agents.agents, name="agents"),
    path("office/agents/new", agents.agent_new, name="agent_new"),
    path("office/agents/<int:agent_id>", agents.agent, name="agent"),
    path("office/agents/<int:agent_id>/sponsors", agents.agent_sponsors, name="agent_sponsors"),
    path("cases/new", beginning.case_new, name="case_new"),
    path("cases/new/<str:kind>", beginning.case_begin, name="case_begin"),
    path("cases/<int:pk>", case.case, name="case"),
    path("cases/<int:pk>/reveal", case.reveal, name="case_reveal"),
    path("cases/<int:pk>/corrections", case.corrections, name="case_corrections"),
    path("cases/<int:pk>/files/<str:sha256>", files.case_file, name="case_file"),
    path("cases/<int:pk>/act", acts.act, name="case_act"),
    path("cases/<int:pk>/send-back", acts.send_back, name="case_send_back"),
    path("cases/<int:pk>/edit/<str:step>", editing.case_edit, name="case_edit"),
    path("cases/<int:pk>/submit", acts.submit, name="case_submit"),
    path("cases/<int:pk>/abandon", acts.abandon, name="case_abandon"),
    path("cases/<int:pk>/assign", acts.assign, name="case_assign"),
]
