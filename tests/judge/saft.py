"""Judges SAF-T Financial files: `saft.py FOLDER` prints a line of JSON for every XML file in the folder, as `judge.py` does.

Each file is held to the official schema (tests/data/saft), and to what a schema cannot say: that the totals are those of
the lines, that every transaction comes to nothing and stands there once, that what an account opens with and what is
booked to it is what it closes with, that all balances come to nothing, that the customers owe what their account says,
and that accounts, customers and VAT codes are among the master files.
"""

import json
import sys
from collections import Counter
from decimal import Decimal
from pathlib import Path

from lxml import etree

SCHEMA = Path(__file__).parents[1] / "data/saft/Norwegian_SAF-T_Financial_Schema_v_1.30.xsd"
NS = {"s": "urn:StandardAuditFile-Taxation-Financial:NO"}


def finding(rule, text, place=""):
    return {"rule": rule, "text": " ".join(str(text).split()), "place": place}


def said(element, path):
    return element.findtext(path, namespaces=NS)


def sided(element, debit, credit):
    """An amount or a balance: debit above zero, credit below."""
    found = said(element, debit)
    return Decimal(found) if found is not None else -Decimal(said(element, credit))


def balance(element, when):
    return sided(element, f"s:{when}DebitBalance", f"s:{when}CreditBalance")


def line_amount(line):
    return sided(line, "s:DebitAmount/s:Amount", "s:CreditAmount/s:Amount")


def findings(root):
    def differs(rule, place, one, other):
        if one != other:
            yield finding(rule, f"{one} is not {other}", place)

    def each(path):
        return root.iterfind(path, NS)

    entries = root.find("s:GeneralLedgerEntries", NS)
    transactions = list(each("s:GeneralLedgerEntries/s:Journal/s:Transaction"))
    lines = list(each("s:GeneralLedgerEntries/s:Journal/s:Transaction/s:Line"))
    yield from differs("ENTRIES", "", int(said(entries, "s:NumberOfEntries")), len(transactions))
    amounts = [line_amount(line) for line in lines]
    debit = sum((amount for amount in amounts if amount > 0), Decimal())
    credit = -sum((amount for amount in amounts if amount < 0), Decimal())
    yield from differs("DEBIT", "", Decimal(said(entries, "s:TotalDebit")), debit)
    yield from differs("CREDIT", "", Decimal(said(entries, "s:TotalCredit")), credit)
    for transaction in transactions:
        total = sum((line_amount(line) for line in transaction.iterfind("s:Line", NS)), Decimal())
        yield from differs("BALANCED", said(transaction, "s:TransactionID"), total, 0)
    ids = Counter(said(transaction, "s:TransactionID") for transaction in transactions)
    yield from (finding("TWICE", "the transaction stands there more than once", id) for id, n in ids.items() if n > 1)

    start = said(root, "s:Header/s:SelectionCriteria/s:SelectionStartDate")
    end = said(root, "s:Header/s:SelectionCriteria/s:SelectionEndDate")
    for transaction in transactions:
        day = said(transaction, "s:TransactionDate")
        if not start <= day <= end:
            yield finding("PERIOD", f"{day} is not within {start} to {end}", said(transaction, "s:TransactionID"))

    booked, owed = Counter(), Counter()
    for line, amount in zip(lines, amounts):
        booked[said(line, "s:AccountID")] += amount
        if customer := said(line, "s:CustomerID"):
            owed[said(line, "s:AccountID"), customer] += amount
    accounts = {said(account, "s:AccountID"): account for account in each("s:MasterFiles/s:GeneralLedgerAccounts/s:Account")}
    for id in booked.keys() - accounts.keys():
        yield finding("ACCOUNT", "is not among the accounts", id)
    for id, account in accounts.items():
        yield from differs("CLOSING", id, balance(account, "Closing"), balance(account, "Opening") + booked[id])
    for when in ("Opening", "Closing"):
        yield from differs(when.upper(), "", sum(balance(account, when) for account in accounts.values()), 0)

    customers, of_account = set(), {when: Counter() for when in ("Opening", "Closing")}
    for customer in each("s:MasterFiles/s:Customers/s:Customer"):
        id = said(customer, "s:CustomerID")
        customers.add(id)
        for part in customer.iterfind("s:BalanceAccount", NS):
            account = said(part, "s:AccountID")
            opening, closing = balance(part, "Opening"), balance(part, "Closing")
            of_account["Opening"][account] += opening
            of_account["Closing"][account] += closing
            yield from differs("CUSTOMER", id, closing, opening + owed[account, id])
    for id in {customer for _, customer in owed} - customers:
        yield finding("CUSTOMER", "is not among the customers", id)
    for when, sums in of_account.items():
        for account, total in sums.items():
            yield from differs("RECEIVABLES", account, total, balance(accounts[account], when))

    codes = {said(code, "s:TaxCode") for code in each("s:MasterFiles/s:TaxTable/s:TaxTableEntry/s:TaxCodeDetails")}
    used = {said(line, "s:TaxInformation/s:TaxCode") for line in lines} - {None}
    yield from (finding("TAXCODE", "is not in the tax table", code) for code in used - codes)


def judge(schema, file):
    errors = []
    try:
        root = etree.parse(str(file)).getroot()
        if not schema.validate(root):
            errors += [finding("XSD", error.message, f"line {error.line}") for error in schema.error_log]
        errors += findings(root)
    except Exception as exception:  # whatever it is, the file was not found valid
        errors.append(finding("EXCEPTION", f"{type(exception).__name__}: {exception}"))
    return {"file": file.name, "errors": errors, "warnings": []}


def main():
    schema = etree.XMLSchema(etree.parse(str(SCHEMA)))
    for file in sorted(Path(sys.argv[1]).glob("*.xml")):
        print(json.dumps(judge(schema, file), ensure_ascii=False), flush=True)


main()
