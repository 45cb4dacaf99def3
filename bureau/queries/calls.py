"""The calls of the interface: their operations in words, and which of their answers refuse."""

from __future__ import annotations

from django.db.models import Q

from interface.codes import Code

OPERATIONS = {
    "isp_upload": "上报",
    "isp_download": "下载",
    "isp_downloadack": "下载确认",
    "isp_querypreviousupload": "查询上次上报",
    "isp_querybeianstatus": "查询备案状态",
    "isp_verifybamm": "校验备案密码",
}
SERVED = (Code.OK, Code.NOTHING_TO_DOWNLOAD)
REFUSED = ~Q(code__in=SERVED) | Q(code=None)
