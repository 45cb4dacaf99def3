"""A provider's side of the interface, whole: file one website, then fetch what waits.

    python docs/examples/file_one_website.py var/demo/demo.json

The guide is docs/interface.md. Documents are stored in `downloads` beside demo.json.
"""

import base64
import hashlib
import http.client
import io
import json
import secrets
import sys
import time
import xml.etree.ElementTree as ET
import zipfile
from pathlib import Path
from urllib import error, request
from xml.sax.saxutils import escape

ENVELOPE = """<soap:Envelope xmlns:soap="http://schemas.xmlsoap.org/soap/envelope/"><soap:Body>\
<b:{0} xmlns:b="http://www.miibeian.gov.cn">{1}</b:{0}></soap:Body></soap:Envelope>"""
NEW_FILING = Path(__file__).with_name("new_filing.xml")


def md5(data):
    """Give the MD5 of `data` as the wire writes it."""
    return base64.b64encode(hashlib.md5(data, usedforsecurity=False).digest()).decode()


def call(provider, operation, **parameters):
    """Call an operation; give its <return> where the code is 0 or 2 (nothing to download), stop otherwise."""
    value = secrets.token_hex(10)  # 20 characters
    given = {
        "ispId" if operation == "isp_querypreviousupload" else "ispID": provider["isp_id"],
        "userName": provider["user_name"],
        "randVal": value,
        "pwdHash": md5((provider["password"] + value).encode("gbk")),
        "hashAlgorithm": 0,
    } | parameters
    inner = "".join(f"<{name}>{escape(str(text))}</{name}>" for name, text in given.items())
    answer = post(f"{provider['endpoint']}/ISPWebService/upDownLoad", ENVELOPE.format(operation, inner).encode())
    # What is returned is a document of its own; decoded already, whatever encoding it declares.
    returned = ET.fromstring(ET.fromstring(answer).findtext(".//return"))  # noqa: S314
    if returned.findtext("msg_code") not in ("0", "2"):
        sys.exit(f"{operation}: {' '.join(returned.itertext())}")
    return returned


def post(url, body, tries=3):
    """Post an envelope. When the answer is lost, the same bytes go again: that changes nothing twice."""
    headers = {"Content-Type": "text/xml; charset=utf-8", "SOAPAction": '""'}
    try:
        with request.urlopen(request.Request(url, body, headers), timeout=60) as answer:  # noqa: S310
            return answer.read()
    except error.HTTPError as fault:
        sys.exit(f"no call: HTTP {fault.code} {fault.read().decode(errors='replace')}")
    except (OSError, http.client.HTTPException) as lost:
        if tries == 1:
            sys.exit(f"{url}: {lost}")
        time.sleep(2)
        return post(url, body, tries - 1)


def upload(provider, document):
    """Send a document under the next number and give that number."""
    declared = '<?xml version="1.0" encoding="GBK"?>\n' + document
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("upload.xml", declared.encode("gbk", "xmlcharrefreplace"))
    sequence = int(call(provider, "isp_querypreviousupload").findtext("fileInfos/dataSequence")) + 1
    info = {"beianInfo": base64.b64encode(buffer.getvalue()).decode(), "beianInfoHash": md5(buffer.getvalue())}
    call(provider, "isp_upload", **info, dataSequence=sequence, encryptAlgorithm=0, compressionFormat=0)
    return sequence


def unpack(file):
    """Give name and document (bytes, GBK) of a downloaded file."""
    if file.findtext("encryptAlgorithm") != "0":
        sys.exit("encrypted, and Python has no AES of its own: ask the bureau for plain downloads")
    zipped = base64.b64decode(file.findtext("beianInfo"))
    if md5(zipped) != file.findtext("beianInfoHash"):
        sys.exit("damaged on the way: call again")
    name = file.findtext("return_FileName")
    return name, zipfile.ZipFile(io.BytesIO(zipped)).read(name)


def fetch(provider, folder):
    """Download, store, show, and only then acknowledge, until nothing waits."""
    folder.mkdir(exist_ok=True)
    while (file := call(provider, "isp_download").find("fileInfos")) is not None:
        name, document = unpack(file)
        (folder / Path(name).name).write_bytes(document)
        show(ET.fromstring(document.decode("gb18030")))  # noqa: S314
        call(provider, "isp_downloadack", fileName=name)


def show(document):
    """Print results with the case that each belongs to, and the numbers of filings."""
    for result in document.iter("Jg_xx"):
        codes = [f"{each.findtext('Jgdm')} {each.findtext('Dmms')}" for each in result.iter("Jgxx")]
        print(f"case {result.findtext('Bs')}: {'; '.join(codes)} {result.findtext('Bz') or ''}")
    for filing in document.iterfind("ICP/BASJ/Baxx"):
        print(f"filed: {filing.findtext('Zt_xx/Baxh')} {filing.findtext('Zt_xx/Dwmc')}")


def main(path):
    """File as the first provider of bureau 440000 whose system is somebody else's."""
    providers = json.loads(path.read_text(encoding="utf-8"))["providers"]
    provider = next(each for each in providers if each["bureau"] == "440000" and not each["managed"])
    case = time.time_ns() // 1_000_000
    filing = NEW_FILING.read_text(encoding="utf-8").format(case=case, isp_id=provider["isp_id"])
    print(f"case {case}: uploaded as number {upload(provider, filing)}")
    fetch(provider, path.parent / "downloads")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
