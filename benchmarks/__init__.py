"""What the system can do on this machine, each figure beside a floor measured in the same run.

`script/bench` starts a PostgreSQL and a Valkey of its own, gives every benchmark a fresh database and
a process of its own, and writes `docs/performance.md`. A benchmark is a module with `run(bench)`.

    services     the servers, the databases, the application's processes
    one          one benchmark in its process
    load         clients
    calls        what they send
    report       rows, the machine, the page
    floors/      the least that would have to be done, without the system
"""

from __future__ import annotations

NAMES = {
    "intake": "accepting one-record uploads",
    "processing": "judging 1,000 new filings",
    "requests": "judging 1,000 requests of each kind",
    "parcels": "building and handing out 1,000 filings",
    "pages": "queue and detail page with 100,000 pending applications",
    "public_query": "public query with 1,000,000 filings",
    "spyne_intake": "the same intake on spyne and Django",
    "burst": "the ten-o'clock burst of 1,000 providers",
    "gateway": "the provider's system: cases through the gateway, and a decision to the sponsor's page",
    "office_pages": "the provider's system: pages with 50,000 cases and as many holdings as there are",
    "fitting": "the provider's system: pictures brought under their limits",
}
