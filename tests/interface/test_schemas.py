"""The schemas accept and refuse what the interface defines, also where two places nearly agree."""

from __future__ import annotations

import pytest
from lxml import etree

from interface import schemas

WEBSITE = (
    "<IspWzid>1</IspWzid><Wzmc>n</Wzmc>{approvals}<Fwnr><Fwnr_id>1</Fwnr_id></Fwnr><Yylb><Yylb_id>1</Yylb_id></Yylb>"
    "<Ym_xx><Ym>a.cn</Ym><IspYmid>1</IspYmid></Ym_xx>"
    "<Jr_xx><IspJrid>1</IspJrid><Wzfb><Fbdd>1</Fbdd></Wzfb><Wzjrfs><Jrfs>1</Jrfs></Wzjrfs>"
    "<Ip_xx><Zzip>2</Zzip><Qsip>1</Qsip><IspIpid>1</IspIpid></Ip_xx></Jr_xx>"
    "<Wz_Fzr><Fzr_dzyj>a@b.cn</Fzr_dzyj><Fzr_sjhm>13800000000</Fzr_sjhm><Fzr_xm>n</Fzr_xm></Wz_Fzr>{end}"
)
MOBILE = "<Fzr_sjhm>13800000000</Fzr_sjhm>"
EMAIL = "<Fzr_dzyj>a@b.cn</Fzr_dzyj>"
PERSON = "<Fzr_xm>n</Fzr_xm>" + MOBILE + EMAIL
CERTIFICATE = "<Zjlx>1</Zjlx><Zjhm>1</Zjhm><Zjzs>1</Zjzs>"
ADDRESS = "<Shiid>110101</Shiid><Shengid>110000</Shengid>"
SOURCE = "<Zzip>{last}</Zzip><Qsip>1</Qsip><Lydw>1</Lydw><IspId>1</IspId>"
DOMAIN = "a.cn"


def website(approvals: str = "", end: str = "") -> str:
    return WEBSITE.format(approvals=approvals, end=end)


def new_filing(
    *,
    person: str = PERSON,
    certificate: str = CERTIFICATE,
    address: str = ADDRESS,
    site: str | None = None,
    after: str = "",
    owner: str = "<Ssdxbs>1</Ssdxbs>",
) -> str:
    attachment = f"<Fjwjgs>1</Fjwjgs><Fjyt>1</Fjyt><Fjnr>QQ==</Fjnr><Fjssdx><Ssdxlx>1</Ssdxlx>{owner}</Fjssdx>"
    return icp(
        f"<XZBA><Baxx><Zt_xx><Fzr>{person}</Fzr><Zj>{certificate}</Zj><Txdz>{address}</Txdz><Bbfs>1</Bbfs>"
        f"<Dwmc>n</Dwmc><IspZtid>1</IspZtid></Zt_xx><Wz_xx>{site or website()}</Wz_xx>"
        f"<Fj><Fjxx>{attachment}</Fjxx></Fj>{after}</Baxx></XZBA>"
    )


def icp(sections: str) -> str:
    return f'<UploadData version="V.3.0"><ICP><Qqdwid>1</Qqdwid>{sections}</ICP></UploadData>'


def addresses(sections: str) -> str:
    return f'<UploadData version="V.3.0"><IP>{sections}<Qqdwid>1</Qqdwid></IP></UploadData>'


def domains(sections: str) -> str:
    return f'<UploadData version="V.3.0"><YM>{sections}<Qqdwid>1</Qqdwid></YM></UploadData>'


def new_websites(sponsor: str, end: str = "", after: str = "") -> str:
    return icp(f"<XZWZ><Xzxx><Zt_xx>{sponsor}</Zt_xx><Wz_xx>{website(end=end)}</Wz_xx>{after}</Xzxx></XZWZ>")


def source(last: object) -> str:
    return addresses(f"<XZBA><Xzly><Ly>{SOURCE.format(last=last)}</Ly></Xzly></XZBA>")


def allocation(first: int) -> str:
    filled = f"<IspId>1</IspId><Qsip>{first}</Qsip><Zzip>0</Zzip><Fpfs>4</Fpfs>"
    return addresses(f"<XZBA><Xzfp><Fpsy>{filled}</Fpsy></Xzfp></XZBA>")


def approval(kinds: int, scans: int) -> str:
    one = f"<Nrlx_xx><Nrlx_id>1</Nrlx_id><Qzsph>1</Qzsph>{'<Spwj>QQ==</Spwj>' * scans}</Nrlx_xx>"
    return f"<Nrlx>{one * kinds}</Nrlx>"


