"""Messages of Amazon SNS: taken of the topics that are named, signed by SNS, and of nobody else."""

from __future__ import annotations

import base64
import json
import sys
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest
from support.events_in import Told, posted, receiving, signed
from support.payload_files import FILES
from support.tools import built_in

from devin_tools import Simulator
from devin_tools.errors import UsageError
from devin_tools.pipelines.delivery import SinkTransport
from devin_tools.pipelines.sns import check_topics, message_in, signed_text
from devin_tools.server.webhooks import TOPICS_VARIABLE, topics_of_environment

TOPIC = "arn:aws:sns:eu-west-1:000000000000:alarms"
HOST = "https://sns.eu-west-1.amazonaws.com"
CERTIFICATE = f"{HOST}/SimpleNotificationService-0123456789abcdef.pem"


class Amazon:
    """The part of SNS that signs, and that answers requests."""

    def __init__(self) -> None:
        pytest.importorskip("cryptography")
        from cryptography import x509
        from cryptography.hazmat.primitives import hashes, serialization
        from cryptography.hazmat.primitives.asymmetric import rsa

        self.key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
        name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "sns.amazonaws.com")])
        begin = datetime(2020, 1, 1, tzinfo=UTC)
        made = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(name)
            .public_key(self.key.public_key())
            .serial_number(7)
            .not_valid_before(begin)
            .not_valid_after(begin + timedelta(days=36_500))
            .sign(self.key, hashes.SHA256())
        )
        self.pem = made.public_bytes(serialization.Encoding.PEM)
        self.asked: list[str] = []

    def answer(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(str(request.url))
        return httpx.Response(200, content=self.pem if request.url.path.endswith(".pem") else b"<ok/>")

    def message(self, at: float, **changes: str) -> dict[str, Any]:
        """Return what is posted: a message that is signed, and then changed."""
        given = json.loads(FILES["sns/text"].read_text(encoding="utf-8")) | {
            "Message": FILES["cloudwatch/alarm"].read_text(encoding="utf-8"),
            "Timestamp": datetime.fromtimestamp(at, UTC).isoformat().replace("+00:00", "Z"),
            "SigningCertURL": CERTIFICATE,
            "SignatureVersion": "2",
        }
        given |= {name: text for name, text in changes.items() if name in BEFORE}
        return posted_as(given | {"Signature": self.sign(given)} | changes)

    def sign(self, given: dict[str, Any]) -> str:
        from cryptography.hazmat.primitives import hashes
        from cryptography.hazmat.primitives.asymmetric.padding import PKCS1v15

        digest = hashes.SHA1() if given["SignatureVersion"] == "1" else hashes.SHA256()
        return base64.b64encode(self.key.sign(signed_text(given), PKCS1v15(), digest)).decode()


BEFORE = {"Type", "Token", "SubscribeURL", "SignatureVersion", "Timestamp", "TopicArn", "SigningCertURL"}
"""What a message has that SNS signed; all else is changed by somebody after that."""


def posted_as(message: dict[str, Any]) -> dict[str, Any]:
    headers = {"Content-Type": "text/plain; charset=UTF-8", "x-amz-sns-message-type": message["Type"]}
    return {"content": json.dumps(message), "headers": headers}


@pytest.fixture(scope="module")
def amazon() -> Amazon:
    return Amazon()


@pytest.fixture
def told() -> Told:
    return Told()


def taking(simulator: Simulator, told: Told, amazon: Amazon, topics: tuple[str, ...] = (TOPIC,)) -> Any:
    amazon.asked.clear()
    outlet = SinkTransport(transport=httpx.MockTransport(amazon.answer))
    return receiving(simulator, told, sns_topics=topics, outlet=outlet)


@pytest.mark.parametrize("version", ["1", "2"])
def test_an_alarm_that_sns_signed_starts_a_session(
    version: str, simulator: Simulator, told: Told, amazon: Amazon
) -> None:
    request = amazon.message(simulator.clock.now(), SignatureVersion=version)
    first, second = posted(taking(simulator, told, amazon), request, request)
    assert first.status_code == 200, first.text
    assert first.json()["results"][0]["alert"] == "checkout-5xx"
    assert second.json()["sessionId"] == first.json()["sessionId"] is not None
    assert amazon.asked == [CERTIFICATE], "a certificate is got once"


def test_what_is_not_signed_of_a_message_is_not_read(
    simulator: Simulator, told: Told, amazon: Amazon
) -> None:
    more = {"schemaId": "azureMonitorCommonAlertSchema", "alertName": "evil", "note": "evil", "data": {}}
    request = amazon.message(simulator.clock.now(), **more)
    request["headers"]["X-GitHub-Event"] = "ping"
    (answer,) = posted(taking(simulator, told, amazon), request)
    assert answer.json()["results"][0]["alert"] == "checkout-5xx"
    (record,) = simulator.world.sessions.values()
    assert "evil" not in json.dumps(record.asked)


@pytest.mark.parametrize(
    "changes",
    [
        {"Message": "{}"},
        {"Subject": "another"},
        {"Signature": "AAAA"},
        {"Signature": "not base64"},
        {"SignatureVersion": "3"},
        {"TopicArn": "arn:aws:sns:eu-west-1:000000000001:alarms"},
        {"TopicArn": "arn:aws:sns:evil.example/:000000000000:alarms"},
        {"Timestamp": "2020-01-01T00:00:00.000Z"},
        {"Timestamp": "soon"},
        {"SigningCertURL": "http://sns.eu-west-1.amazonaws.com/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com.evil.example/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com@evil.example/a.pem"},
        {"SigningCertURL": "https://sns.us-east-1.amazonaws.com/a.pem"},
        {"SigningCertURL": "https://sns.eu-west-1.amazonaws.com/a.pem?x=1"},
        {"SigningCertURL": "https://[::1/a.pem"},
    ],
)
def test_a_message_that_sns_did_not_sign_for_the_topic_is_refused(
    changes: dict[str, str], simulator: Simulator, told: Told, amazon: Amazon
) -> None:
    request = amazon.message(simulator.clock.now(), **changes)
    (answer,) = posted(taking(simulator, told, amazon), request)
    assert answer.status_code == 401, answer.text
    assert not simulator.world.sessions and set(amazon.asked) <= {CERTIFICATE}


def subscription(amazon: Amazon, at: float, **changes: str) -> dict[str, Any]:
    asked = {"Type": "SubscriptionConfirmation", "Token": "t-1", "SubscribeURL": "https://evil.example/"}
    return amazon.message(at, **asked | changes)


def test_a_subscription_of_a_topic_that_is_named_is_confirmed_at_sns_alone(
    simulator: Simulator, told: Told, amazon: Amazon
) -> None:
    request = subscription(amazon, simulator.clock.now())
    (answer,) = posted(taking(simulator, told, amazon), request)
    assert (answer.status_code, answer.json()["message"]) == (
        200,
        "The subscription of the topic is confirmed.",
    )
    query = (
        "Action=ConfirmSubscription&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A000000000000%3Aalarms&Token=t-1"
    )
    assert amazon.asked == [CERTIFICATE, f"{HOST}/?{query}"]


@pytest.mark.parametrize("with_secret", [True, False])
def test_a_subscription_that_sns_did_not_sign_is_not_confirmed(
    with_secret: bool, simulator: Simulator, told: Told, amazon: Amazon
) -> None:
    request = subscription(amazon, simulator.clock.now(), Message="another")
    if with_secret:
        request["headers"] |= signed()["headers"]
    (answer,) = posted(taking(simulator, told, amazon), request)
    assert answer.status_code == 401 and amazon.asked == [CERTIFICATE]


def test_without_topics_nothing_of_sns_is_taken_but_with_a_secret(simulator: Simulator, told: Told) -> None:
    asked = json.loads(FILES["sns/subscription"].read_text(encoding="utf-8"))
    request = posted_as(asked)
    with_secret = {"content": request["content"], "headers": request["headers"] | signed()["headers"]}
    refused, taken = posted(receiving(simulator, told), request, with_secret)
    assert refused.status_code == 401 and TOPICS_VARIABLE in refused.json()["error"]
    assert taken.status_code == 200 and TOPICS_VARIABLE in taken.json()["notes"][0]
    assert not simulator.world.sessions


@pytest.mark.parametrize(
    "answer",
    [
        httpx.Response(404),
        httpx.Response(200, content=b"x" * 99_999),
        httpx.Response(302, headers={"location": "/"}),
    ],
)
def test_a_certificate_that_cannot_be_read_refuses_the_message(
    answer: httpx.Response, simulator: Simulator, told: Told, amazon: Amazon
) -> None:
    outlet = SinkTransport(transport=httpx.MockTransport(lambda request: answer))
    app = receiving(simulator, told, sns_topics=(TOPIC,), outlet=outlet)
    (got,) = posted(app, amazon.message(simulator.clock.now()))
    assert got.status_code == 401


def test_topics_are_named_by_their_arns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(TOPICS_VARIABLE, f"{TOPIC}, {TOPIC}2")
    assert topics_of_environment() == (TOPIC, f"{TOPIC}2")
    with pytest.raises(UsageError, match="not named as one"):
        check_topics(["alarms"])
    monkeypatch.setitem(sys.modules, "cryptography", None)
    with pytest.raises(UsageError, match=r"devin-tools\[sns\]"):
        check_topics([TOPIC])
    check_topics([])


def test_only_json_objects_are_taken_out_of_messages() -> None:
    message = {"Type": "Notification", "TopicArn": TOPIC, "Message": "{}"}
    assert message_in(message) == {}
    for other in ("text", "[1]", "{", '{"a": NaN}', "\ud800"):
        assert message_in(message | {"Message": other}) is None


def test_without_a_secret_messages_of_this_machine_are_taken(told: Told) -> None:
    simulator = Simulator(seed=7, catalog=built_in())
    request = posted_as(json.loads(FILES["sns/text"].read_text(encoding="utf-8")))
    (answer,) = posted(receiving(simulator, told, secrets=None), request)
    assert answer.status_code == 200 and len(simulator.world.sessions) == 1
