"""For each result code a document that is answered with it, and what happens around that document.

Most are the cases of the tests of the rules, written as documents; here they pass through everything.
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from beian.checks.facts import stored_key
from beian.models import BlacklistKind
from beian.records import CheckResultRecord, FilingRecord, NameRecord
from bureau.services import account_standing, check_tasks, intake, unfiled
from bureau.services import review as reviewing
from interface.documents.writing import CannotExpress
from interface.models import Upload
from tests import builders
from tests.beian.test_checks.standing import (
    FOREIGN,
    ISP,
    ON_FILE,
    ONLY,
    OTHER,
    SPONSOR,
    WEBSITE,
    cancel_access,
    cancel_sponsor,
    cancel_website,
    change,
    new_access,
    new_websites,
    number_of,
)
from tests.beian.test_checks.test_every_code import CERTIFICATE, CHANGES, FILING
from tests.beian.test_checks.test_material import THEIRS, form, photo
from tests.beian.test_checks.test_reported import handling, result
from tests.beian.test_checks.test_request_rules import NEW_NAME, NEW_PAGE, TWICE
from tests.builders import changed
from tests.interface.codes.world import MOMENT, World

Step = Callable[[World], None]
TOMORROW = MOMENT.date() + datetime.timedelta(days=1)


def nothing(world: World) -> None:
    """Nothing is on file, nothing is pending."""


def on_file(world: World) -> None:
    world.hold(ON_FILE)


@dataclass(frozen=True)
class Case:
    """A document, what is so before it comes, and what happens before the provider asks for the answer.

    `document` writes it; `beside` are other codes that come along. `before` the upload is taken up,
    `meanwhile` once it is stored, `after` it was judged.
    """

    document: Callable[[World], bytes]
    before: Step = nothing
    meanwhile: Step = nothing
    after: Step = nothing
    beside: frozenset[int] = frozenset()


def asks(before: Step = on_file, beside: tuple[int, ...] = (), **sections: Any) -> Case:
    """A document of requests."""
    written = {name: [record] for name, record in sections.items()}
    return Case(lambda world: world.written(**written), before, beside=frozenset(beside))


def files(filing: FilingRecord, before: Step = nothing, beside: tuple[int, ...] = (), after: Step = nothing) -> Case:
    """A document with a new filing."""
    return Case(lambda world: world.written([filing]), before, after=after, beside=frozenset(beside))


def provoked(code: int) -> Case:
    """The first of the cases of a new filing that the schema lets pass."""

    def document(world: World) -> bytes:
        for path, value in CHANGES[code]:
            try:
                return world.written([changed(FILING, path, value)])
            except CannotExpress:
                continue
        raise LookupError(f"the schema lets no case of {code} pass")

    return Case(document, beside=frozenset({1041} if code in (1004, 1005) else ()))


def sends(document: bytes, before: Step = nothing) -> Case:
    """A document that is none of ours."""
    return Case(lambda world: document, before)


# What happened before.


def with_pending(**sections: Any) -> Step:
    """A request about what is on file waits for a decision."""

    def happen(world: World) -> None:
        world.hold(ON_FILE)
        world.uploaded(**{name: [record] for name, record in sections.items()})

    return happen


def with_approved(**sections: Any) -> Step:
    """A request about what was on file was approved."""

    def happen(world: World) -> None:
        world.hold(ON_FILE)
        world.approved(**{name: [record] for name, record in sections.items()})

    return happen


def barred(kind: BlacklistKind, key: str, name: str) -> Step:
    return lambda world: world.bar(kind, key, name)


def registered(own: tuple[int, ...], others: tuple[int, ...] = ()) -> Step:
    """Single addresses, counted from the first of the builders, are registered to this provider and to the other."""

    def happen(world: World) -> None:
        world.register(ISP, *(builders.FIRST_ADDRESS + n for n in own))
        world.register(OTHER, *(builders.FIRST_ADDRESS + n for n in others))

    return happen


def few_changes(world: World) -> None:
    world.environment(changes_waiting=1)
    with_pending(changes=NEW_PAGE)(world)


def moved_away(world: World) -> None:
    world.account.provider.province = 110000
    world.account.provider.save(update_fields=["province"])


def given_a_task(world: World) -> None:
    world.hold(ON_FILE)
    check_tasks.create(world.bureau, world.reviewer, ISP, [number_of(SPONSOR)], TOMORROW, "请核实")


def listed(world: World) -> None:
    asked = handling()
    item = unfiled.Item(
        domain=asked.domain,
        address=asked.address,
        carrier=asked.carrier,
        isp_id=ISP,
        due=TOMORROW,
        detected=MOMENT.date(),
        province=440000,
    )
    unfiled.list_items(world.bureau, world.reviewer, [item])


def handled(world: World) -> None:
    listed(world)
    world.send(world.written(unfiled_handlings=[handling()]))


def may_not_file(world: World) -> None:
    world.account.may_file_websites = False
    world.account.save(update_fields=["may_file_websites"])


def may_file_addresses(world: World) -> None:
    world.account.may_file_addresses = True
    world.account.save(update_fields=["may_file_addresses"])


def tried_often(world: World) -> None:
    Upload.objects.filter(account=world.account).update(tries=intake.TRIES)


def leaves(world: World) -> None:
    account_standing.leave(world.bureau, ISP, world.reviewer, "不再从事接入服务")


# What happens afterwards.


def approve(world: World) -> None:
    world.approve(world.latest())


def refuse(world: World) -> None:
    application = reviewing.claim(world.latest().pk, world.reviewer)
    reviewing.refuse(application.pk, world.reviewer, [], "单位名称与证件不一致", None)


# Documents.


def with_(record: Any, **values: object) -> Any:
    """A record with the fields at some paths replaced (`__` between the steps)."""
    for path, value in values.items():
        record = changed(record, path.replace("__", "."), value)
    return record


NEW = builders.filing(9)
OF_ONE_HOME_PAGE = builders.website(9, home_page="https://WWW.Example101.cn:443#top")
IN_BEIJING = {
    "sponsor__address__province": 110000,
    "sponsor__address__city": 110100,
    "sponsor__address__county": 110101,
}
TAKEN_DOMAIN = with_(NEW, websites__0__domains__0__name="example101.cn", websites__0__home_page=None)


def checked(**changes: Any) -> CheckResultRecord:
    """The result of a check task, with the filing as the wire has it."""
    of_website = tuple(
        replace(website, accesses=tuple(replace(access, reported_by=0) for access in website.accesses))
        for website in ON_FILE.websites[:2]
    )
    return result(**{"filing": replace(ON_FILE, websites=of_website)} | changes)


def _document(text: str) -> bytes:
    return f'<?xml version="1.0" encoding="GBK"?>\n{text}\n'.encode("gbk")


EMPTY = '<UploadData version="V.3.0"><ICP><Qqdwid>440000000002</Qqdwid></ICP></UploadData>'
ADDRESSES = '<UploadData version="V.3.0"><IP><Qqdwid>440000000002</Qqdwid></IP></UploadData>'
OF_NEW_FILINGS = (
    *(1004, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1015, 1019, 1020, 1022, 1024, 1031, 1033, 1034),
    *(1035, 1036, 1037, 1038, 1039, 1040, 1041, 1044, 1056, 1057, 1066),
)

CASES: dict[str, Case] = {
    **{str(code): provoked(code) for code in OF_NEW_FILINGS},
    # Decisions.
    "1001": files(FILING, after=approve),
    "1001-registered-addresses": files(builders.filing(1), registered((101,)), after=approve),
    "1001-new-website": replace(asks(new_websites=new_websites()), after=approve),
    "1001-new-access": replace(asks(new_accesses=new_access()), after=approve),
    "1001-change": replace(asks(changes=NEW_NAME), after=approve),
    "1001-cancel-access": replace(asks(cancellations=cancel_access()), after=approve),
    "1001-cancel-website": replace(asks(cancellations=cancel_website()), after=approve),
    "1001-cancel-sponsor": replace(asks(cancellations=cancel_sponsor()), after=approve),
    "1002": files(FILING, after=refuse),
    # Conflicts of new filings with what is on file, barred, registered; and whose they are.
    "1003": files(with_(NEW, sponsor__certificate__number=SPONSOR.certificate.number), on_file),
    "1005": files(TAKEN_DOMAIN, on_file),
    "1006": files(with_(FILING, websites__0__accesses__0__ranges__0=builders.address_range(1, first=1, last=1))),
    "5010": files(with_(FILING, attachments__0__owner=str(FILING.websites[0].provider_id))),
    "1014": files(with_(FILING, sponsor__nature=None)),
    "1021": files(with_(FILING, websites__1=OF_ONE_HOME_PAGE), beside=(1041,)),
    "1023": files(builders.filing(1), registered((99,))),
    "1045": files(FILING, moved_away),
    "1054": replace(files(FILING), meanwhile=leaves),
    "1063": files(builders.filing(1), registered((99,), others=(101,))),
    "1064": files(FILING, barred(BlacklistKind.DOMAIN, "example101.cn", "示例网站")),
    "1065": files(FILING, barred(BlacklistKind.SPONSOR, stored_key("certificate", CERTIFICATE), "示例公司")),
    # What is named is not there, or is something else.
    "1016": asks(cancellations=cancel_website(number_of(SPONSOR))),
    "1016-not-approved": asks(
        nothing, new_websites=new_websites(sponsor=NameRecord(filing_number=SPONSOR.filing_number))
    ),
    "1016-new-access": asks(
        new_accesses=new_access(website=NameRecord(filing_number=SPONSOR.filing_number), attachments=())
    ),
    "1016-check-result": asks(check_results=checked()),
    "1049": asks(with_approved(cancellations=cancel_sponsor()), new_websites=new_websites()),
    "1050": asks(with_approved(cancellations=cancel_website()), cancellations=cancel_website()),
    "1067": asks(
        lambda world: world.hold(*TWICE),
        new_accesses=new_access(website=NameRecord(filing_number=TWICE[1].websites[0].filing_number), attachments=()),
    ),
    # Who may ask.
    "1018": asks(new_accesses=new_access(filing_password="falsch12")),
    "1018-cancel-sponsor": asks(cancellations=cancel_sponsor(filing_password="falsch12")),
    "1047": asks(cancellations=cancel_access(number_of(FOREIGN))),
    "1048": asks(cancellations=cancel_website(number_of(THEIRS))),
    # What is under way.
    "1017": asks(with_pending(changes=NEW_NAME), changes=with_(NEW_NAME, sponsor__name="示例又新名有限公司")),
    "1027": asks(with_pending(cancellations=cancel_sponsor()), cancellations=cancel_sponsor()),
    "1030": asks(with_pending(cancellations=cancel_website()), cancellations=cancel_website()),
    "1032": asks(with_pending(cancellations=cancel_access()), cancellations=cancel_access()),
    "1042": asks(with_pending(cancellations=cancel_sponsor()), cancellations=cancel_website()),
    "1043": asks(with_pending(cancellations=cancel_website()), cancellations=cancel_sponsor()),
    "1051": asks(few_changes, changes=with_(change(), websites__0__name="示例又一网站")),
    "1052": asks(with_pending(cancellations=cancel_sponsor()), new_websites=new_websites()),
    # What single kinds must keep to.
    "1025": asks(cancellations=cancel_access(number_of(ONLY))),
    "1026": asks(cancellations=cancel_website(reason=98)),
    "1029": asks(new_accesses=new_access(website=NameRecord(number=number_of(WEBSITE)), attachments=())),
    "1046": asks(changes=with_(change(), **IN_BEIJING)),
    "5002": asks(changes=with_(change(), websites__0__remark="备" * 1025)),
    # What is decided without a reviewer.
    "1055": asks(materials=photo(THEIRS.number)),
    "1058": asks(materials=form(1)),
    "1059": asks(materials=photo("粤ICP备2026000001号-9")),
    "1060": asks(materials=form()),
    "1061": asks(materials=form(purpose=5)),
    "1999": asks(given_a_task, check_results=checked(checked="2027-01-01")),
    "5005": asks(nothing, unfiled_handlings=handling()),
    "5006": asks(handled, unfiled_handlings=handling()),
    "5007": asks(listed, unfiled_handlings=handling(result=98)),
    # Documents as a whole.
    "5001": sends(_document(EMPTY.replace("Qqdwid", "Qqdw"))),
    "5003": Case(lambda world: world.written([FILING], requesting_provider=OTHER)),
    "5004": sends(_document(EMPTY.replace("V.3.0", "V.2.0"))),
    "5008": sends(_document(EMPTY).replace(b"</ICP>", b"\xff\xff</ICP>")),
    "5009": Case(lambda world: world.written([FILING]), may_not_file),
    "5011": sends(_document(ADDRESSES), may_file_addresses),
    "5999": Case(lambda world: world.written([FILING]), meanwhile=tried_often),
}
"""By code; where one has several, what tells them apart comes behind it."""
