from django.db import migrations, models


class Migration(migrations.Migration):
    """A bureau names its files as it likes: as long as a file system allows."""

    dependencies = [("enterprise", "0001_initial")]

    operations = [
        migrations.AlterField(
            model_name="call",
            name="file_name",
            field=models.CharField(blank=True, default="", max_length=255, verbose_name="文件名"),
        ),
        migrations.AlterField(
            model_name="incoming",
            name="file_name",
            field=models.CharField(max_length=255, verbose_name="文件名"),
        ),
    ]
