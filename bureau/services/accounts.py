"""Providers' accounts: open, change, issue parameters.

Every step locks the account's row, changes it and writes an event, in one transaction. Events name
what was changed; they hold neither a parameter nor anything about the contact person.
"""

from __future__ import annotations

import datetime
from dataclasses import asdict, dataclass, fields

from django.db import IntegrityError, transaction
from django.utils import timezone

from beian import events
from beian.models import Node, NodeKind, User
from beian.numbers import PROVIDERS_PER_PROVINCE, province_of_provider
from beian.secret_words import secret_word
from beian.services.refusals import Invalid, MovedOn
from interface.models import ProviderAccount

SUBJECT = "account"
# Without the characters that people confuse when they read parameters to each other.
PASSWORD_LENGTH = 20
AES_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """What a provider manager says of an account. Hours are whole-day where both are None."""

    name: str
    user_name: str
    licence: str = ""
    system_url: str = ""
    contact_name: str = ""
    contact_telephone: str = ""
    may_file_websites: bool = True
    may_file_addresses: bool = False
    may_file_domains: bool = False
    hours_from: datetime.time | None = None
    hours_to: datetime.time | None = None
    encrypt_downloads: bool = False


@dataclass(frozen=True, slots=True)
class Parameters:
    """Communication parameters (通信参数): shown to a person once, then only known to both systems."""

    password: str
    aes_key: str
    aes_iv: str


def new_parameters() -> Parameters:
    """Make parameters: a password, an AES key and an AES offset of 16 ASCII characters each."""
    return Parameters(secret_word(PASSWORD_LENGTH), secret_word(AES_LENGTH), secret_word(AES_LENGTH))


def propose_identifier(bureau: Node) -> int:
    """Give the next identifier of the bureau's province: province code, then a serial of six digits."""
    first = bureau.province * PROVIDERS_PER_PROVINCE
    codes = Node.objects.filter(kind=NodeKind.PROVIDER, code__startswith=f"provider:{bureau.province}")
    taken = {int(code.removeprefix("provider:")) for code in codes.values_list("code", flat=True)}
    taken |= set(ProviderAccount.objects.filter(bureau=bureau).values_list("isp_id", flat=True))
    own = [number for number in taken if first < number < first + PROVIDERS_PER_PROVINCE]
    return max(own, default=first) + 1


def find(bureau: Node, isp_id: int, *, lock: bool = False) -> ProviderAccount:
    """Give a bureau's account, its row locked where wanted. Raises `ProviderAccount.DoesNotExist`."""
    accounts = ProviderAccount.objects.select_related("bureau", "provider")
    if lock:
        accounts = accounts.select_for_update(of=("self",))
    return accounts.get(bureau=bureau, isp_id=isp_id)


def create(bureau: Node, actor: User, isp_id: int, details: Details) -> tuple[ProviderAccount, Parameters]:
    """Open an account and issue its parameters, which nobody is shown again.

    Raises `Invalid` that names every field in conflict, and what it conflicts with.
    """
    parameters = new_parameters()
    with transaction.atomic():
        errors = _identifier_errors(bureau, isp_id) | _user_name_errors(bureau, details.user_name)
        if errors:
            raise Invalid(errors)
        provider, _ = Node.objects.get_or_create(
            code=f"provider:{isp_id}", defaults={"kind": NodeKind.PROVIDER, "province": bureau.province}
        )
        _describe_provider(provider, details)
        account = _insert(
            ProviderAccount(
                bureau=bureau,
                provider=provider,
                isp_id=isp_id,
                parameters_issued_at=timezone.now(),
                **asdict(parameters),
                **_columns(details),
            )
        )
        tell(account, "create", actor, data={"user_name": account.user_name})
    return account, parameters


