"""What searches and sortings of names need on every floor, and the index by which the office reads its events.

`chinese_order` gives a key in the order of GB 18030, which is pinyin for all common characters;
`bigrams` gives the pairs of neighbouring characters, by which a GIN index answers a search for any part of
a text. Neither needs an extension, so that a bare PostgreSQL has them too.
"""

from __future__ import annotations

from django.db import migrations, models

FUNCTIONS = """
create or replace function chinese_order(text) returns text
    language sql immutable parallel safe
    return encode(convert_to($1, 'GB18030'), 'hex');

create or replace function bigrams(text) returns text[]
    language sql immutable parallel safe
    return (select coalesce(array_agg(distinct substr($1, place, 2)), '{}')
            from generate_series(1, length($1) - 1) as place);
"""


class Migration(migrations.Migration):
    dependencies = [("beian", "0008_providers_people")]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.AddIndex(
            model_name="event",
            index=models.Index(fields=["node", "at"], name="event_of_cases", condition=models.Q(subject_kind="case")),
        ),
    ]