UPLOADS = [
    ("a new filing, every part in any order that may be", new_filing(), True),
    ("no request at all", icp(""), True),
    ("a request without its provider", '<UploadData version="V.3.0"><ICP/></UploadData>', False),
    ("no branch", '<UploadData version="V.3.0"/>', False),
    ("two branches", domains("").replace("</YM>", "</YM><IP><Qqdwid>1</Qqdwid></IP>"), False),
    ("no version", "<UploadData><YM><Qqdwid>1</Qqdwid></YM></UploadData>", False),
    ("any version", '<UploadData version=""><YM><Qqdwid>1</Qqdwid></YM></UploadData>', True),
    ("an attribute", icp("").replace("<Qqdwid>", '<Qqdwid id="1">'), False),
    ("a namespace", icp("").replace("<UploadData", '<UploadData xmlns="urn:x"'), False),
    ("words between elements", icp("x"), False),
    ("an empty section", icp("<XZBA/>"), False),
    ("a section twice", icp("<ZXBA><Zx_xx/></ZXBA>" * 2), False),
    ("blanks around a number", icp("").replace(">1<", "> 1\n<"), True),
    ("a number with sign and leading noughts", icp("").replace(">1<", ">+001<"), True),
    ("a number beyond 64 bits", icp("").replace(">1<", ">9223372036854775808<"), False),
    ("a provider nought", icp("").replace(">1<", ">0<"), False),
    ("a person in another order", new_filing(person=MOBILE + "<Fzr_xm>n</Fzr_xm>" + EMAIL), False),
    ("a person without name", new_filing(person=MOBILE + EMAIL), True),
    ("a person without mobile", new_filing(person="<Fzr_xm>n</Fzr_xm>" + EMAIL), False),
    ("a mobile of ten characters", new_filing(person=PERSON.replace("13800000000", "1380000000")), False),
    ("a certificate in another order", new_filing(certificate="<Zjhm>1</Zjhm><Zjlx>1</Zjlx><Zjzs>1</Zjzs>"), False),
    ("a number of 255 characters", new_filing(certificate=CERTIFICATE.replace("m>1<", f"m>{'𠮷' * 255}<")), True),
    ("a number of 256 characters", new_filing(certificate=CERTIFICATE.replace("m>1<", f"m>{'1' * 256}<")), False),
    ("an address without city", new_filing(address="<Shengid>110000</Shengid>"), False),
    ("a region of five digits", new_filing(address=ADDRESS.replace("110000", "99999")), False),
    ("64 kinds of ten scans", new_filing(site=website(approval(64, 10))), True),
    ("65 kinds", new_filing(site=website(approval(65, 1))), False),
    ("eleven scans", new_filing(site=website(approval(1, 11))), False),
    ("an approval without scan", new_filing(site=website(approval(1, 0))), False),
    ("a remark before the home page", new_filing(site=website(end="<Wz_Bz>1</Wz_Bz><Syurl>a.cn</Syurl>")), False),
    ("a home page of 256 in a new filing", new_filing(site=website(end=f"<Syurl>{'a' * 256}</Syurl>")), False),
    ("a home page of 512 in a new website", new_websites("<Ztid>1</Ztid>", f"<Syurl>{'a' * 512}</Syurl>"), True),
    ("a home page of 513 in a new website", new_websites("<Ztid>1</Ztid>", f"<Syurl>{'a' * 513}</Syurl>"), False),
    ("an owner by filing number in a new filing", new_filing(owner="<Ssdxbs><Baxh>1</Baxh></Ssdxbs>"), False),
    ("a website after the attachments", new_filing(after=f"<Wz_xx>{website()}</Wz_xx>"), False),
    ("a filing password in a new filing", new_filing(after="<ICPmm>1</ICPmm>"), False),
    ("a sponsor by filing number", new_websites("<Ztbah>1</Ztbah>", after="<ICPmm>1</ICPmm>"), True),
    ("a sponsor by both", new_websites("<Ztbah>1</Ztbah><Ztid>1</Ztid>"), False),
    ("a sponsor by neither", new_websites(""), False),
    ("the highest address", source(4294967295), True),
    ("beyond the highest address", source(4294967296), False),
    ("a source from 0.0.0.0", source(0), False),
    ("an allocation from 0.0.0.0", allocation(0), True),
    ("address records of no kind", addresses("<XGBA/><XZBA/><SCBA/>"), True),
    ("an empty list of address records", addresses("<XGBA><XgZd/></XGBA>"), False),
    ("a deletion by id", domains("<SCBA><Scxx><Id>1</Id></Scxx></SCBA>"), True),
    ("a deletion by name", domains(f"<SCBA><Scxx><Ym>{DOMAIN}</Ym></Scxx></SCBA>"), True),
    ("a deletion by both", domains(f"<SCBA><Scxx><Id>1</Id><Ym>{DOMAIN}</Ym></Scxx></SCBA>"), False),
    ("a deletion by nothing", domains("<SCBA><Scxx/></SCBA>"), False),
]


