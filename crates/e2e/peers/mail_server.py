"""A mail server (aiosmtpd) for tests: on the port of its first argument, refusing as many logins as its second says.
Prints each refused login and each mail that it takes as one line of JSON."""

import email
import email.policy
import json
import sys
import time

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult, LoginPassword


def tell(fact):
    print(json.dumps({"event": fact.pop("event"), "data": fact}), flush=True)


class Box:
    async def handle_DATA(self, server, session, envelope):
        mail = email.message_from_bytes(envelope.content, policy=email.policy.default)
        parts = {part.get_content_type(): part.get_content() for part in mail.walk() if not part.is_multipart()}
        tell(
            {
                "event": "mail",
                "from": envelope.mail_from,
                "to": envelope.rcpt_tos,
                "user": session.auth_data.login.decode() if session.auth_data else None,
                "headers": {name.lower(): str(value) for name, value in mail.items()},
                "html": parts.get("text/html"),
                "text": parts.get("text/plain"),
            }
        )
        return "250 taken"


to_refuse = int(sys.argv[2])


def knows(server, session, envelope, mechanism, data):
    global to_refuse
    if to_refuse > 0:
        to_refuse -= 1
        tell({"event": "refused"})
        return AuthResult(success=False, handled=False)
    good = isinstance(data, LoginPassword) and data.password == b"a password for mail"
    return AuthResult(success=good, auth_data=data)


controller = Controller(
    Box(),
    hostname="127.0.0.1",
    port=int(sys.argv[1]),
    authenticator=knows,
    auth_required=True,
    # The password crosses loopback only.
    auth_require_tls=False,
)
controller.start()
tell({"event": "ready"})
while True:
    time.sleep(60)
