from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("params", "0001_initial")]
    operations = [
        migrations.CreateModel(
            name="ReferenceChange",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.BigIntegerField(default=0)),
            ],
        )
    ]
