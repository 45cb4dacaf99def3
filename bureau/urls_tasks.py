"""The pages of supervision, below `tasks/`."""

from __future__ import annotations

from django.urls import path

from bureau.views.tasks import blacklist, check_task, check_tasks, closures, notices, sending_again, unfiled

urlpatterns = [
    path("tasks/checks/", check_tasks.check_tasks, name="check_tasks"),
    path("tasks/checks/new", check_tasks.check_task_new, name="check_task_new"),
    path("tasks/checks/<int:pk>/", check_task.check_task, name="check_task"),
    path("tasks/checks/<int:pk>/seen", check_task.check_task_seen, name="check_task_seen"),
    path("tasks/checks/<int:pk>/reveal", check_task.check_task_reveal, name="check_task_reveal"),
    path("tasks/checks/<int:pk>/withdraw", check_task.check_task_withdraw, name="check_task_withdraw"),
    path("tasks/unfiled/", unfiled.unfiled_websites, name="unfiled_websites"),
    path("tasks/unfiled/new", unfiled.unfiled_new, name="unfiled_new"),
    path("tasks/unfiled/import", unfiled.unfiled_import, name="unfiled_import"),
    path("tasks/unfiled/template.csv", unfiled.unfiled_template, name="unfiled_template"),
    path("tasks/unfiled/<int:pk>/", unfiled.unfiled_website, name="unfiled_website"),
    path("tasks/unfiled/<int:pk>/withdraw", unfiled.unfiled_withdraw, name="unfiled_withdraw"),
    path("tasks/notices/", notices.notices, name="notices"),
    path("tasks/notices/new/<str:kind>", notices.notice_new, name="notice_new"),
    path("tasks/blacklist/", blacklist.blacklist, name="blacklist"),
    path("tasks/blacklist/new/<str:kind>", blacklist.blacklist_new, name="blacklist_new"),
    path("tasks/blacklist/<int:pk>/", blacklist.blacklist_entry, name="blacklist_entry"),
    path("tasks/blacklist/<int:pk>/remove", blacklist.blacklist_remove, name="blacklist_remove"),
    path("tasks/closures/", closures.closures_page, name="closures"),
    path("tasks/closures/new", closures.closure_new, name="closure_new"),
    path("tasks/closures/new/<str:what>/<int:number>", closures.closure_confirm, name="closure_confirm"),
    path("tasks/closures/<int:pk>/", closures.closure, name="closure"),
    path("providers/<int:isp_id>/send-again/<str:what>", sending_again.provider_send_again, name="provider_send_again"),
]
