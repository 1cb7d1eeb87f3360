"""Four lines of the calendar that had words alone are counted, as domain.md 5 says: K07, K16, K18 and K19.

Nobody notes anything under these lines and no window was given before: no answer changes its meaning. K19 is two
lines, one for each questionnaire.
"""

from django.db import migrations, models

WINDOWS = """
update pathways_calendarrule set anchor = 'exam', start = 0, "end" = 8 where code = 'K07';
update pathways_calendarrule set anchor = 'second', start = 1, "end" = 21, condition = 'third_visit' where code = 'K16';
update pathways_calendarrule set anchor = 'last', start = 0, "end" = 7, condition = 'followed' where code = 'K18';
update pathways_calendarrule set position = position + 1
  where position > (select position from pathways_calendarrule where code = 'K19');
update pathways_calendarrule set code = 'K19.2', label = 'Questionnaire de suivi à 2 mois', words = '',
  anchor = 'birth', unit = 'months', start = 2, "end" = 2, condition = 'followed' where code = 'K19';
insert into pathways_calendarrule (
    code, position, subject, label, anchor, unit, start, "end", accepted_start, tolerance_days, words, duty,
    condition, who, legal_basis, certificate, is_noted, births_from, births_to)
  select 'K19.4', position + 1, subject, 'Questionnaire de suivi à 4 mois', anchor, unit, 4, 4, accepted_start,
    tolerance_days, words, duty, condition, who, legal_basis, certificate, is_noted, births_from, births_to
  from pathways_calendarrule where code = 'K19.2';
"""
WORDS = """
delete from pathways_calendarrule where code = 'K19.4';
update pathways_calendarrule set code = 'K19', label = 'Questionnaires de suivi', words = 'à 2 mois et à 4 mois',
  unit = 'days' where code = 'K19.2';
update pathways_calendarrule set anchor = 'none', start = null, "end" = null, condition = ''
  where code in ('K07', 'K16', 'K18', 'K19');
"""


class Migration(migrations.Migration):
    dependencies = [("pathways", "0078_transfer_call")]

    operations = [
        migrations.AlterField(
            model_name="calendarrule",
            name="anchor",
            field=models.CharField(
                choices=[
                    ("birth", "Naissance"),
                    ("discharge", "Sortie de maternité"),
                    ("exam", "Examen avec certificat"),
                    ("second", "Visite 2"),
                    ("last", "Dernière visite"),
                    ("none", "Sans date"),
                ],
                max_length=10,
                verbose_name="compté depuis",
            ),
        ),
        migrations.AlterField(
            model_name="calendarrule",
            name="condition",
            field=models.CharField(
                blank=True,
                choices=[
                    ("", "Toutes les familles"),
                    ("prado", "Retour à la maison avec Prado"),
                    ("ultra_early", "Sortie ultra-précoce"),
                    ("third_visit", "Visite 3 décidée ou possible"),
                    ("followed", "Parcours en cours ou terminé"),
                ],
                max_length=12,
                verbose_name="condition",
            ),
        ),
        migrations.RunSQL(WINDOWS, WORDS),
    ]
