"""What a bureau does with messages from other systems."""

from beian.exchange import handles
from beian.models import NodeKind
from beian.models.message import MessageKind
from bureau.services import contents, copies, forwarding, materials

handles(MessageKind.CONTENT, at=NodeKind.BUREAU)(contents.receive_content)
handles(MessageKind.APPLICATION, at=NodeKind.BUREAU)(forwarding.receive_application)
handles(MessageKind.OUTCOME, at=NodeKind.BUREAU)(forwarding.hear_outcome)
handles(MessageKind.MATERIAL, at=NodeKind.BUREAU)(materials.receive_material)
handles(MessageKind.ANSWER, at=NodeKind.BUREAU)(materials.hear_answer)
handles(MessageKind.FILING, at=NodeKind.BUREAU, newest_only=True)(copies.hear_filing)
