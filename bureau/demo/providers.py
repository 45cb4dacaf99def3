"""The providers of the demo and their accounts: what a client needs stands in `demo.json`."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import timezone

from beian.models import Node, NodeKind
from beian.numbers import province_of_provider
from bureau.demo.nodes import bureau_code
from interface.models import ProviderAccount, RegisteredAddress

LOOPBACK = ("127.0.0.1", "::1")


@dataclass(frozen=True, slots=True)
class DemoProvider:
    """A provider to be loaded. Parameters are fixed, so that a client's settings outlive the data.

    `told` says whether `demo.json` lists it: the suspended one is there to be looked at only.
    """

    isp_id: int
    name: str
    slug: str
    contact: str
    managed: bool = False
    encrypted: bool = False
    addresses: tuple[str, ...] = ()
    suspended: str = ""
    told: bool = True

    @property
    def province(self) -> int:
        """The region code of its home province, from its identifier."""
        return province_of_provider(self.isp_id)

    @property
    def serial(self) -> str:
        """What distinguishes its parameters: province and serial in six characters."""
        return f"{self.province // 10000:02d}{self.isp_id % 10_000:04d}"

    @property
    def system_url(self) -> str:
        """The address of its own filing system."""
        return f"https://beian.example-{self.slug}.com.cn"


PROVIDERS = (
    DemoProvider(440000000001, "示例云计算（深圳）有限公司", "cloud", "罗启航", addresses=("203.0.113.10",)),
    DemoProvider(
        440000000002, "广州样板数据中心有限公司", "idc", "谢嘉敏", encrypted=True, addresses=("198.51.100.0/28",)
    ),
    DemoProvider(440000000003, "岭南范例网络科技有限公司", "lingnan", "卢志远", managed=True),
    DemoProvider(
        440000000004, "珠海试用通信技术有限公司", "zhuhai", "温秀英", addresses=("203.0.113.77",),
        suspended="年度审核材料逾期未交，补交后恢复", told=False,
    ),
    DemoProvider(110000000001, "北京样例互联科技有限公司", "beijing", "韩东升", addresses=("192.0.2.16/29",)),
    DemoProvider(110000000002, "示范教育网络信息中心", "edu", "高婉清", encrypted=True),
    DemoProvider(110000000003, "京华演示数据科技有限公司", "jinghua", "潘静怡", managed=True),
    DemoProvider(310000000001, "上海范本信息服务有限公司", "shanghai", "姚伟民", addresses=("198.51.100.200",)),
    DemoProvider(310000000002, "浦江试点网络技术有限公司", "pujiang", "邱建宏", managed=True),
)  # fmt: skip


def load(nodes: dict[str, Node]) -> list[ProviderAccount]:
    """Create the accounts that are missing; give those that `demo.json` tells, as they stand now."""
    wanted = [provider for provider in PROVIDERS if bureau_code(provider.province) in nodes]
    for provider in wanted:
        bureau = nodes[bureau_code(provider.province)]
        if not ProviderAccount.objects.filter(bureau=bureau, isp_id=provider.isp_id).exists():
            _create(provider, bureau)
    told = [provider.isp_id for provider in wanted if provider.told]
    accounts = ProviderAccount.objects.filter(isp_id__in=told).select_related("bureau", "provider")
    return sorted(accounts, key=lambda account: told.index(account.isp_id))


def _create(provider: DemoProvider, bureau: Node) -> None:
    node, _ = Node.objects.get_or_create(
        code=f"provider:{provider.isp_id}",
        defaults={
            "kind": NodeKind.PROVIDER,
            "name": provider.name,
            "province": provider.province,
            "system_url": provider.system_url,
        },
    )
    account = ProviderAccount.objects.create(
        bureau=bureau,
        provider=node,
        isp_id=provider.isp_id,
        user_name=f"isp{provider.serial}",
        password=f"demo-isp-{provider.serial}",
        aes_key=f"demo-aes-k{provider.serial}",
        aes_iv=f"demo-aes-i{provider.serial}",
        encrypt_downloads=provider.encrypted,
        managed=provider.managed,
        licence=f"示例B1-2026{provider.serial}",
        contact_name=provider.contact,
        contact_telephone=f"199{provider.isp_id % 100_000_000:08d}",
        system_url=provider.system_url,
        suspended=bool(provider.suspended),
        suspended_reason=provider.suspended,
        parameters_issued_at=timezone.now(),
        connected_at=timezone.now(),
    )
    RegisteredAddress.objects.bulk_create(
        [RegisteredAddress(account=account, network=address, note="本机联调") for address in LOOPBACK]
        + [RegisteredAddress(account=account, network=address, note="生产服务器") for address in provider.addresses]
    )
