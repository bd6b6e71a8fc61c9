"""The same invoices by what a user would pick instead.

    peers.py pages INVOICES DIRECTORY FONT     writes each invoice as a page of HTML; FONT is a folder of fonts, or a name
    peers.py weasyprint DIRECTORY VARIANT      draws up the pages, on as many processes as the machine has processors

INVOICES is what `invoices run` has written; VARIANT is a conformance that WeasyPrint knows, or `plain`. The second says how
many seconds it took, its own start not counted.
"""

import html
import json
import multiprocessing
import os
import string
import sys
import time
from pathlib import Path


def kroner(ore):
    whole, rest = divmod(abs(ore), 100)
    return f"{'−' if ore < 0 else ''}{whole:,}".replace(",", "\N{NO-BREAK SPACE}") + f",{rest:02}"


def line(line):
    words, explanation = html.escape(line["text"]), html.escape(line["explanation"])
    return f"<tr><td>{words}<br><small>{explanation}</small></td><td>25 %</td><td>{kroner(line['net_ore'])}</td></tr>"


def faces(folder):
    weights = {"Inter-Regular.otf": 400, "Inter-SemiBold.otf": 600, "Inter-Bold.otf": 700}
    face = '@font-face {{ font-family: Inter; font-weight: {}; src: url("{}"); }}'
    return "\n".join(face.format(weight, (Path(folder) / name).as_uri()) for name, weight in weights.items())


def write_pages(invoices, directory, font):
    template = string.Template((Path(__file__).parent / "invoice.html").read_text())
    is_folder = os.path.isdir(font)
    for issued in json.loads(Path(invoices).read_text()):
        invoice = issued["invoice"]
        said = {
            "number": issued["number"],
            "issuer": issued["issuer"]["name"],
            "issuer_number": issued["issuer"]["organisation_number"],
            "recipient": invoice["recipient"]["name"],
            "recipient_number": invoice["recipient"]["organisation_number"],
            "municipality": invoice["recipient"]["number"],
            "date": issued["invoice_date"],
            "due": issued["due_date"],
            "reference": invoice["buyer_reference"],
            "net": kroner(invoice["net_ore"]),
            "vat": kroner(invoice["vat_ore"]),
            "total": kroner(invoice["total_ore"]),
            "account": issued["account_number"],
            "kid": issued["kid"],
        }
        words = {name: html.escape(str(value)) for name, value in said.items()}
        words |= {"lines": "".join(map(line, invoice["lines"]))}
        words |= {"font": "Inter" if is_folder else font, "faces": faces(font) if is_folder else ""}
        (Path(directory) / f"{issued['number']}.html").write_text(template.substitute(words))


def draw_up(task):
    from weasyprint import HTML

    page, variant = task
    options = {} if variant == "plain" else {"pdf_variant": variant}
    HTML(filename=page).write_pdf(page.with_suffix(".pdf"), **options)


def weasyprint(directory, variant):
    pages = sorted(Path(directory).glob("*.html"))
    with multiprocessing.Pool(os.cpu_count()) as pool:
        # The first of each process loads the library and the fonts.
        pool.map(draw_up, [(page, variant) for page in pages[: os.cpu_count()]], chunksize=1)
        begun = time.monotonic()
        pool.map(draw_up, [(page, variant) for page in pages], chunksize=1)
        print(time.monotonic() - begun)


match sys.argv[1:]:
    case ["pages", invoices, directory, font]:
        write_pages(invoices, directory, font)
    case ["weasyprint", directory, variant]:
        weasyprint(directory, variant)
    case _:
        sys.exit(__doc__)
