"""Postfix for a test, with a configuration, a queue and mailboxes of its own below DIRECTORY.

    postfix.py DIRECTORY

Its first line on standard output says where it listens, or why there is none: Postfix must be installed and is started by root
alone. It speaks STARTTLS as `ca.pem` vouches for, delivers to `faktura@kommune.example` below `mailboxes/faktura/new`, has no
other mailbox, asks `later@kommune.example` to come again, and takes letters of up to a megabyte. It ends when its standard
input does.
"""

import grp
import json
import os
import pathlib
import pwd
import shutil
import socket
import subprocess
import sys

from server import tls_context

MAIN = """compatibility_level = 3.6
queue_directory = {directory}/queue
data_directory = {directory}/data
myhostname = mottak.kommune.example
mydestination =
inet_interfaces = loopback-only
inet_protocols = ipv4
maillog_file = {directory}/log
maillog_file_prefixes = {directory}
message_size_limit = 1000000
virtual_mailbox_domains = kommune.example
virtual_mailbox_base = {directory}/mailboxes
virtual_mailbox_maps = texthash:{directory}/configuration/mailboxes
virtual_uid_maps = static:{user}
virtual_gid_maps = static:{group}
smtpd_recipient_restrictions =
    check_recipient_access texthash:{directory}/configuration/access, permit_mynetworks, reject_unauth_destination
smtpd_tls_security_level = may
smtpd_tls_chain_files = {directory}/chain.pem
"""

TRIES = 3

MASTER = """127.0.0.1:{port} inet n - n - - smtpd
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
postlog unix-dgram n - n - 1 postlogd
"""


def absent():
    if shutil.which("postfix") is None:
        return "Postfix is not installed"
    return None if os.geteuid() == 0 else "Postfix is started by root alone"


def start(directory):
    configuration = directory / "configuration"
    for name in ["configuration", "queue", "data", "mailboxes"]:
        (directory / name).mkdir(parents=True)
    nobody = pwd.getpwnam("nobody")
    shutil.chown(directory / "data", "postfix")
    os.chown(directory / "mailboxes", nobody.pw_uid, nobody.pw_gid)
    tls_context(directory)
    certificate, end, key = (directory / "server.pem").read_text().partition("-----END CERTIFICATE-----\n")
    # Postfix wants the key first.
    (directory / "chain.pem").write_text(key + certificate + end)
    named = {"directory": directory, "user": nobody.pw_uid, "group": grp.getgrgid(nobody.pw_gid).gr_gid}
    (configuration / "main.cf").write_text(MAIN.format(**named))
    (configuration / "mailboxes").write_text("faktura@kommune.example faktura/\n")
    (configuration / "access").write_text("later@kommune.example 450 4.7.1 come again later\n")
    for tries_left in reversed(range(TRIES)):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            port = free.getsockname()[1]
        (configuration / "master.cf").write_text(MASTER.format(port=port))
        # It returns when the port is open, or when somebody else had it by then.
        started = subprocess.run(["postfix", "-c", configuration, "start"], check=tries_left == 0, stdout=sys.stderr)
        if started.returncode == 0:
            return configuration, port


def main():
    if (why := absent()) is not None:
        print(json.dumps({"absent": why}), flush=True)
        return
    configuration, port = start(pathlib.Path(sys.argv[1]))
    try:
        print(json.dumps({"starttls": port}), flush=True)
        sys.stdin.read()
    finally:
        subprocess.run(["postfix", "-c", configuration, "stop"], check=True, stdout=sys.stderr)


if __name__ == "__main__":
    main()
