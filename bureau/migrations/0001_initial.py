import beian.crypto
import django.contrib.postgres.fields
import django.contrib.postgres.indexes
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('beian', '0001_initial'),
        ('beian', '__first__'),
        ('interface', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='RefusalReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=64, verbose_name='简称')),
                ('text', models.CharField(max_length=500, verbose_name='告知接入商的内容')),
                ('position', models.PositiveIntegerField(default=0, verbose_name='顺序')),
                ('active', models.BooleanField(default=True, verbose_name='启用')),
                ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='refusal_reasons', to='beian.node')),
            ],
            options={
                'ordering': ['position', 'id'],
                'constraints': [models.UniqueConstraint(fields=('bureau', 'title'), name='reason_once')],
            },
        ),
        migrations.CreateModel(
            name='SavedFilter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=64, verbose_name='名称')),
                ('query', models.CharField(max_length=1000)),
                ('bureau', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='beian.node')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='saved_filters', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'ordering': ['name'],
                'constraints': [models.UniqueConstraint(fields=('user', 'bureau', 'name'), name='saved_filter_once')],
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.PositiveSmallIntegerField(choices=[(1, '新增备案'), (2, '新增网站'), (3, '新增接入'), (4, '变更备案'), (5, '取消接入'), (6, '注销主体'), (7, '注销网站')], verbose_name='申请类型')),
                ('state', models.CharField(choices=[('returned', '自动退回'), ('forwarded', '已转外省'), ('pending', '待审核'), ('claimed', '审核中'), ('recommended', '待复核'), ('approved', '已通过'), ('refused', '已拒绝'), ('withdrawn', '已撤回')], default='pending', max_length=12, verbose_name='状态')),
                ('isp_id', models.BigIntegerField(verbose_name='接入商标识')),
                ('provider_name', models.CharField(max_length=255, verbose_name='接入商')),
                ('sequence', models.BigIntegerField(null=True, verbose_name='上报序号')),
                ('ordinal', models.PositiveIntegerField(default=1, verbose_name='文件内序号')),
                ('subject', models.CharField(max_length=255)),
                ('record', beian.crypto.EncryptedJSONField()),
                ('sponsor_name', models.CharField(max_length=255, verbose_name='主办者名称')),
                ('nature', models.PositiveSmallIntegerField(null=True)),
                ('certificate_type', models.PositiveSmallIntegerField(null=True)),
                ('certificate_index', models.CharField(max_length=64, null=True)),
                ('address_index', models.CharField(max_length=64, null=True)),
                ('telephones', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=64), default=list, size=None)),
                ('domains', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=255), default=list, size=None)),
                ('first_domain', models.CharField(default='', max_length=128, verbose_name='首个域名')),
                ('province', models.PositiveIntegerField(null=True)),
                ('city', models.PositiveIntegerField(null=True)),
                ('websites', models.PositiveSmallIntegerField(default=0, verbose_name='网站数')),
                ('findings', models.JSONField(default=list)),
                ('received_at', models.DateTimeField(verbose_name='受理时间')),
                ('deadline', models.DateField(verbose_name='办结期限')),
                ('claimed_until', models.DateTimeField(null=True)),
                ('recommended_at', models.DateTimeField(null=True)),
                ('recommendation', models.JSONField(null=True)),
                ('decided_at', models.DateTimeField(null=True, verbose_name='办结时间')),
                ('reasons', models.JSONField(default=list)),
                ('opinion', models.TextField(default='', verbose_name='审核意见')),
                ('sponsor_number', models.BigIntegerField(null=True)),
                ('filing_number', models.CharField(default='', max_length=128, verbose_name='备案号')),
                ('version', models.PositiveIntegerField(default=1)),
                ('correlation', models.UUIDField(default=uuid.uuid4)),
                ('claimed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('holder', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='beian.node')),
                ('received_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='beian.node')),
                ('recommended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('upload', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='interface.upload')),
            ],
            options={
                'indexes': [models.Index(fields=['holder', 'state', 'deadline', 'id'], name='bureau_appl_holder__8d34b8_idx'), models.Index(fields=['holder', 'state', 'received_at', 'id'], name='bureau_appl_holder__47c109_idx'), models.Index(fields=['holder', 'certificate_index'], name='bureau_appl_holder__28e6fe_idx'), models.Index(fields=['holder', 'address_index'], name='bureau_appl_holder__05dfb1_idx'), models.Index(fields=['holder', 'isp_id', 'id'], name='bureau_appl_holder__1cdc8a_idx'), django.contrib.postgres.indexes.GinIndex(fields=['domains'], name='application_domains'), django.contrib.postgres.indexes.GinIndex(fields=['telephones'], name='application_telephones')],
                'constraints': [models.UniqueConstraint(condition=models.Q(('upload__isnull', False)), fields=('holder', 'upload', 'kind', 'ordinal'), name='application_once')],
            },
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='state_follows_workflow', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE _is_valid_transition BOOLEAN;', func='SELECT CONCAT(OLD."state", \':\', NEW."state") = ANY(\'{claimed:approved,claimed:pending,claimed:recommended,claimed:refused,claimed:returned,claimed:withdrawn,forwarded:approved,forwarded:refused,forwarded:returned,pending:claimed,pending:returned,pending:withdrawn,recommended:approved,recommended:pending,recommended:refused,recommended:returned,recommended:withdrawn}\'::text[]) INTO _is_valid_transition; IF (_is_valid_transition IS FALSE AND OLD."state" IS DISTINCT FROM NEW."state") THEN RAISE EXCEPTION \'pgtrigger: Invalid transition of field "state" from "%" to "%" on table %\', OLD."state", NEW."state", TG_TABLE_NAME; ELSE RETURN NEW; END IF;', hash='b7801b1f29ed5187777a5e0f2047aff85cc7c6d9', operation='UPDATE', pgid='pgtrigger_state_follows_workflow_a53ff', table='bureau_application', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='application',
            trigger=pgtrigger.compiler.Trigger(name='never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e9a74c640113154a91b5c90c3d7b9103ad432979', operation='DELETE', pgid='pgtrigger_never_deleted_63af3', table='bureau_application', when='BEFORE')),
        ),
    ]
