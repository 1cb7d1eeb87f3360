"""After the death of a mother whose child lives, the team says who follows the child."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("pathways", "0074_files_closed_before")]

    operations = [
        migrations.AddField(
            model_name="aftercaredone",
            name="who",
            field=models.CharField(blank=True, db_default="", max_length=120, verbose_name="qui suit l’enfant"),
        ),
        migrations.AlterField(
            model_name="aftercaredone",
            name="step",
            field=models.CharField(
                choices=[
                    ("CALL_FAMILY", "Appeler la famille"),
                    ("CHILD_FOLLOWED", "Qui suit l’enfant\u00a0: PMI, médecin"),
                    ("CALL_AP", "Appeler l’auxiliaire le jour même"),
                    ("OTHER_SERVICES", "Faire annuler ce que d’autres services enverraient"),
                    ("SUPPORT", "Proposer un accompagnement du deuil"),
                ],
                max_length=16,
                verbose_name="étape",
            ),
        ),
        migrations.AddConstraint(
            model_name="aftercaredone",
            constraint=models.CheckConstraint(
                condition=models.Q(("step", "CHILD_FOLLOWED"), ("who", ""), _connector="XOR"),
                name="aftercare_says_who_follows",
                violation_error_message="Écrivez qui suit l’enfant.",
            ),
        ),
    ]
