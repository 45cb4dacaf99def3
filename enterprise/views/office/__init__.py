"""The filing office: queues, the case page, searching, figures, people, agents, imports."""
