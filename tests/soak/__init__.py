"""Everything under load while its processes are killed, and a count of what came of it (`script/soak`)."""
