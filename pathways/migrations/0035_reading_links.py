"""A one-time link opens either an orientation, to be answered, or the copy of a report, to be read."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("pathways", "0034_space_kept"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="answerlink",
            options={"verbose_name": "lien à usage unique", "verbose_name_plural": "liens à usage unique"},
        ),
        migrations.AddField(
            model_name="answerlink",
            name="copy_id",
            field=models.UUIDField(null=True, verbose_name="copie d’un compte rendu"),
        ),
        migrations.AlterField(
            model_name="answerlink",
            name="orientation",
            field=models.ForeignKey(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="pathways.orientation",
                verbose_name="orientation",
            ),
        ),
        migrations.AlterField(
            model_name="linkevent",
            name="step",
            field=models.CharField(
                choices=[
                    ("OPENED", "Ouvert"),
                    ("WRONG_CODE", "Code faux"),
                    ("RIGHT_CODE", "Code juste"),
                    ("ANSWERED", "Répondu"),
                    ("READ", "Lu"),
                ],
                max_length=12,
                verbose_name="quoi",
            ),
        ),
        migrations.AlterField(
            model_name="sending",
            name="how",
            field=models.CharField(
                choices=[
                    ("MAIL", "E-mail sans contenu"),
                    ("SMS", "SMS sans contenu"),
                    ("LINK", "Lien de réponse"),
                    ("READING", "Lien de lecture"),
                    ("LETTER", "Lettre"),
                    ("PHONE", "Téléphone"),
                ],
                max_length=8,
                verbose_name="comment",
            ),
        ),
        migrations.AddIndex(
            model_name="answerlink",
            index=models.Index(
                condition=models.Q(("copy_id__isnull", False)), fields=["territory", "copy_id"], name="link_of_copy"
            ),
        ),
        migrations.AddConstraint(
            model_name="answerlink",
            constraint=models.UniqueConstraint(
                condition=models.Q(("killed_at", None), ("used_at", None)),
                fields=("copy_id",),
                name="link_of_copy_alive_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="answerlink",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("copy_id__isnull", False), ("orientation", None)),
                    models.Q(("copy_id", None), ("orientation__isnull", False)),
                    _connector="OR",
                ),
                name="link_of_one_thing",
            ),
        ),
    ]
