"""The operations of the upload and download path, on spyne: `isp_upload` works, the others answer 999."""

import base64
import hashlib
import io
import zipfile

from django.db import transaction
from spyne import Application, Long, ServiceBase, Unicode, rpc
from spyne.protocol.soap import Soap11

from benchmarks.spyne_service.models import Account, Stored

NAMESPACE = "http://www.miibeian.gov.cn"
RETURN = '<?xml version="1.0" encoding="GBK"?><return version="V.3.0"><msg_code>{}</msg_code><msg>{}</msg></return>'
CALLER = (Long, Unicode, Unicode, Unicode)


class UpDownLoad(ServiceBase):
    """What a provider calls, parameters unqualified as the interface has them."""

    @rpc(*CALLER, Unicode, Unicode, Long, Long, Long, Long, _returns=Unicode, _out_variable_name="return")
    def isp_upload(
        ctx,  # noqa: N805
        ispID,  # noqa: N803
        userName,  # noqa: N803
        randVal,  # noqa: N803
        pwdHash,  # noqa: N803
        beianInfo,  # noqa: N803
        beianInfoHash,  # noqa: N803
        dataSequence,  # noqa: N803
        encryptAlgorithm,  # noqa: N803
        hashAlgorithm,  # noqa: N803
        compressionFormat,  # noqa: N803
    ):
        """Check who calls, decode, store under the next number, answer 0."""
        account = Account.objects.filter(isp_id=ispID, user_name=userName).first()
        if account is None:
            return RETURN.format(4, "")
        if _hash((account.password + randVal).encode("gbk")) != pwdHash:
            return RETURN.format(5, "")
        zipped = base64.b64decode(beianInfo)
        if _hash(zipped) != beianInfoHash:
            return RETURN.format(7, "")
        with zipfile.ZipFile(io.BytesIO(zipped)) as archive:
            archive.read(archive.namelist()[0])
        return _store(account, dataSequence, beianInfoHash, zipped)

    @rpc(*CALLER, Long, _returns=Unicode, _out_variable_name="return")
    def isp_download(ctx, ispID, userName, randVal, pwdHash, hashAlgorithm):  # noqa: N803, N805
        """Not measured."""
        return RETURN.format(999, "")

    @rpc(*CALLER, Long, Unicode, _returns=Unicode, _out_variable_name="return")
    def isp_downloadack(ctx, ispID, userName, randVal, pwdHash, hashAlgorithm, fileName):  # noqa: N803, N805
        """Not measured."""
        return RETURN.format(999, "")

    @rpc(*CALLER, Long, _returns=Unicode, _out_variable_name="return")
    def isp_querypreviousupload(ctx, ispId, userName, randVal, pwdHash, hashAlgorithm):  # noqa: N803, N805
        """Not measured."""
        return RETURN.format(999, "")


def _store(account, sequence, hashed, zipped):
    with transaction.atomic():
        locked = Account.objects.select_for_update().get(pk=account.pk)
        if sequence != locked.last_sequence + 1:
            return RETURN.format(14, "")
        Stored.objects.create(account=locked, sequence=sequence, hash=hashed, content=zipped)
        locked.last_sequence = sequence
        locked.save(update_fields=["last_sequence"])
    return RETURN.format(0, "")


def _hash(data):
    return base64.b64encode(hashlib.md5(data).digest()).decode()


application = Application([UpDownLoad], NAMESPACE, in_protocol=Soap11(), out_protocol=Soap11())
