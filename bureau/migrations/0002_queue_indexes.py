"""What keeps the queue fast with 100,000 applications waiting.

The indexes cover open applications only, because those are what the queue sorts; the others are
found by state. The functions need no extension, so that a bare PostgreSQL has them too:
`chinese_order` gives a key in the order of GB 18030, which is pinyin for all common characters;
`bigrams` gives the pairs of neighbouring characters, by which a GIN index answers a search for any
part of a text. The floor below has them too (`beian` 0009), for the provider's lists.
"""

from __future__ import annotations

from django.db import migrations

FUNCTIONS = """
create or replace function chinese_order(text) returns text
    language sql immutable parallel safe
    return encode(convert_to($1, 'GB18030'), 'hex');

create or replace function bigrams(text) returns text[]
    language sql immutable parallel safe
    return (select coalesce(array_agg(distinct substr($1, place, 2)), '{}')
            from generate_series(1, length($1) - 1) as place);
"""

OPEN = "where state in ('claimed', 'pending', 'recommended')"

INDEXES = f"""
create index application_open_deadline on bureau_application (holder_id, deadline, id) {OPEN};
create index application_open_received on bureau_application (holder_id, received_at, id) {OPEN};
create index application_open_sponsor
    on bureau_application (holder_id, chinese_order(sponsor_name), id) {OPEN};
create index application_open_provider
    on bureau_application (holder_id, chinese_order(provider_name), id) {OPEN};
create index application_search
    on bureau_application using gin (bigrams(lower(sponsor_name || ' ' || first_domain)));
"""

DROP_INDEXES = """
drop index application_search, application_open_provider, application_open_sponsor,
    application_open_received, application_open_deadline;
"""


class Migration(migrations.Migration):
    dependencies = [("bureau", "0001_initial")]

    operations = [
        migrations.RunSQL(FUNCTIONS, migrations.RunSQL.noop),
        migrations.RunSQL(INDEXES, DROP_INDEXES),
    ]
