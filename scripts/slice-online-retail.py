#!/usr/bin/env python3
"""Cuts the demo's order stream out of the UCI data set "Online Retail".

    scripts/slice-online-retail.py ORIGINAL.csv[.xz|.gz]

writes data/online-retail/orders.csv and data/online-retail/products.csv. The same input gives the same bytes.
The rules are told in data/online-retail/README.md.
"""

import collections
import csv
import decimal
import gzip
import io
import lzma
import pathlib
import re
import sys

INVOICES = 1500
LINES = range(1, 13)
QUANTITY = range(1, 1001)
PRICE_LIMIT = decimal.Decimal(200)
# Postage, carriage, manual corrections, samples, bank and marketplace fees have codes of other shapes.
GOODS = re.compile(r"\d{5}[A-Z]{0,2}")
FOLDER = pathlib.Path(__file__).resolve().parent.parent / "data" / "online-retail"


def rows_of(path):
    opener = {".xz": lzma.open, ".gz": gzip.open}.get(path.suffix, open)
    with opener(path, "rt", encoding="utf-8", newline="") as file:
        yield from csv.DictReader(file)


def invoices_of(rows):
    """Invoice number -> its rows; cancellations (C…) and corrections (A…) are no orders."""
    invoices = collections.defaultdict(list)
    for row in rows:
        if row["InvoiceNo"].isdigit():
            invoices[row["InvoiceNo"]].append(row)
    return invoices


def lines_of(rows):
    """(code, price) -> quantity, or None when the invoice holds a line that no buyer would order."""
    lines = collections.OrderedDict()
    for row in rows:
        code = row["StockCode"].strip().upper()
        if not GOODS.fullmatch(code):
            continue
        price = decimal.Decimal(row["UnitPrice"])
        quantity = int(row["Quantity"])
        if not row["Description"].strip() or not 0 < price < PRICE_LIMIT or quantity not in QUANTITY:
            return None
        key = (code, price.quantize(decimal.Decimal("0.01")))
        lines[key] = lines.get(key, 0) + quantity
    if len(lines) not in LINES or any(quantity not in QUANTITY for quantity in lines.values()):
        return None
    if len({code for code, _ in lines}) != len(lines):
        return None
    return lines


def latest_orders(invoices):
    """The latest orders, oldest first; (minute, number) decides, so ties are stable."""
    orders = []
    for number, rows in invoices.items():
        lines = lines_of(rows)
        if lines:
            orders.append((min(row["InvoiceDate"] for row in rows)[:16], number, rows[0], lines))
    orders.sort(key=lambda order: order[:2])
    return orders[-INVOICES:]


def names_of(invoices, codes):
    """The name that a code goes by most often, the alphabetically first of equals."""
    seen = collections.defaultdict(collections.Counter)
    for rows in invoices.values():
        for row in rows:
            code = row["StockCode"].strip().upper()
            name = " ".join(row["Description"].split())
            if code in codes and name:
                seen[code][name] += 1
    return {code: min(names, key=lambda name: (-names[name], name)) for code, names in seen.items()}


def table(header, rows):
    text = io.StringIO(newline="")
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return text.getvalue().encode()


def main():
    invoices = invoices_of(rows_of(pathlib.Path(sys.argv[1])))
    orders = latest_orders(invoices)
    codes = {code for *_, lines in orders for code, _ in lines}
    names = names_of(invoices, codes)
    lines = [
        (minute, number, head["CustomerID"], head["Country"], code, quantity, price)
        for minute, number, head, lines in orders
        for (code, price), quantity in lines.items()
    ]
    FOLDER.mkdir(parents=True, exist_ok=True)
    header = ("placed_at", "invoice", "customer", "country", "sku", "quantity", "unit_price_gbp")
    (FOLDER / "orders.csv").write_bytes(table(header, lines))
    (FOLDER / "products.csv").write_bytes(table(("sku", "name"), sorted(names.items())))
    customers = {head["CustomerID"] for _, _, head, _ in orders} - {""}
    print(
        f"{len(orders)} orders, {len(lines)} lines, {len(names)} products, {len(customers)} known customers, "
        f"{orders[0][0]} to {orders[-1][0]}"
    )


if __name__ == "__main__":
    main()