def down(branch: str) -> str:
    return f'<DownloadData version="V.3.0">{branch}</DownloadData>'


DOWNLOADS = [
    ("nothing in a branch", down("<ICP/>"), True),
    ("synchronisation of nothing", down("<SJTB/>"), True),
    ("synchronisation of one kind", down("<SJTB><JCDM/></SJTB>"), True),
    ("synchronisation of two kinds", down("<SJTB><JCDM/><IP/></SJTB>"), False),
    ("results of nothing", down("<ICP><BAJG/></ICP>"), True),
    ("domain results of nothing", down("<YM><BAJG/></YM>"), False),
    ("a result without description", down("<ICP><BAJG>{}</BAJG></ICP>").format(
        "<Jg_xx><Jgxx><Jgdm>1002</Jgdm></Jgxx><Czlx>7</Czlx><Bz/></Jg_xx>"), True),
    ("a domain result without description", down("<YM><BAJG>{}</BAJG></YM>").format(
        "<Jg_xx><Jgxx><Jgdm>1</Jgdm></Jgxx><Czlx>1</Czlx></Jg_xx>"), False),
    ("a domain result with an empty one", down("<YM><BAJG>{}</BAJG></YM>").format(
        "<Jg_xx><Jgxx><Jgdm>1</Jgdm><Dmms/></Jgxx><Czlx>1</Czlx></Jg_xx>"), True),
    ("an operation 8", down("<ICP><BAJG>{}</BAJG></ICP>").format(
        "<Jg_xx><Jgxx><Jgdm>1</Jgdm></Jgxx><Czlx>8</Czlx></Jg_xx>"), False),
    ("an empty result", down("<ICP><BAJG><Jg_xx/></BAJG></ICP>"), False),
    ("a blacklist of nobody", down("<ICP><HMDLB/></ICP>"), True),
    ("a blacklist entry without sponsor", down("<ICP><HMDLB>{}</HMDLB></ICP>").format(
        "<Zthmdxxs><Czlx>0</Czlx></Zthmdxxs>"), True),
    ("a blacklist entry without operation", down("<ICP><HMDLB><Zthmdxxs/></HMDLB></ICP>"), False),
    ("websites before sponsors", down("<ICP><HMDLB>{}</HMDLB></ICP>").format(
        "<Wzhmdxxs><Wz_xx><Wzmc>n</Wzmc><Ym_xx><Ym>a.cn</Ym></Ym_xx></Wz_xx><Czlx>0</Czlx></Wzhmdxxs>"
        "<Zthmdxxs><Czlx>0</Czlx></Zthmdxxs>"), False),
    ("code tables in any order", down("<JCDM><Jcdm_xx><Yylb_dms><Yylb>{}</Yylb></Yylb_dms></Jcdm_xx></JCDM>").format(
        "<Sfyx>1</Sfyx><Mc>n</Mc><Id>1</Id>"), True),
]  # fmt: skip


def returned(rest: str, code: object = 0, message: str = "") -> str:
    return f'<return version="V.3.0"><msg_code>{code}</msg_code><msg>{message}</msg>{rest}</return>'


FILE = (
    "<hashAlgorithm>0</hashAlgorithm><compressionFormat>0</compressionFormat><encryptAlgorithm>0</encryptAlgorithm>"
    "{}<return_FileName>a</return_FileName><beianInfo>UEs=</beianInfo><beianInfoHash>QQ==</beianInfoHash>"
)
STATUS = "<Cxtjlx>{}</Cxtjlx><Cxtj>{}</Cxtj>{}"

