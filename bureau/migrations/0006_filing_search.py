"""What keeps the list of filings fast with a million on file: by date of change, by a part of the name.

An application is found by the filing that came of it as well as by the one that it is about.
"""

from __future__ import annotations

from django.db import migrations

INDEXES = """
create index sponsor_modified on beian_sponsor (holder_id, last_modified, id);
create index sponsor_search on beian_sponsor using gin (bigrams(lower(name)));
create index application_made on bureau_application (holder_id, sponsor_number)
    where sponsor_number is not null;
"""


class Migration(migrations.Migration):
    dependencies = [("bureau", "0005_bureau_tasks"), ("beian", "0005_bureau_tasks")]

    operations = [
        migrations.RunSQL(INDEXES, "drop index sponsor_modified, sponsor_search, application_made;"),
    ]
