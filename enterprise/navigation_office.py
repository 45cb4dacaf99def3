"""The entries of the filing office in the navigation."""

from __future__ import annotations

from beian.web.navigation import Entry

NAVIGATION: tuple[Entry, ...] = (
    Entry(
        "备案办理",
        "enterprise:queue",
        ("enterprise:case", "enterprise:case_new", "enterprise:case_begin", "enterprise:case_edit", "enterprise:bulk"),
    ),
    Entry("查询", "enterprise:case_search"),
    Entry("导入", "enterprise:imports", ("enterprise:import",)),
    Entry("统计", "enterprise:figures"),
    Entry("代理商", "enterprise:agents", ("enterprise:agent", "enterprise:agent_new")),
    Entry(
        "人员",
        "enterprise:office_people",
        ("enterprise:office_person", "enterprise:office_person_new", "enterprise:office_person_act"),
    ),
)
