import beian.crypto
import django.db.models.deletion
import uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('beian', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='ProviderAccount',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('isp_id', models.BigIntegerField(verbose_name='报备单位标识')),
                ('user_name', models.CharField(max_length=64, verbose_name='用户名')),
                ('password', beian.crypto.EncryptedTextField()),
                ('aes_key', beian.crypto.EncryptedTextField()),
                ('aes_iv', beian.crypto.EncryptedTextField()),
                ('encrypt_downloads', models.BooleanField(default=False, verbose_name='下载数据加密')),
                ('may_file_websites', models.BooleanField(default=True, verbose_name='ICP报备权限')),
                ('may_file_addresses', models.BooleanField(default=False, verbose_name='IP报备权限')),
                ('may_file_domains', models.BooleanField(default=False, verbose_name='域名报备权限')),
                ('hours_from', models.TimeField(blank=True, null=True, verbose_name='报备时间起')),
                ('hours_to', models.TimeField(blank=True, null=True, verbose_name='报备时间止')),
                ('suspended', models.BooleanField(default=False, verbose_name='暂停')),
                ('suspended_reason', models.CharField(blank=True, max_length=255, verbose_name='暂停原因')),
                ('left_at', models.DateTimeField(blank=True, null=True, verbose_name='退出时间')),
                ('failed_tries', models.PositiveIntegerField(default=0)),
                ('locked_until', models.DateTimeField(null=True)),
                ('licence', models.CharField(blank=True, max_length=128, verbose_name='经营许可证编号')),
                ('contact_name', models.CharField(blank=True, max_length=64, verbose_name='联系人')),
                ('contact_telephone', models.CharField(blank=True, max_length=32, verbose_name='联系电话')),
                ('system_url', models.CharField(blank=True, max_length=255, verbose_name='企业系统网址')),
                ('managed', models.BooleanField(default=False, verbose_name='由本平台企业系统代管')),
                ('last_sequence', models.BigIntegerField(default=0)),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('parameters_issued_at', models.DateTimeField(null=True)),
                ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='provider_accounts', to='beian.node')),
                ('provider', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accounts', to='beian.node')),
            ],
            options={
                'ordering': ['isp_id'],
                'constraints': [models.UniqueConstraint(fields=('bureau', 'isp_id'), name='account_once'), models.UniqueConstraint(fields=('bureau', 'user_name'), name='account_user_name_once')],
            },
        ),
        migrations.CreateModel(
            name='Parcel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('results', '备案结果'), ('filings', '备案数据')], max_length=10)),
                ('file_name', models.CharField(max_length=128)),
                ('content', beian.crypto.EncryptedBytesField()),
                ('hash', models.CharField(max_length=64)),
                ('pieces', models.PositiveIntegerField()),
                ('document_size', models.PositiveIntegerField()),
                ('built_at', models.DateTimeField(auto_now_add=True)),
                ('first_fetched_at', models.DateTimeField(null=True)),
                ('last_fetched_at', models.DateTimeField(null=True)),
                ('times_fetched', models.PositiveIntegerField(default=0)),
                ('acknowledged_at', models.DateTimeField(null=True)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parcels', to='interface.provideraccount')),
            ],
            options={
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('account', 'file_name'), name='parcel_name_once'), models.UniqueConstraint(condition=models.Q(('acknowledged_at', None)), fields=('account',), name='one_parcel_outstanding')],
            },
        ),
        migrations.CreateModel(
            name='Outcome',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('results', '备案结果'), ('filings', '备案数据')], max_length=10)),
                ('about', models.CharField(max_length=80)),
                ('body', beian.crypto.EncryptedJSONField()),
                ('queued_at', models.DateTimeField(auto_now_add=True)),
                ('left_out', models.CharField(default='', max_length=512)),
                ('correlation', models.UUIDField(default=uuid.uuid4)),
                ('parcel', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='interface.parcel')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='outcomes', to='interface.provideraccount')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('left_out', ''), ('parcel', None)), fields=['account', 'id'], name='outcome_waiting')],
            },
        ),
        migrations.CreateModel(
            name='CallLog',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('isp_id', models.CharField(default='', max_length=32)),
                ('operation', models.CharField(default='', max_length=40)),
                ('address', models.GenericIPAddressField(null=True)),
                ('at', models.DateTimeField(auto_now_add=True)),
                ('code', models.PositiveSmallIntegerField(null=True)),
                ('reason', models.TextField(default='')),
                ('request_size', models.BigIntegerField(default=0)),
                ('milliseconds', models.PositiveIntegerField(default=0)),
                ('sequence', models.BigIntegerField(null=True)),
                ('correlation', models.UUIDField(default=uuid.uuid4)),
                ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
                ('account', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='calls', to='interface.provideraccount')),
            ],
            options={
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['bureau', '-id'], name='interface_c_bureau__6c858b_idx'), models.Index(fields=['account', '-id'], name='interface_c_account_5d56f7_idx')],
            },
        ),
        migrations.CreateModel(
            name='RegisteredAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('network', models.CharField(max_length=49, verbose_name='地址或网段')),
                ('note', models.CharField(blank=True, max_length=128, verbose_name='说明')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='addresses', to='interface.provideraccount')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'network'), name='registered_once')],
            },
        ),
        migrations.CreateModel(
            name='Upload',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sequence', models.BigIntegerField()),
                ('hash', models.CharField(max_length=64)),
                ('file_name', models.CharField(max_length=128)),
                ('size', models.BigIntegerField()),
                ('document_size', models.BigIntegerField(default=0)),
                ('encrypt_algorithm', models.SmallIntegerField()),
                ('hash_algorithm', models.SmallIntegerField()),
                ('compression_format', models.SmallIntegerField()),
                ('state', models.CharField(choices=[('received', '已接收'), ('processed', '已处理'), ('returned', '整体退回')], default='received', max_length=10)),
                ('received_at', models.DateTimeField(auto_now_add=True)),
                ('processed_at', models.DateTimeField(null=True)),
                ('records', models.PositiveIntegerField(default=0)),
                ('returned', models.PositiveIntegerField(default=0)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('not_before', models.DateTimeField(null=True)),
                ('problem', models.TextField(default='')),
                ('correlation', models.UUIDField(default=uuid.uuid4)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='uploads', to='interface.provideraccount')),
            ],
            options={
                'ordering': ['id'],
                'indexes': [models.Index(condition=models.Q(('state', 'received')), fields=['id'], name='upload_waiting')],
                'constraints': [models.UniqueConstraint(fields=('account', 'sequence'), name='upload_once')],
            },
        ),
        migrations.CreateModel(
            name='UploadPiece',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('ordinal', models.PositiveIntegerField()),
                ('content', beian.crypto.EncryptedBytesField()),
                ('upload', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='pieces', to='interface.upload')),
            ],
            options={
                'ordering': ['ordinal'],
                'constraints': [models.UniqueConstraint(fields=('upload', 'ordinal'), name='piece_once')],
            },
        ),
    ]
