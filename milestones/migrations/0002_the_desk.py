import django.contrib.auth.validators
import django.db.models.deletion
import django.utils.timezone
from django.db import migrations, models


def roles_of_those_there(apps, _schema_editor):
    """Accounts from before roles: what they could do decides what they become."""
    people = apps.get_model("milestones", "User").objects
    people.filter(authority__isnull=False).update(role="coordinator")
    people.filter(authority=None, is_superuser=True).update(role="administrator")
    people.filter(authority=None, is_superuser=False, is_staff=True).update(role="editor")
    people.filter(is_staff=False, is_superuser=False).update(is_active=False)


class Migration(migrations.Migration):

    dependencies = [
        ('milestones', '0001_initial'),
        ('projects', '0001_initial'),
    ]

    operations = [
        migrations.AddField(
            model_name='user',
            name='role',
            field=models.CharField(choices=[('coordinator', 'coordinator'), ('editor', 'editor'), ('auditor', 'auditor'), ('administrator', 'administrator of accounts')], default='auditor', max_length=15, verbose_name='role'),
        ),
        migrations.RunPython(roles_of_those_there, migrations.RunPython.noop, elidable=True),
        migrations.CreateModel(
            name='Edition',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('figures', models.JSONField()),
                ('package', models.BinaryField(null=True)),
                ('sha256', models.CharField(blank=True, max_length=64)),
                ('frozen_at', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'verbose_name': 'edition',
                'verbose_name_plural': 'editions',
                'ordering': ['report__month'],
            },
        ),
        migrations.AlterModelOptions(
            name='user',
            options={'ordering': ['username'], 'verbose_name': 'account', 'verbose_name_plural': 'accounts'},
        ),
        migrations.AlterModelManagers(
            name='user',
            managers=[
            ],
        ),
        migrations.RemoveField(
            model_name='user',
            name='first_name',
        ),
        migrations.RemoveField(
            model_name='user',
            name='groups',
        ),
        migrations.RemoveField(
            model_name='user',
            name='is_staff',
        ),
        migrations.RemoveField(
            model_name='user',
            name='is_superuser',
        ),
        migrations.RemoveField(
            model_name='user',
            name='last_name',
        ),
        migrations.RemoveField(
            model_name='user',
            name='user_permissions',
        ),
        migrations.AddField(
            model_name='progressreport',
            name='closes_on',
            field=models.DateField(blank=True, help_text='Until when coordinators are asked to report.', null=True),
        ),
        migrations.AddField(
            model_name='progressreport',
            name='reminded_on',
            field=models.DateField(blank=True, editable=False, null=True),
        ),
        migrations.AddField(
            model_name='user',
            name='full_name',
            field=models.CharField(blank=True, max_length=150, verbose_name='full name'),
        ),
        migrations.AddField(
            model_name='user',
            name='language',
            field=models.CharField(blank=True, choices=[('nl', 'Nederlands'), ('fr', 'Français'), ('de', 'Deutsch'), ('en', 'English')], help_text='Of the desk and of its e-mails; empty: that of the browser.', max_length=2, verbose_name='language'),
        ),
        migrations.AddField(
            model_name='user',
            name='wants_mail',
            field=models.BooleanField(default=True, help_text='When a report opens, ten days before it closes, and when it is published.', verbose_name='wants e-mail'),
        ),
        migrations.AlterField(
            model_name='user',
            name='authority',
            field=models.ForeignKey(blank=True, help_text='Of a coordinator: the authority whose projects he or she reports on.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='coordinators', to='projects.authority', verbose_name='authority'),
        ),
        migrations.AlterField(
            model_name='user',
            name='date_joined',
            field=models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='since'),
        ),
        migrations.AlterField(
            model_name='user',
            name='email',
            field=models.EmailField(blank=True, max_length=254, verbose_name='e-mail'),
        ),
        migrations.AlterField(
            model_name='user',
            name='is_active',
            field=models.BooleanField(default=True, help_text='Accounts are closed, never deleted.', verbose_name='active'),
        ),
        migrations.AlterField(
            model_name='user',
            name='username',
            field=models.CharField(error_messages={'unique': 'There is an account of this name already.'}, max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='user name'),
        ),
        migrations.AddConstraint(
            model_name='progressreport',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'draft')), fields=('state',), name='report_one_draft', violation_error_message='Another report is still a draft: publish it first.'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(('role__in', ['coordinator', 'editor', 'auditor', 'administrator'])), name='user_role_known'),
        ),
        migrations.AddConstraint(
            model_name='user',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('authority__isnull', False), ('role', 'coordinator')), models.Q(models.Q(('role', 'coordinator'), _negated=True), ('authority', None)), _connector='OR'), name='user_authority_of_coordinators_alone', violation_error_message='A coordinator, and nobody else, has an authority.'),
        ),
        migrations.AddField(
            model_name='edition',
            name='report',
            field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='edition', to='milestones.progressreport'),
        ),
    ]
