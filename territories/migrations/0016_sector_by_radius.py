"""A sector by radius, and where communes are."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("territories", "0015_communes_outside"),
    ]

    operations = [
        migrations.AddField(
            model_name="commune",
            name="latitude",
            field=models.FloatField(blank=True, null=True, verbose_name="latitude"),
        ),
        migrations.AddField(
            model_name="commune",
            name="longitude",
            field=models.FloatField(blank=True, null=True, verbose_name="longitude"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="latitude",
            field=models.FloatField(blank=True, null=True, verbose_name="latitude"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="longitude",
            field=models.FloatField(blank=True, null=True, verbose_name="longitude"),
        ),
        migrations.AddField(
            model_name="directoryentry",
            name="radius_km",
            field=models.PositiveSmallIntegerField(blank=True, null=True, verbose_name="rayon, en kilomètres"),
        ),
        migrations.AddConstraint(
            model_name="commune",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("latitude", None), ("longitude", None)),
                    models.Q(
                        ("latitude__gte", -90),
                        ("latitude__isnull", False),
                        ("latitude__lte", 90),
                        ("longitude__gte", -180),
                        ("longitude__isnull", False),
                        ("longitude__lte", 180),
                    ),
                    _connector="OR",
                ),
                name="commune_point_whole",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(
                        models.Q(("latitude", None), ("longitude", None)),
                        models.Q(
                            ("latitude__gte", -90),
                            ("latitude__isnull", False),
                            ("latitude__lte", 90),
                            ("longitude__gte", -180),
                            ("longitude__isnull", False),
                            ("longitude__lte", 180),
                        ),
                        _connector="OR",
                    ),
                    models.Q(
                        models.Q(("latitude", None), ("radius_km", None)),
                        models.Q(
                            ("latitude__isnull", False),
                            ("radius_km__gte", 1),
                            ("radius_km__isnull", False),
                            ("radius_km__lte", 200),
                        ),
                        _connector="OR",
                    ),
                ),
                name="directory_radius_whole",
                violation_error_message="Donnez le lieu et le rayon, de 1 à 200\xa0km.",
            ),
        ),
        migrations.AddConstraint(
            model_name="directoryentry",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("type", "PMI_CENTRE"), _negated=True), ("radius_km", None), _connector="OR"
                ),
                name="directory_pmi_no_radius",
                violation_error_message="Une PMI de secteur a ses communes\xa0: elle ne se dit pas par un rayon.",
            ),
        ),
    ]
