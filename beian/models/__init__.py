"""The filing data model: one subject a module."""

from beian.models.address import AddressRange
from beian.models.among import Among
from beian.models.attachment import Attachment, Content
from beian.models.blacklist import BlacklistEntry, BlacklistKind
from beian.models.cancelled import Cancelled
from beian.models.code import CalendarDay, Code, Region
from beian.models.counter import Counter
from beian.models.domain import Domain
from beian.models.event import Event
from beian.models.filing import Access, PriorApproval, Sponsor, Website
from beian.models.held import Held, HeldManager, Numbered, Unscoped
from beian.models.mail import Mail
from beian.models.message import Message, MessageKind, MessageState, Receipt, ReceivedMessage
from beian.models.node import Node, NodeKind
from beian.models.provider_id import ObjectKind, ProviderId
from beian.models.registered_range import RegisteredRange
from beian.models.reservation import Reservation, Reserved
from beian.models.user import Membership, Role, User

__all__ = [
    "Access",
    "AddressRange",
    "Among",
    "Attachment",
    "BlacklistEntry",
    "BlacklistKind",
    "CalendarDay",
    "Cancelled",
    "Code",
    "Content",
    "Counter",
    "Domain",
    "Event",
    "Held",
    "HeldManager",
    "Mail",
    "Membership",
    "Message",
    "MessageKind",
    "MessageState",
    "Node",
    "NodeKind",
    "Numbered",
    "ObjectKind",
    "PriorApproval",
    "ProviderId",
    "Receipt",
    "ReceivedMessage",
    "Region",
    "RegisteredRange",
    "Reservation",
    "Reserved",
    "Role",
    "Sponsor",
    "Unscoped",
    "User",
    "Website",
]
