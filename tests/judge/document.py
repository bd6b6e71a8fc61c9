"""Judges drawn-up invoices: `document.py FOLDER` prints a line of JSON for every PDF in the folder, as `judge.py` does.

A document says that it is PDF/A-3a and PDF/UA-1, says its language, and holds one file: its own e-invoice, said to be another
form of the same. That is the one of the same number in the folder `ehf` beside, but for the files that it carries itself.
"""

import json
import sys
from pathlib import Path

from lxml import etree
from pypdf import PdfReader

MARKS = ["<pdfaid:part>3</pdfaid:part>", "<pdfaid:conformance>A</pdfaid:conformance>", "<pdfuaid:part>1</pdfuaid:part>"]
CARRIED = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}AdditionalDocumentReference"


def finding(rule, text, place=""):
    return {"rule": rule, "text": text, "place": place}


def without_what_it_carries(xml):
    root = etree.fromstring(xml, etree.XMLParser(remove_blank_text=True))
    for carried in root.findall(CARRIED):
        root.remove(carried)
    return etree.tostring(root, method="c14n")


def findings(file):
    catalog = PdfReader(file).trailer["/Root"]
    marks = catalog["/Metadata"].get_data().decode("utf-8")
    for mark in MARKS:
        if mark not in marks:
            yield finding("MARK", f"it does not say {mark}")
    if not catalog.get("/Lang") or not catalog.get("/MarkInfo", {}).get("/Marked"):
        yield finding("MARK", "it has no language or no tags")
    held = [specification.get_object() for specification in catalog.get("/AF", [])]
    if len(held) != 1:
        yield finding("HELD", f"it holds {len(held)} files instead of one")
        return
    [specification] = held
    embedded = specification["/EF"]["/F"]
    said = (specification.get("/AFRelationship"), embedded.get("/Subtype"))
    if said != ("/Alternative", "/application/xml"):
        yield finding("HELD", f"what it holds is said to be {said}")
    e_invoice = file.parent.parent / "ehf" / f"{file.stem}.xml"
    if without_what_it_carries(embedded.get_data()) != without_what_it_carries(e_invoice.read_bytes()):
        yield finding("HELD", f"what it holds is not {e_invoice.name}")


def judge(file):
    try:
        errors = list(findings(file))
    except Exception as exception:
        errors = [finding("EXCEPTION", f"{type(exception).__name__}: {exception}")]
    return {"file": file.name, "errors": errors, "warnings": []}


if __name__ == "__main__":
    for file in sorted(Path(sys.argv[1]).glob("*.pdf")):
        # Reminders are letters.
        if file.stem.isdigit():
            print(json.dumps(judge(file), ensure_ascii=False))
