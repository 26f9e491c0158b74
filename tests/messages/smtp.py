"""A real SMTP server (Debian's python3-aiosmtpd) for tests/messages/mail.c. Needs no network.

    smtp.py FOLDER [--starttls CERT KEY | --smtps CERT KEY] [--auth USER PASSWORD]

Prints its port, takes mail until its input ends, and writes each mail as JSON into FOLDER, parsed by Python's
own email package. Recipients decide what it answers: gone@ 550, later@ 451 the first time, busy@ 452 always,
spam@ 554 after the content, away@ 550 to the sender. Ends with 77 if aiosmtpd is not installed.
"""
import asyncio
import email
import email.policy
import json
import logging
import os
import ssl
import sys
import warnings

warnings.simplefilter('ignore')
logging.getLogger('mail').setLevel(logging.CRITICAL + 1)
try:
    from aiosmtpd.smtp import SMTP, AuthResult
except ImportError:
    print('python3-aiosmtpd is not installed', file=sys.stderr)
    sys.exit(77)


class Handler:
    def __init__(self, folder):
        self.folder = folder
        self.seen = set()
        self.count = 0
        self.commands = open(os.path.join(folder, 'commands'), 'a', buffering=1, encoding='utf-8')

    async def handle_RCPT(self, server, session, envelope, address, rcpt_options):
        self.commands.write(f'RCPT {address}\n')
        name = address.split('@')[0]
        if name == 'gone':
            return '550 5.1.1 no such mailbox'
        if name == 'busy' or (name == 'later' and address not in self.seen):
            self.seen.add(address)
            return '451 4.2.0 come back later'
        envelope.rcpt_tos.append(address)
        return '250 OK'

    async def handle_DATA(self, server, session, envelope):
        if any(to.startswith('spam@') for to in envelope.rcpt_tos):
            return '554 5.7.1 not wanted'
        message = email.message_from_bytes(envelope.content, policy=email.policy.default)
        value = {
            'to': envelope.rcpt_tos,
            'from': envelope.mail_from,
            'headers': [[name, str(text)] for name, text in message.items()],
            'subject': message['Subject'],
            'text': message.get_content(),
            'defects': [repr(defect) for defect in message.defects],
            'longest': max(len(line) for line in envelope.content.split(b'\r\n')),
            'ascii': all(byte < 128 for byte in envelope.content),
            'tls': session.ssl is not None or isinstance(server.transport.get_extra_info('sslcontext'), ssl.SSLContext),
            'user': (session.auth_data or ''),
        }
        path = os.path.join(self.folder, f'{self.count}.json')
        self.count += 1
        with open(path + '.part', 'w', encoding='utf-8') as file:
            json.dump(value, file, ensure_ascii=False)
        os.rename(path + '.part', path)
        return '250 OK'


def context(words, flag):
    at = words.index(flag)
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.load_cert_chain(words[at + 1], words[at + 2])
    return made


async def main(words):
    options = {'enable_SMTPUTF8': False, 'ident': 'test'}
    tls = None
    if '--starttls' in words:
        options.update(tls_context=context(words, '--starttls'), require_starttls=True)
    if '--smtps' in words:
        tls = context(words, '--smtps')
    if '--auth' in words:
        at = words.index('--auth')
        right = (words[at + 1].encode(), words[at + 2].encode())

        def check(server, session, envelope, mechanism, data):
            good = (data.login, data.password) == right
            return AuthResult(success=good, auth_data=words[at + 1] if good else None)

        options.update(authenticator=check, auth_required=True, auth_require_tls=tls is None)
    handler = Handler(words[0])
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: SMTP(handler, **options), '127.0.0.1', 0, ssl=tls)
    # In one write, whatever the environment says of buffers.
    os.write(1, f'{server.sockets[0].getsockname()[1]}\n'.encode())
    await loop.run_in_executor(None, sys.stdin.read)
    os._exit(0)


asyncio.run(main(sys.argv[1:]))
