"""Reads a letter as a mail program does, and says what it found as JSON.

    read.py LETTER.eml [NAME-SERVICE.txt]

With the second file, the signature (DKIM) is checked by the key that stands in it.
"""

import email
import email.header
import email.policy
import email.utils
import hashlib
import json
import pathlib
import sys

import dkim

bytes_of_letter = pathlib.Path(sys.argv[1]).read_bytes()
letter = email.message_from_bytes(bytes_of_letter, policy=email.policy.default)
plain = email.message_from_bytes(bytes_of_letter)


def correspondent(field):
    """Name and address. By the older means: the newer ones leave a space in a long name where two encoded words meet."""
    name, address = email.utils.parseaddr(plain[field])
    return [str(email.header.make_header(email.header.decode_header(name))), address]


found = {
    "message_id": letter["message-id"],
    "from": correspondent("from"),
    "to": correspondent("to"),
    "subject": letter["subject"],
    "text": letter.get_body(("plain",)).get_content(),
    "html": letter.get_body(("html",)).get_content(),
    "attachments": [
        [part.get_filename(), part.get_content_type(), hashlib.sha256(part.get_content()).hexdigest()]
        for part in letter.iter_attachments()
    ],
    "defects": [str(defect) for part in letter.walk() for defect in part.defects],
}
if len(sys.argv) > 2:
    key = pathlib.Path(sys.argv[2]).read_bytes()
    found["signed"] = dkim.verify(bytes_of_letter, dnsfunc=lambda name, timeout=5: key)
print(json.dumps(found))
