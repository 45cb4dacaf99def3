"""What the bureau does by the clock."""

SCHEDULE = {
    "sweep-uploads": {"task": "bureau.tasks.sweep_uploads", "schedule": 10.0, "options": {"expires": 10}},
    "release-expired-claims": {
        "task": "bureau.tasks.release_expired_claims",
        "schedule": 60.0,
        "options": {"expires": 60},
    },
}
