from django.db import migrations, models

KINDS = [
    ("results", "备案结果"),
    ("filings", "备案数据"),
    ("cancelled", "注销数据"),
    ("blacklist", "黑名单"),
    ("illegal_accesses", "非法接入黑名单"),
    ("unfiled_websites", "未备案网站"),
    ("check_tasks", "核实任务"),
    ("inspections", "核查结果"),
    ("notices", "相关通知"),
    ("codes", "基础代码"),
    ("synchronisation", "备案数据同步"),
]
# Whoever uploaded or fetched something has connected already, and knows what the bureau holds.
HAVE_CONNECTED = """
UPDATE interface_provideraccount SET connected_at = now()
WHERE last_sequence > 0 OR EXISTS (SELECT FROM interface_parcel WHERE account_id = interface_provideraccount.id)
"""


class Migration(migrations.Migration):
    dependencies = [("interface", "0002_outcome_about")]

    operations = [
        migrations.AddField(
            model_name="provideraccount",
            name="connected_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="首次连接"),
        ),
        migrations.RunSQL(HAVE_CONNECTED, migrations.RunSQL.noop),
        migrations.AlterField("outcome", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.AlterField("parcel", "kind", models.CharField(choices=KINDS, max_length=20)),
        migrations.AddIndex(
            model_name="outcome",
            index=models.Index(
                condition=models.Q(("kind__in", ("cancelled", "codes", "synchronisation")), ("left_out", ""), ("parcel", None)),
                fields=["account", "kind", "id"],
                name="outcome_first",
            ),
        ),
    ]
