"""Verification in person, recorded by a field app: what has to be looked at, the answers, photos, the outcome.

A person verifies, not a system: every call names the verifier by user name, who must hold that role here.
"""

from __future__ import annotations

from typing import Any, ClassVar

from django.http import Http404, HttpResponse
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from beian import events
from beian.models import Node, User
from beian.services.refusals import Invalid, NotAllowed
from enterprise.api.base import ProviderView, repeatable_key
from enterprise.api.cases import find
from enterprise.api.files import JpegParser, PngParser
from enterprise.models import PieceKind, PieceSource, Scope, Verification, VerificationState
from enterprise.services import verification_closing, verification_pieces, verifications
from enterprise.services.form_pdf import form_pdf
from enterprise.services.guard import tell
from enterprise.services.repeating import Answer
from enterprise.services.verification_closing import Next
from enterprise.services.verification_pieces import Taken
from enterprise.services.verification_standing import Standing, standing
from enterprise.verification_form import Proof, Said

OUTCOMES = [VerificationState.PASSED, VerificationState.FAILED]
VERIFIER = OpenApiParameter("verifier", str, required=True, description="核验员的用户名。")


class VerifierSerializer(serializers.Serializer[Any]):
    """Who verifies."""

    verifier = serializers.CharField(max_length=64, help_text="核验员的用户名。")


class AnswerSerializer(serializers.Serializer[Any]):
    """The answer to one question."""

    key = serializers.CharField(max_length=64)
    answer = serializers.ChoiceField(choices=[(each.value, each.words) for each in Said])
    note = serializers.CharField(max_length=verifications.LONGEST_NOTE, required=False, allow_blank=True, default="")


class AnswersSerializer(VerifierSerializer):
    """Answers to some of the questions."""

    answers = AnswerSerializer(many=True)


class NumberSerializer(VerifierSerializer):
    """What was read from an original."""

    subject = serializers.CharField(max_length=20)
    line = serializers.CharField(max_length=1000, help_text="号码，或读卡器读出的一行文字。")


class ClosingSerializer(VerifierSerializer):
    """How it ends."""

    outcome = serializers.ChoiceField(choices=[(each.value, each.label) for each in OUTCOMES])
    reason = serializers.CharField(max_length=500, required=False, allow_blank=True, default="")
    paper_kept = serializers.BooleanField(
        required=False,
        allow_null=True,
        default=None,
        help_text="通过时：没有留存文件的材料（kept 为 false）是否有纸质件由本单位保管。false 不能通过；不写则不核对。",
    )
    then = serializers.ChoiceField(
        choices=[(each.value, each.words) for each in Next],
        required=False,
        default=Next.STAY,
        help_text="未通过时申请的去向。",
    )


class QuestionSerializer(serializers.Serializer[Any]):
    """A question and how it stands."""

    key = serializers.CharField()
    subject = serializers.CharField(help_text="sponsor、person.0、website.0 等")
    question = serializers.CharField()
    proof = serializers.ChoiceField(choices=[(each.value, each.name) for each in Proof])
    passable = serializers.BooleanField(help_text="是否可以答“不涉及”。")
    answer = serializers.CharField(allow_null=True)
    note = serializers.CharField()
    kept = serializers.BooleanField(
        allow_null=True, help_text="问及留存复印件、协议的：本系统内是否留存了文件；其他问题为 null。"
    )


class LackSerializer(serializers.Serializer[Any]):
    """What keeps it from being passed."""

    about = serializers.CharField()
    words = serializers.CharField()


class VerificationSerializer(serializers.Serializer[Any]):
    """A verification as it stands, without personal data."""

    id = serializers.IntegerField()
    case = serializers.IntegerField()
    state = serializers.ChoiceField(choices=VerificationState.choices)
    why = serializers.ListField(child=serializers.CharField())
    questions = QuestionSerializer(many=True)
    lacks = LackSerializer(many=True)


class Verifications(ProviderView):
    """The verification of a case."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.VERIFICATIONS_WRITE}

    @extend_schema(
        operation_id="begin_verification",
        parameters=[repeatable_key()],
        request=VerifierSerializer,
        responses=VerificationSerializer,
    )
    def post(self, request: Request, isp: int, pk: int) -> Response:
        """Begin the verification of a case, or give the one that is going on."""
        case, given = find(self.provider, pk), _given(VerifierSerializer, request)
        return self.repeatable(lambda: _told(self, verifications.begin(self.provider, case.pk, self.verifier(given))))

    def verifier(self, given: dict[str, Any]) -> User:
        """Give the person who verifies."""
        return verifier(self.provider, given["verifier"])


class Answers(ProviderView):
    """The answers of a verification."""

    scopes: ClassVar[dict[str, str]] = {"PUT": Scope.VERIFICATIONS_WRITE}

    @extend_schema(
        operation_id="answer_verification",
        parameters=[repeatable_key()],
        request=AnswersSerializer,
        responses=VerificationSerializer,
    )
    def put(self, request: Request, isp: int, pk: int) -> Response:
        """Put answers; those not named stay as they are."""
        find_verification(self.provider, pk)
        given = _given(AnswersSerializer, request)
        said = {each["key"]: (each["answer"], each["note"]) for each in given["answers"]}
        person = verifier(self.provider, given["verifier"])
        return self.repeatable(lambda: _told(self, verifications.answer(self.provider, pk, person, said)))


class Numbers(ProviderView):
    """The numbers read from originals."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.VERIFICATIONS_WRITE}

    @extend_schema(
        operation_id="read_number",
        parameters=[repeatable_key()],
        request=NumberSerializer,
        responses=VerificationSerializer,
    )
    def post(self, request: Request, isp: int, pk: int) -> Response:
        """Compare the number on an original with the one that was filled in. It is not kept."""
        found, given = find_verification(self.provider, pk), _given(NumberSerializer, request)
        person = verifier(self.provider, given["verifier"])

        def act() -> Answer:
            verifications.read_number(self.provider, found.pk, person, given["subject"], given["line"])
            return _told(self, find_verification(self.provider, pk))

        return self.repeatable(act)


