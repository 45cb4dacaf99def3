"""Tie every child to its parent by holder too: a row can not hang on another node's copy."""

from django.db import migrations

TIES = [
    ("beian_website", "sponsor_id", "beian_sponsor"),
    ("beian_access", "website_id", "beian_website"),
    ("beian_priorapproval", "website_id", "beian_website"),
    ("beian_domain", "website_id", "beian_website"),
    ("beian_addressrange", "access_id", "beian_access"),
    ("beian_attachment", "sponsor_id", "beian_sponsor"),
    ("beian_attachment", "website_id", "beian_website"),
]


def _tie(child: str, column: str, parent: str) -> migrations.RunSQL:
    name = f"{child}_{column}_same_holder"
    return migrations.RunSQL(
        f"ALTER TABLE {child} ADD CONSTRAINT {name} FOREIGN KEY ({column}, holder_id) "
        f"REFERENCES {parent} (id, holder_id) DEFERRABLE INITIALLY DEFERRED",
        f"ALTER TABLE {child} DROP CONSTRAINT {name}",
    )


class Migration(migrations.Migration):
    """Add the composite foreign keys, which Django does not declare."""

    dependencies = [("beian", "0001_initial")]

    operations = [_tie(*tie) for tie in TIES]
