"""What a provider asked before in the same case, found among all that it ever asked."""

from __future__ import annotations

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("bureau", "0006_filing_search")]

    operations = [
        migrations.AddIndex(
            model_name="application",
            index=models.Index(fields=["isp_id", "subject"], name="application_case"),
        ),
    ]