RETURNS = [
    ("isp_upload", returned(""), True),
    ("isp_upload", returned("", 1000), False),
    ("isp_upload", returned("", -1), False),
    ("isp_upload", returned("", message="字" * 256), True),
    ("isp_upload", returned("", message="字" * 257), False),
    ("isp_upload", returned("<dataSequences><dataSequence>3</dataSequence></dataSequences>"), True),
    ("isp_upload", returned("<dataSequences/>"), False),
    ("isp_download", returned(f"<fileInfos>{FILE.format('')}</fileInfos>"), True),
    ("isp_download", returned(f"<fileInfos>{FILE.format('<dataSequence>1</dataSequence>')}</fileInfos>"), False),
    ("isp_download", returned("<fileInfos/>"), False),
    ("isp_downloadack", returned(""), True),
    ("isp_downloadack", returned("<fileInfos/>"), False),
    ("isp_querypreviousupload", returned(f"<fileInfos>{FILE.format('')}</fileInfos>"), False),
    ("isp_querypreviousupload",
     returned(f"<fileInfos>{FILE.format('<dataSequence>0</dataSequence>')}</fileInfos>"), True),
    ("isp_querybeianstatus", returned(f"<StatusInfo>{STATUS.format(98, 'a.cn', '<Bazt/>')}</StatusInfo>"), True),
    ("isp_querybeianstatus", returned(f"<StatusInfo>{STATUS.format(99, 'a.cn', '<Bazt/>')}</StatusInfo>"), False),
    ("isp_querybeianstatus", returned(f"<StatusInfo>{STATUS.format(1, '123', '<Bazt/>')}</StatusInfo>"), False),
    ("isp_querybeianstatus", returned(f"<StatusInfo>{STATUS.format(1, '1234', '')}</StatusInfo>"), False),
    ("isp_querybeianstatus",
     returned(f"<StatusInfo>{STATUS.format(0, 'a.cn', '<Wzbah/><Ztbah/><Bazt/>')}</StatusInfo>"), False),
    ("isp_verifybamm", returned("<VerifyRes>1</VerifyRes>"), True),
    ("isp_verifybamm", returned("<VerifyRes>2</VerifyRes>"), False),
]  # fmt: skip


@pytest.mark.parametrize(("xml", "fits"), [pytest.param(x, f, id=name) for name, x, f in UPLOADS])
def test_uploads(xml: str, fits: bool) -> None:
    assert bool(schemas.validate(schemas.upload(), etree.fromstring(xml))) is not fits


@pytest.mark.parametrize(("xml", "fits"), [pytest.param(x, f, id=name) for name, x, f in DOWNLOADS])
def test_downloads(xml: str, fits: bool) -> None:
    assert bool(schemas.validate(schemas.download(), etree.fromstring(xml))) is not fits


@pytest.mark.parametrize(("operation", "xml", "fits"), RETURNS)
def test_returns(operation: str, xml: str, fits: bool) -> None:
    assert bool(schemas.validate(schemas.operation_return(operation), etree.fromstring(xml))) is not fits


def test_a_change_takes_anything_as_a_websites_remark() -> None:
    declared = etree.parse(str(schemas.FOLDER / "upload_change.xsd"))
    assert declared.xpath("//*[@name='Wz_Bz']/@type") == ["xs:anyType"]


def test_problems_name_line_path_and_expectation() -> None:
    tree = etree.fromstring(domains("\n<SCBA><Scxx>\n<Ym>a</Ym></Scxx>\n<Scxx/></SCBA>").replace(">1<", ">x<"))
    found = schemas.validate(schemas.upload(), tree)
    assert [(problem.line, problem.path, problem.message) for problem in found] == [
        (3, "/UploadData/YM/SCBA/Scxx[1]/Ym", "元素 Ym 的长度为 1 个字符，至少应为 4 个"),
        (4, "/UploadData/YM/SCBA/Scxx[2]", "元素 Scxx 的内容不完整，应有：Id, Ym"),
        (4, "/UploadData/YM/Qqdwid", "元素 Qqdwid 的值不是要求的类型"),
    ]
    assert str(found[0]) == "第3行：元素 Ym 的长度为 1 个字符，至少应为 4 个"


def test_problems_never_repeat_what_was_sent() -> None:
    secret = "440099199001010014"
    tree = etree.fromstring(domains("").replace(">1<", f">{secret}x<"))
    assert not [problem for problem in schemas.validate(schemas.upload(), tree) if secret in problem.message]


def test_only_the_first_twenty_problems_are_told() -> None:
    tree = etree.fromstring(domains(f"<SCBA>{'<Scxx/>' * 50}</SCBA>"))
    assert len(schemas.validate(schemas.upload(), tree)) == 20


def test_a_validator_that_gives_up_finds_a_problem() -> None:
    class GivesUp:
        def validate(self, tree: object) -> bool:
            raise etree.XMLSchemaValidateError("Internal error in XML Schema validation.")

    assert schemas.validate(GivesUp(), etree.fromstring("<x/>")) == [  # type: ignore[arg-type]
        schemas.SchemaProblem(1, "", "文档过于复杂，无法按模式校验")
    ]


def test_each_schema_is_compiled_once() -> None:
    assert schemas.upload() is schemas.upload()
    assert schemas.operation_return("isp_upload") is schemas.operation_return("isp_upload")


def test_an_operation_that_does_not_exist() -> None:
    with pytest.raises(ValueError, match="isp_frobnicate"):
        schemas.operation_return("isp_frobnicate")
