"""A mail server for tests: TLS, sign-in, and for each recipient the fate that its address names.

    server.py DIRECTORY

It writes into DIRECTORY: `ca.pem` (who vouches for it), `dkim.pem` and `dkim.txt` (a key to sign with and what the name
service would say of it), `transcript.txt` (what was said), and `mailboxes/ADDRESS/N.eml` (what was taken). Its first line on
standard output says where it listens. It ends when its standard input does.

Fates: `later-once@` (451 the first time), `later@` (451 always), `nobody@` (550), `spam@` (554 after the letter), `drop@` (hangs
up within the letter), `taken-drop@` (takes the letter and hangs up), `taken-hang@` (takes the letter and says nothing), `busy@`
(421), `die@` (the whole server ends within the letter). All others are taken.
"""

import asyncio
import datetime
import ipaddress
import json
import logging
import os
import pathlib
import ssl
import sys
import warnings

from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.x509.oid import NameOID

USER, PASSWORD = b"fylket", b"hemmelig"

# What the library has to say about itself.
logging.getLogger("mail.log").setLevel(logging.CRITICAL)
warnings.simplefilter("ignore")


def pem(key, form=serialization.PrivateFormat.PKCS8):
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption())


def certificate(name, key, issuer, issuer_key, is_authority):
    now = datetime.datetime.now(datetime.timezone.utc)
    builder = (
        x509.CertificateBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .issuer_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, issuer)]))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
    )
    if not is_authority:
        names = [x509.DNSName("localhost"), x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]
        builder = builder.add_extension(x509.SubjectAlternativeName(names), critical=False)
    return builder.sign(issuer_key, hashes.SHA256())


def tls_context(directory):
    authority_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    authority = certificate("Authority of the tests", authority_key, "Authority of the tests", authority_key, True)
    own = certificate("localhost", key, "Authority of the tests", authority_key, False)
    (directory / "ca.pem").write_bytes(authority.public_bytes(serialization.Encoding.PEM))
    (directory / "server.pem").write_bytes(own.public_bytes(serialization.Encoding.PEM) + pem(key))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(directory / "server.pem")
    return context


def write_dkim_key(directory):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    (directory / "dkim.pem").write_bytes(pem(key, serialization.PrivateFormat.TraditionalOpenSSL))
    public = key.public_key().public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
    words = "".join(public.decode().splitlines()[1:-1])
    (directory / "dkim.txt").write_text(f"v=DKIM1; k=rsa; p={words}")


class Transcript:
    def __init__(self, path):
        self.file = path.open("w", buffering=1)
        self.sessions = 0

    def write(self, session, who, words):
        for line in words.strip().splitlines():
            self.file.write(f"{session} {who} {line}\n")


class Fates:
    """What becomes of letters, by the first word of the recipient's address."""

    def __init__(self, directory):
        self.mailboxes = directory / "mailboxes"
        self.put_off_once = set()

    async def handle_RCPT(self, server, session, envelope, address, options):
        fate = address.split("@")[0]
        if fate == "later" or (fate == "later-once" and address not in self.put_off_once):
            self.put_off_once.add(address)
            return f"451 4.7.1 <{address}>: greylisted, come again later"
        if fate == "nobody":
            return f"550 5.1.1 <{address}>: no such user here"
        if fate == "busy":
            return "421 4.3.2 closing down"
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 OK"

    async def handle_DATA(self, server, session, envelope):
        server.transcript.write(server.number, "C:", "(the letter)")
        address = envelope.rcpt_tos[0]
        fate = address.split("@")[0]
        if fate == "spam":
            return "554 5.7.1 this looks like spam"
        mailbox = self.mailboxes / address
        mailbox.mkdir(parents=True, exist_ok=True)
        number = len(list(mailbox.iterdir())) + 1
        (mailbox / f"{number}.eml").write_bytes(envelope.original_content)
        if fate == "taken-drop":
            await server.hang_up()
        if fate == "taken-hang":
            server.transcript.write(server.number, "S:", "(says nothing)")
            await asyncio.sleep(3600)
        return f"250 2.0.0 OK: queued as {number}"


class Server(SMTP):
    """Writes down what is said, and can break off within a letter."""

    def __init__(self, handler, transcript, **settings):
        super().__init__(handler, **settings)
        self.transcript = transcript
        transcript.sessions += 1
        self.number = transcript.sessions

    async def push(self, status):
        words = status.decode() if isinstance(status, bytes) else status
        self.transcript.write(self.number, "S:", words)
        await super().push(status)

    async def smtp_DATA(self, arg):
        fate = (self.envelope.rcpt_tos or [""])[0].split("@")[0]
        if fate not in ("drop", "die"):
            return await super().smtp_DATA(arg)
        await self.push("354 End data with <CR><LF>.<CR><LF>")
        await self._reader.readline()
        self.transcript.write(self.number, "C:", "(the beginning of the letter)")
        if fate == "die":
            os._exit(1)
        await self.hang_up()

    async def hang_up(self):
        self.transcript.write(self.number, "S:", "(hangs up)")
        self.transport.abort()
        # The end of the connection ends this conversation too.
        await asyncio.sleep(3600)


def overheard(verb):
    said = getattr(Server, f"smtp_{verb}")

    async def say(self, arg):
        shown = {"EHLO": "(name)", "AUTH": "PLAIN (secret)"}.get(verb, arg or "")
        self.transcript.write(self.number, "C:", f"{verb} {shown}")
        await said(self, arg)

    say.__dict__.update(said.__dict__)
    return say


for verb in ("EHLO", "STARTTLS", "AUTH", "MAIL", "RCPT", "DATA", "RSET", "NOOP", "QUIT"):
    setattr(Server, f"smtp_{verb}", overheard(verb))


def authenticate(server, session, envelope, mechanism, data):
    known = isinstance(data, LoginPassword) and (data.login, data.password) == (USER, PASSWORD)
    return AuthResult(success=known, handled=False)


async def main(directory):
    directory.mkdir(parents=True, exist_ok=True)
    context = tls_context(directory)
    write_dkim_key(directory)
    transcript, fates = Transcript(directory / "transcript.txt"), Fates(directory)
    loop = asyncio.get_running_loop()

    def factory(**settings):
        return lambda: Server(
            fates,
            transcript,
            hostname="mail.test.example",
            ident="ESMTP",
            authenticator=authenticate,
            enable_SMTPUTF8=True,
            loop=loop,
            **settings,
        )

    starttls = factory(tls_context=context, require_starttls=True, auth_required=True)
    tls = factory(auth_required=True, auth_require_tls=False)
    plain = factory()
    servers = {
        "starttls": await loop.create_server(starttls, "127.0.0.1", 0),
        "tls": await loop.create_server(tls, "127.0.0.1", 0, ssl=context),
        "plain": await loop.create_server(plain, "127.0.0.1", 0),
    }
    print(json.dumps({name: server.sockets[0].getsockname()[1] for name, server in servers.items()}), flush=True)
    await loop.run_in_executor(None, sys.stdin.read)
    # Conversations that hang are not waited for.
    os._exit(0)


if __name__ == "__main__":
    asyncio.run(main(pathlib.Path(sys.argv[1])))
