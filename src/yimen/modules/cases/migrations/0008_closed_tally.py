from django.db import migrations, models
from django.db.models.deletion import PROTECT


class Migration(migrations.Migration):
    """Closed cases are counted once; a process of the version before may go on inserting without the new column."""

    dependencies = [("cases", "0007_office_list"), ("items", "0002_search"), ("orgs", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="ClosedTally",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("division", models.CharField(max_length=12)),
                ("state", models.CharField(max_length=24)),
                ("number", models.IntegerField()),
                (
                    "centre",
                    models.ForeignKey(null=True, on_delete=PROTECT, related_name="+", to="orgs.centre"),
                ),
                (
                    "organisation",
                    models.ForeignKey(on_delete=PROTECT, related_name="+", to="orgs.organisation"),
                ),
            ],
        ),
        migrations.AddField("case", "tallied", models.BooleanField(default=False, db_default=False)),
    ]
