"""The pages of tasks and stock verification."""

from __future__ import annotations

from django.urls import URLPattern, path

from enterprise.views.tasks import checking, cutting, items, listing, page, plans, rechecks, shells, unfiled

urlpatterns: list[URLPattern] = [
    path("tasks", listing.tasks, name="tasks"),
    path("tasks/assign", listing.tasks_assign, name="tasks_assign"),
    path("tasks/unfiled", unfiled.tasks_unfiled, name="tasks_unfiled"),
    path("tasks/shells", shells.shells, name="shells"),
    path("tasks/shells/<int:number>/begin", shells.shell_begin, name="shell_begin"),
    path("tasks/<int:pk>", page.task, name="task"),
    path("tasks/<int:pk>/reveal", page.task_reveal, name="task_reveal"),
    path("tasks/<int:pk>/handle", page.task_handle, name="task_handle"),
    path("tasks/<int:pk>/reopen", page.task_reopen, name="task_reopen"),
    path("tasks/<int:pk>/assign", page.task_assign, name="task_assign"),
    path("tasks/<int:pk>/begin", page.task_begin, name="task_begin"),
    path("tasks/<int:pk>/cut", cutting.task_cut, name="task_cut"),
    path("tasks/<int:pk>/nothing", cutting.task_nothing, name="task_nothing"),
    path("tasks/<int:pk>/check", checking.task_check, name="task_check"),
    path("tasks/<int:pk>/unfiled", unfiled.task_unfiled, name="task_unfiled"),
    path("stock", plans.stock_plans, name="stock_plans"),
    path("stock/new", plans.stock_new, name="stock_new"),
    path("stock/<int:pk>", plans.stock_plan, name="stock_plan"),
    path("stock/<int:pk>/assign", plans.stock_assign, name="stock_assign"),
    path("stock/<int:pk>/close", plans.stock_close, name="stock_close"),
    path("stock/<int:pk>/results.csv", plans.stock_results, name="stock_results"),
    path("stock/<int:pk>/items", items.stock_items, name="stock_items"),
    path("stock/<int:pk>/record", items.stock_record, name="stock_record"),
    path("stock/items/<int:pk>", items.stock_item, name="stock_item"),
    path("stock/items/<int:pk>/reveal", items.stock_reveal, name="stock_reveal"),
    path("rechecks", rechecks.rechecks, name="rechecks"),
    path("rechecks/rule", rechecks.recheck_rule, name="recheck_rule"),
    path("mine/rechecks/", rechecks.portal_rechecks, name="portal_rechecks"),
    path("mine/rechecks/<int:number>", rechecks.portal_recheck, name="portal_recheck"),
]
