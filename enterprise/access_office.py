"""Who may see the pages of the filing office."""

from __future__ import annotations

from beian.models import Role
from beian.web.access import Who, at_provider
from enterprise.workflow import CLERKS, OFFICE, STAFF

_SEES = at_provider(*STAFF, Role.AGENT)
"""Agents see their own sponsors' cases only: the querysets of the pages say which (`Desk.cases`)."""
_APPLIES = at_provider(*CLERKS, Role.AGENT)
_WORKS = at_provider(*OFFICE)
_CLERKS = at_provider(*CLERKS)
_REPORTS = at_provider(Role.SUPERVISOR, Role.ADMINISTRATOR)
_ADMINISTRATORS = at_provider(Role.ADMINISTRATOR)

WHO_MAY: dict[str, Who] = {
    "enterprise:queue": _SEES,
    "enterprise:next_case": _SEES,
    "enterprise:bulk": _WORKS,
    "enterprise:case_search": _SEES,
    "enterprise:case": _SEES,
    "enterprise:case_reveal": _SEES,
    "enterprise:case_file": _SEES,
    "enterprise:case_corrections": _WORKS,
    "enterprise:case_act": _WORKS,
    "enterprise:case_send_back": _WORKS,
    "enterprise:case_new": _APPLIES,
    "enterprise:case_begin": _APPLIES,
    "enterprise:case_edit": _APPLIES,
    "enterprise:case_submit": _APPLIES,
    "enterprise:case_abandon": _APPLIES,
    "enterprise:case_assign": _CLERKS,
    "enterprise:figures": _REPORTS,
    "enterprise:figures_csv": _REPORTS,
    "enterprise:imports": _CLERKS,
    "enterprise:import_template": _CLERKS,
    "enterprise:import": _CLERKS,
    "enterprise:import_answer": _CLERKS,
    "enterprise:office_people": _ADMINISTRATORS,
    "enterprise:office_person_new": _ADMINISTRATORS,
    "enterprise:office_person": _ADMINISTRATORS,
    "enterprise:office_person_act": _ADMINISTRATORS,
    "enterprise:agents": _ADMINISTRATORS,
    "enterprise:agent_new": _ADMINISTRATORS,
    "enterprise:agent": _ADMINISTRATORS,
    "enterprise:agent_sponsors": _ADMINISTRATORS,
}
