import beian.crypto
import django.contrib.auth.models
import django.contrib.auth.validators
import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        migrations.CreateModel(
            name='Access',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
                ('isp_id', models.BigIntegerField()),
                ('locations', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('methods', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
            ],
        ),
        migrations.CreateModel(
            name='CalendarDay',
            fields=[
                ('day', models.DateField(primary_key=True, serialize=False)),
                ('working', models.BooleanField()),
                ('name', models.CharField(max_length=32)),
            ],
            options={
                'ordering': ['day'],
            },
        ),
        migrations.CreateModel(
            name='Content',
            fields=[
                ('sha256', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('size', models.PositiveIntegerField()),
                ('media_type', models.CharField(max_length=40)),
                ('stored_at', models.DateTimeField(auto_now_add=True)),
                ('removed_at', models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='Node',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, unique=True)),
                ('kind', models.CharField(choices=[('ministry', '部级系统'), ('bureau', '省级系统'), ('provider', '企业级系统')], max_length=10)),
                ('name', models.CharField(max_length=255, verbose_name='名称')),
                ('province', models.PositiveIntegerField(default=0, verbose_name='所在省')),
                ('two_stages', models.BooleanField(default=False, verbose_name='两级审核')),
                ('telephone', models.CharField(blank=True, max_length=32, verbose_name='联系电话')),
                ('system_url', models.CharField(blank=True, max_length=255, verbose_name='系统网址')),
                ('open', models.BooleanField(default=True, verbose_name='启用')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='User',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('password', models.CharField(max_length=128, verbose_name='password')),
                ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                ('username', models.CharField(error_messages={'unique': 'A user with that username already exists.'}, help_text='Required. 150 characters or fewer. Letters, digits and @/./+/-/_ only.', max_length=150, unique=True, validators=[django.contrib.auth.validators.UnicodeUsernameValidator()], verbose_name='username')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('is_staff', models.BooleanField(default=False, help_text='Designates whether the user can log into this admin site.', verbose_name='staff status')),
                ('is_active', models.BooleanField(default=True, help_text='Designates whether this user should be treated as active. Unselect this instead of deleting accounts.', verbose_name='active')),
                ('date_joined', models.DateTimeField(default=django.utils.timezone.now, verbose_name='date joined')),
                ('name', models.CharField(max_length=64, verbose_name='姓名')),
                ('telephone', models.CharField(blank=True, max_length=32, verbose_name='办公电话')),
                ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
            ],
            options={
                'verbose_name': 'user',
                'verbose_name_plural': 'users',
                'abstract': False,
            },
            managers=[
                ('objects', django.contrib.auth.models.UserManager()),
            ],
        ),
        migrations.CreateModel(
            name='BlacklistEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('sponsor', '主体'), ('domain', '域名')], max_length=10)),
                ('key', models.CharField(max_length=255)),
                ('name', models.CharField(max_length=512, verbose_name='名称')),
                ('reason', models.CharField(max_length=512, verbose_name='原因')),
                ('since', models.DateTimeField(auto_now_add=True)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('kind', 'key'), name='blacklisted_once')],
            },
        ),
        migrations.CreateModel(
            name='Code',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('table', models.CharField(max_length=40)),
                ('code', models.PositiveIntegerField()),
                ('bit', models.BigIntegerField(null=True)),
                ('name', models.CharField(max_length=128)),
                ('extra', models.JSONField(default=dict)),
                ('valid', models.BooleanField(default=True)),
            ],
            options={
                'ordering': ['table', 'code'],
                'constraints': [models.UniqueConstraint(fields=('table', 'code'), name='code_once')],
            },
        ),
        migrations.CreateModel(
            name='Mail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('to', beian.crypto.EncryptedTextField(null=True)),
                ('subject', models.CharField(max_length=255)),
                ('body', beian.crypto.EncryptedTextField(null=True)),
                ('written_at', models.DateTimeField(auto_now_add=True)),
                ('sent_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField(null=True)),
                ('problem', models.CharField(default='', max_length=255)),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sent_at', None)), fields=['id'], name='mail_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Counter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('series', models.CharField(max_length=40)),
                ('value', models.BigIntegerField(default=0)),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('node', 'series'), name='counter_once')],
            },
        ),
        migrations.CreateModel(
            name='AddressRange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
                ('first', models.BigIntegerField()),
                ('last', models.BigIntegerField()),
                ('access', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='ranges', to='beian.access')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
            ],
            options={
                'indexes': [models.Index(fields=['holder', 'first', 'last'], name='beian_addre_holder__020983_idx')],
                'constraints': [models.UniqueConstraint(fields=('holder', 'number'), name='range_once'), models.CheckConstraint(condition=models.Q(('first__lte', models.F('last'))), name='range_runs_upwards')],
            },
        ),
        migrations.AddField(
            model_name='access',
            name='holder',
            field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node'),
        ),
        migrations.CreateModel(
            name='ProviderId',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('isp_id', models.BigIntegerField()),
                ('kind', models.CharField(choices=[('sponsor', '主体'), ('website', '网站'), ('domain', '域名'), ('access', '接入'), ('range', 'IP段'), ('approval', '前置审批'), ('attachment', '附件')], max_length=10)),
                ('provider_id', models.BigIntegerField()),
                ('number', models.BigIntegerField(null=True)),
                ('application', models.BigIntegerField(null=True)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
            ],
            options={
                'indexes': [models.Index(fields=['holder', 'kind', 'number'], name='beian_provi_holder__4ed37d_idx'), models.Index(fields=['application'], name='beian_provi_applica_762f34_idx')],
                'constraints': [models.UniqueConstraint(fields=('holder', 'isp_id', 'kind', 'provider_id'), name='provider_id_once')],
            },
        ),
        migrations.CreateModel(
            name='Region',
            fields=[
                ('code', models.PositiveIntegerField(primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64)),
                ('level', models.PositiveSmallIntegerField()),
                ('valid', models.BooleanField(default=True)),
                ('parent', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='children', to='beian.region')),
            ],
            options={
                'ordering': ['code'],
            },
        ),
        migrations.CreateModel(
            name='Reservation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('certificate', '证件号码'), ('domain', '域名'), ('home_page', '首页地址')], max_length=12)),
                ('key', models.CharField(max_length=512)),
                ('taken_by', models.CharField(max_length=255)),
                ('taken_at', models.DateTimeField(auto_now_add=True)),
                ('sponsor', models.BigIntegerField(null=True)),
                ('website', models.BigIntegerField(null=True)),
                ('application', models.BigIntegerField(null=True)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
            ],
            options={
                'indexes': [models.Index(fields=['application'], name='beian_reser_applica_8da177_idx'), models.Index(fields=['holder', 'sponsor'], name='beian_reser_holder__d1d5b1_idx')],
                'constraints': [models.UniqueConstraint(fields=('holder', 'kind', 'key'), name='reserved_once'), models.CheckConstraint(condition=models.Q(('sponsor__isnull', True), ('application__isnull', True), _connector='XOR'), name='reserved_by_one')],
            },
        ),
        migrations.CreateModel(
            name='Sponsor',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
                ('person_name', models.CharField(max_length=128, null=True)),
                ('person_certificate_type', models.PositiveSmallIntegerField(null=True)),
                ('person_certificate_number', beian.crypto.EncryptedTextField(null=True)),
                ('person_certificate_index', models.CharField(max_length=64, null=True)),
                ('person_telephone', beian.crypto.EncryptedTextField(null=True)),
                ('person_telephones', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('person_mobile', beian.crypto.EncryptedTextField(null=True)),
                ('person_mobiles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('person_email', beian.crypto.EncryptedTextField(null=True)),
                ('person_msn', beian.crypto.EncryptedTextField(null=True)),
                ('person_qq', beian.crypto.EncryptedTextField(null=True)),
                ('filing_number', models.CharField(max_length=128, null=True)),
                ('name', models.CharField(max_length=255)),
                ('nature', models.PositiveSmallIntegerField(null=True)),
                ('superior', models.CharField(max_length=255, null=True)),
                ('province', models.PositiveIntegerField()),
                ('city', models.PositiveIntegerField(null=True)),
                ('county', models.PositiveIntegerField(null=True)),
                ('address_detail', beian.crypto.EncryptedTextField(null=True)),
                ('address_index', models.CharField(max_length=64, null=True)),
                ('certificate_type', models.PositiveSmallIntegerField()),
                ('certificate_number', beian.crypto.EncryptedTextField()),
                ('certificate_index', models.CharField(max_length=64)),
                ('certificate_address', beian.crypto.EncryptedTextField()),
                ('reported_by', models.PositiveSmallIntegerField(null=True)),
                ('remark', models.TextField(null=True)),
                ('filing_password_hash', models.CharField(max_length=255, null=True)),
                ('first_reported', models.DateTimeField()),
                ('last_modified', models.DateTimeField()),
                ('reviewer', models.CharField(max_length=128, null=True)),
                ('reviewed', models.DateTimeField(null=True)),
                ('certificate_serial', models.CharField(max_length=128, null=True)),
                ('certificate_path', models.CharField(max_length=255, null=True)),
                ('certificate_expires', models.CharField(max_length=22, null=True)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
            ],
            options={
                'indexes': [models.Index(fields=['holder', 'certificate_index'], name='beian_spons_holder__80f901_idx'), models.Index(fields=['holder', 'name'], name='beian_spons_holder__918a16_idx'), models.Index(fields=['holder', 'address_index'], name='beian_spons_holder__9ae609_idx')],
                'constraints': [models.UniqueConstraint(fields=('holder', 'number'), name='sponsor_once'), models.UniqueConstraint(fields=('holder', 'filing_number'), name='sponsor_filing_number_once'), models.UniqueConstraint(fields=('id', 'holder'), name='sponsor_of_holder')],
            },
        ),
        migrations.CreateModel(
            name='Website',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
                ('person_name', models.CharField(max_length=128, null=True)),
                ('person_certificate_type', models.PositiveSmallIntegerField(null=True)),
                ('person_certificate_number', beian.crypto.EncryptedTextField(null=True)),
                ('person_certificate_index', models.CharField(max_length=64, null=True)),
                ('person_telephone', beian.crypto.EncryptedTextField(null=True)),
                ('person_telephones', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('person_mobile', beian.crypto.EncryptedTextField(null=True)),
                ('person_mobiles', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('person_email', beian.crypto.EncryptedTextField(null=True)),
                ('person_msn', beian.crypto.EncryptedTextField(null=True)),
                ('person_qq', beian.crypto.EncryptedTextField(null=True)),
                ('filing_number', models.CharField(max_length=128, null=True)),
                ('name', models.CharField(max_length=512)),
                ('services', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.PositiveSmallIntegerField(), default=list, size=None)),
                ('home_page', models.CharField(max_length=512, null=True)),
                ('remark', models.TextField(null=True)),
                ('first_reported', models.DateTimeField()),
                ('last_modified', models.DateTimeField()),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
                ('sponsor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='websites', to='beian.sponsor')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('holder', 'number'), name='website_once'), models.UniqueConstraint(fields=('holder', 'filing_number'), name='website_filing_number_once'), models.UniqueConstraint(fields=('id', 'holder'), name='website_of_holder')],
            },
        ),
        migrations.CreateModel(
            name='PriorApproval',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.PositiveSmallIntegerField()),
                ('approval_number', models.CharField(max_length=512)),
                ('scans', models.JSONField(default=list)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
                ('website', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='approvals', to='beian.website')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.CreateModel(
            name='Domain',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.BigIntegerField()),
                ('name', models.CharField(max_length=128)),
                ('key', models.CharField(max_length=255)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
                ('website', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='domains', to='beian.website')),
            ],
            options={
                'indexes': [models.Index(fields=['holder', 'key'], name='beian_domai_holder__1a0638_idx')],
                'constraints': [models.UniqueConstraint(fields=('holder', 'number'), name='domain_once')],
            },
        ),
        migrations.CreateModel(
            name='Attachment',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('format', models.PositiveSmallIntegerField()),
                ('purpose', models.PositiveSmallIntegerField()),
                ('remark', models.CharField(max_length=256, null=True)),
                ('attached_at', models.DateTimeField(auto_now_add=True)),
                ('content', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.content')),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
                ('sponsor', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='beian.sponsor')),
                ('website', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='beian.website')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='access',
            name='website',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='accesses', to='beian.website'),
        ),
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('role', models.CharField(choices=[('reviewer', '审核员'), ('approver', '复核员'), ('supervisor', '主管'), ('provider_manager', '接入商管理员'), ('administrator', '系统管理员'), ('operator', '部级操作员')], max_length=20, verbose_name='角色')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='memberships', to=settings.AUTH_USER_MODEL)),
                ('node', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='memberships', to='beian.node')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('user', 'node', 'role'), name='membership_once')],
            },
        ),
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('subject_kind', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=64)),
                ('verb', models.CharField(max_length=40)),
                ('actor_name', models.CharField(default='系统', max_length=128)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('reason', models.TextField(default='')),
                ('data', models.JSONField(default=dict)),
                ('correlation', models.UUIDField()),
                ('actor', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('node', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(fields=['subject_kind', 'subject', 'id'], name='beian_event_subject_be5fd3_idx'), models.Index(fields=['correlation'], name='beian_event_correla_227597_idx')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='event',
            trigger=pgtrigger.compiler.Trigger(name='append_only', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='12e7d092bdef9ec968980579e622700a651ee47d', operation='UPDATE OR DELETE', pgid='pgtrigger_append_only_03305', table='beian_event', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='access',
            index=models.Index(fields=['holder', 'isp_id'], name='beian_acces_holder__87e999_idx'),
        ),
        migrations.AddConstraint(
            model_name='access',
            constraint=models.UniqueConstraint(fields=('holder', 'number'), name='access_once'),
        ),
        migrations.AddConstraint(
            model_name='access',
            constraint=models.UniqueConstraint(fields=('id', 'holder'), name='access_of_holder'),
        ),
    ]
