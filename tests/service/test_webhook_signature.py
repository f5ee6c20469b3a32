"""Signatures as https://www.standardwebhooks.com writes them."""

from __future__ import annotations

import base64
import hashlib
import hmac

from lipwright.service.settings import Settings
from lipwright.service.webhooks import JITTER, new_secret, pause_s, signed_headers


def test_a_known_message_has_the_known_signature() -> None:
    # the example of the standard's own test suite
    headers = signed_headers(
        ["whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw"],
        "msg_p5jXN8AQM9LWM0D4loKWxJek",
        1614265330,
        '{"test": 2432232314}',
    )
    assert headers["webhook-signature"] == "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE="
    assert headers["webhook-id"] == "msg_p5jXN8AQM9LWM0D4loKWxJek"
    assert headers["webhook-timestamp"] == "1614265330"


def test_every_account_gets_its_own_secret_of_256_bits() -> None:
    first, second = new_secret(), new_secret()
    assert first != second
    assert len(base64.b64decode(first.removeprefix("whsec_"))) == 32


def test_a_receiver_can_check_the_signature() -> None:
    secret = new_secret()
    headers = signed_headers([secret], "evt_1", 5, "{}")
    key = base64.b64decode(secret.removeprefix("whsec_"))
    expected = base64.b64encode(hmac.digest(key, b"evt_1.5.{}", hashlib.sha256)).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"


def test_during_a_rotation_there_is_a_signature_of_each_secret() -> None:
    new, old = new_secret(), new_secret()
    both = signed_headers([new, old], "evt_1", 5, "{}")["webhook-signature"].split(" ")
    alone = [signed_headers([s], "evt_1", 5, "{}")["webhook-signature"] for s in (new, old)]
    assert both == alone


def test_pauses_are_drawn_around_the_schedule_and_last_three_days() -> None:
    schedule = Settings().webhook_retries_s
    drawn = [pause_s(schedule, f"evt_{n}", n, 5) for n in range(200)]
    assert all(pause and abs(pause / schedule[4] - 1) <= JITTER for pause in drawn)
    assert len(set(drawn)) == 200
    assert pause_s(schedule, "evt_1", 4, 5) == pause_s(schedule, "evt_1", 4, 5)
    assert pause_s(schedule, "evt_1", 10, len(schedule) + 1) is None
    assert 3 * 86_400 <= sum(schedule) <= 3.5 * 86_400