class Pieces(ProviderView):
    """Photos and scans."""

    parser_classes: Any = (JpegParser, PngParser)
    scopes: ClassVar[dict[str, str]] = {"POST": Scope.VERIFICATIONS_WRITE}

    @extend_schema(
        operation_id="hand_in_piece",
        parameters=[
            repeatable_key(),
            VERIFIER,
            OpenApiParameter("kind", str, required=True, enum=list(PieceKind.values)),
            OpenApiParameter("subject", str, required=True, description="sponsor、person.0 等；核验单为 form。"),
            OpenApiParameter("curtain", bool, description="现场照片：确认在专用幕布前拍摄。"),
        ],
        request={"image/jpeg": OpenApiTypes.BINARY, "image/png": OpenApiTypes.BINARY},
        responses=VerificationSerializer,
    )
    def post(self, request: Request, isp: int, pk: int) -> Response:
        """Hand in a picture in the place of an earlier one of its kind; it is made to fit the wire."""
        found, query, data = find_verification(self.provider, pk), request.query_params, request.data
        person = verifier(self.provider, query.get("verifier", ""))
        taken = Taken(
            kind=_kind(query.get("kind", "")),
            place=query.get("subject", ""),
            source=PieceSource.FILE,
            pictures=[data] if isinstance(data, bytes) and data else [],
            curtain=query.get("curtain") in ("1", "true"),
        )

        def act() -> Answer:
            piece = verification_pieces.take(self.provider, found.pk, person, taken)
            verification_pieces.keep(self.provider, found.pk, piece.pk, person)
            return _told(self, find_verification(self.provider, pk))

        return self.repeatable(act)


class Form(ProviderView):
    """The form to print and sign."""

    scopes: ClassVar[dict[str, str]] = {"GET": Scope.PERSONAL_READ}

    @extend_schema(operation_id="get_form", responses={(200, "application/pdf"): OpenApiTypes.BINARY})
    def get(self, request: Request, isp: int, pk: int) -> HttpResponse:
        """Give the form (核验单) as PDF, filled in. It holds personal data: print it, do not keep it."""
        found = find_verification(self.provider, pk)
        tell(found.case, "print_form", data={"verification": found.pk, "token": self.token.name})
        response = HttpResponse(form_pdf(found, standing(found)), content_type="application/pdf")
        response["Cache-Control"] = "no-store, private"
        return response


class Closing(ProviderView):
    """The end of a verification."""

    scopes: ClassVar[dict[str, str]] = {"POST": Scope.VERIFICATIONS_WRITE}

    @extend_schema(
        operation_id="close_verification",
        parameters=[repeatable_key()],
        request=ClosingSerializer,
        responses=VerificationSerializer,
    )
    def post(self, request: Request, isp: int, pk: int) -> Response:
        """Close it: passed, where nothing lacks (422 says what does), or failed, with a reason."""
        found, given = find_verification(self.provider, pk), _given(ClosingSerializer, request)
        person = verifier(self.provider, given["verifier"])

        def act() -> Answer:
            if given["outcome"] == VerificationState.PASSED:
                closed = verification_closing.close_passed(
                    self.provider, found.pk, person, given["reason"], paper_kept=given["paper_kept"]
                )
            else:
                then = Next(given["then"])
                closed = verification_closing.close_failed(self.provider, found.pk, person, given["reason"], then)
            return _told(self, closed)

        return self.repeatable(act)


def find_verification(provider: Node, pk: int) -> Verification:
    """Find a verification of the provider; 404 otherwise."""
    found = Verification.objects.at(provider).select_related("case__provider").filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def verifier(provider: Node, username: str) -> User:
    """Find the person who verifies. Raises `Invalid` for whoever does not, here."""
    person = User.objects.filter(username=username, is_active=True).first()
    try:
        if person is not None:
            verifications.check_role(provider, person)
            return person
    except NotAllowed:
        pass
    raise Invalid({"verifier": ["没有这位核验员。"]})


def _given(kind: type[serializers.Serializer[Any]], request: Request) -> dict[str, Any]:
    serializer = kind(data=request.data)
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


def _kind(text: str) -> PieceKind:
    if text not in PieceKind.values:
        raise Invalid({"kind": ["没有这种材料。"]})
    return PieceKind(text)


def _told(view: ProviderView, found: Verification) -> Answer:
    """Note by which system a person acted, and answer how it stands."""
    data = {"token": view.token.name, "verification": found.pk}
    events.record("verification", found.pk, "through_system", node=view.provider, data=data)
    return Answer(200, _written(found, standing(found)))


def _written(found: Verification, now: Standing) -> dict[str, Any]:
    questions = [
        {
            "key": line.question.key,
            "subject": line.question.subject,
            "question": line.question.question,
            "proof": line.question.proof,
            "passable": line.question.passable,
            "answer": line.said,
            "note": line.note,
            "kept": line.piece is not None if line.keeps else None,
        }
        for line in now.lines
    ]
    lacks = [{"about": lack.about, "words": lack.words} for lack in now.lacks()] if found.is_open else []
    values = {"id": found.pk, "case": found.case_id, "state": found.state, "why": now.sheet.why}
    return dict(VerificationSerializer({**values, "questions": questions, "lacks": lacks}).data)