def change(bureau: Node, isp_id: int, actor: User, details: Details, reason: str) -> ProviderAccount:
    """Change what is said of an account. Saying the same again changes nothing and tells nothing."""
    with transaction.atomic():
        account = lock_present(bureau, isp_id)
        errors = _user_name_errors(bureau, details.user_name, but=account)
        if errors:
            raise Invalid(errors)
        changed = [name for name, value in _columns(details).items() if getattr(account, name) != value]
        for name in changed:
            setattr(account, name, getattr(details, name))
        renamed = account.provider.name != details.name
        if changed:
            account.save(update_fields=changed)
        if renamed or "system_url" in changed:
            _describe_provider(account.provider, details)
        if changed or renamed:
            tell(account, "change", actor, reason, {"changed": changed + ["name"] * renamed})
    return account


def issue_parameters(bureau: Node, isp_id: int, actor: User, reason: str, issued_before: str) -> Parameters:
    """Issue new parameters; those before stop working at once.

    `issued_before` is when the page said the present ones were issued (ISO, "" for never): a
    repeated click, or a page that somebody else overtook, issues nothing. Raises `MovedOn`.
    """
    parameters = new_parameters()
    with transaction.atomic():
        account = lock_present(bureau, isp_id)
        if issued_stamp(account) != issued_before:
            raise MovedOn("在您打开页面之后，通信参数已经重新生成过。如仍需再次生成，请返回账号页面重新操作。")
        account.password, account.aes_key, account.aes_iv = parameters.password, parameters.aes_key, parameters.aes_iv
        account.parameters_issued_at = timezone.now()
        account.failed_tries, account.locked_until = 0, None
        account.save(
            update_fields=["password", "aes_key", "aes_iv", "parameters_issued_at", "failed_tries", "locked_until"]
        )
        tell(account, "issue_parameters", actor, reason)
    return parameters


def issued_stamp(account: ProviderAccount) -> str:
    """Give when the present parameters were issued, as a page carries it along."""
    return account.parameters_issued_at.isoformat() if account.parameters_issued_at else ""


def lock_present(bureau: Node, isp_id: int) -> ProviderAccount:
    """Lock an account that has not left. Raises `MovedOn` where it has."""
    account = find(bureau, isp_id, lock=True)
    if account.left_at is not None:
        raise MovedOn(f"该接入商已于{timezone.localtime(account.left_at):%Y年%m月%d日}退出，账号不能再改动。")
    return account


def _identifier_errors(bureau: Node, isp_id: int) -> dict[str, list[str]]:
    if province_of_provider(isp_id) != bureau.province or isp_id % PROVIDERS_PER_PROVINCE == 0:
        return {"isp_id": [f"本省接入商的标识为12位数字：以{bureau.province}开头，后接六位序号（从000001起）。"]}
    other = ProviderAccount.objects.filter(bureau=bureau, isp_id=isp_id).select_related("provider").first()
    return {"isp_id": [f"标识{isp_id}已分配给“{other.provider.name}”。"]} if other else {}


def _user_name_errors(bureau: Node, user_name: str, but: ProviderAccount | None = None) -> dict[str, list[str]]:
    others = ProviderAccount.objects.filter(bureau=bureau, user_name=user_name).select_related("provider")
    other = others.exclude(pk=but.pk).first() if but else others.first()
    return {"user_name": [f"用户名“{user_name}”已由“{other.provider.name}”（{other.isp_id}）使用。"]} if other else {}


def _insert(account: ProviderAccount) -> ProviderAccount:
    """Insert; two people who open the same account at once are told apart by the constraint."""
    try:
        with transaction.atomic():
            account.save(force_insert=True)
    except IntegrityError:
        raise Invalid({"isp_id": ["标识或用户名刚刚已由他人使用，请核对接入商列表。"]}) from None
    return account


def _describe_provider(provider: Node, details: Details) -> None:
    provider.name, provider.system_url = details.name, details.system_url
    provider.save(update_fields=["name", "system_url"])


def _columns(details: Details) -> dict[str, object]:
    return {field.name: getattr(details, field.name) for field in fields(details) if field.name != "name"}


def tell(
    account: ProviderAccount, verb: str, actor: User, reason: str = "", data: dict[str, object] | None = None
) -> None:
    """Append an event about an account."""
    events.record(SUBJECT, account.pk, verb, node=account.bureau, actor=actor, reason=reason, data=data)
