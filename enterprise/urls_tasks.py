"""The pages of tasks and stock verification."""

from __future__ import annotations

from django.urls import URLPattern, path

from enterprise.views.tasks import checking, cutting, listing, page, shells, unfiled

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
]
