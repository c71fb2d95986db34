import json
import os
import unittest
import urllib.request

import stripe

URL = os.environ.get("STRIPE_URL", "http://127.0.0.1:12111")
CLIENT = stripe.StripeClient("sk_test_123", base_addresses={"api": URL}, max_network_retries=2)


def tell(method, path, body=None):
    data = json.dumps(body).encode()
    request = urllib.request.Request(f"{URL}/_emulator/{path}", data, method=method)
    with urllib.request.urlopen(request) as answer:
        return json.load(answer)


class Portal(unittest.TestCase):
    def setUp(self):
        tell("POST", "reset")

    def test_a_lost_answer_makes_no_second_configuration(self):
        tell("POST", "faults", {"match": {"method": "POST"}, "fault": "lost_answer"})
        configurations = CLIENT.v1.billing_portal.configurations
        created = configurations.create({"features": {"invoice_history": {"enabled": True}}})

        self.assertEqual([one.id for one in configurations.list().data], [created.id])
        requests = tell("GET", "requests")["requests"]
        self.assertEqual([one["replayed"] for one in requests], [False, True, False])
