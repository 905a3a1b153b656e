#!/usr/bin/env python3
"""Counts the rows and adds the amounts of payment exports without mingzhang, the way a spreadsheet would, and compares.

    python3 benches/import/sums.py target/release/mingzhang FILE...

CSV and XLSX, Alipay, WeChat and ICBC. A row counts when its time cell begins with a year; amounts are added without sign.
"""

import csv
import io
import json
import re
import subprocess
import sys
import zipfile
from decimal import Decimal
from xml.etree import ElementTree

AMOUNTS = ["金额", "金额（元）", "金额(元)", "记账金额(收入)", "记账金额(支出)"]
TIMES = ["交易时间", "交易创建时间", "交易日期"]
SPACE = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


def rows_of(path):
    content = open(path, "rb").read()
    if content.startswith(b"PK"):
        yield from workbook_rows(zipfile.ZipFile(io.BytesIO(content)))
        return
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("gb18030")
    yield from csv.reader(io.StringIO(text))


def workbook_rows(book):
    strings = []
    if "xl/sharedStrings.xml" in book.namelist():
        for item in ElementTree.fromstring(book.read("xl/sharedStrings.xml")).iter(f"{SPACE}si"):
            strings.append("".join(text.text or "" for text in item.iter(f"{SPACE}t")))
    for row in ElementTree.fromstring(book.read("xl/worksheets/sheet1.xml")).iter(f"{SPACE}row"):
        cells = []
        for cell in row.iter(f"{SPACE}c"):
            value = cell.find(f"{SPACE}v")
            text = "".join(part.text or "" for part in cell.iter(f"{SPACE}t")) if value is None else value.text
            letters = re.match("[A-Z]+", cell.get("r"))[0]
            column = sum((ord(letter) - 64) * 26**place for place, letter in enumerate(reversed(letters)))
            cells += [""] * (column - 1 - len(cells))
            cells.append(strings[int(text)] if cell.get("t") == "s" else text)
        yield cells


def counted(path):
    header, count, total = None, 0, Decimal(0)
    for row in rows_of(path):
        row = [cell.strip() for cell in row]
        if header is None:
            if any(cell in AMOUNTS for cell in row) and any(cell in TIMES for cell in row):
                header = row
            continue
        at = next(index for index, name in enumerate(header) if name in TIMES)
        if len(row) <= at or not re.match(r"(19|20)\d\d", row[at]):
            continue
        texts = [row[index] for index, name in enumerate(header) if name in AMOUNTS and index < len(row)]
        amounts = [Decimal(found[0]) for found in (re.search(r"\d+(\.\d+)?", text.replace(",", "")) for text in texts) if found]
        count, total = count + 1, total + sum(amounts)
    return count, total


def main():
    binary, *paths = sys.argv[1:]
    differs = 0
    for path in paths:
        shown = subprocess.run([binary, "inspect", "--json", path], capture_output=True)
        (table,) = json.loads(shown.stdout)
        count, total = counted(path)
        ours = (table["rows_used"], Decimal(table["sum_amount"]))
        aside = [row for row in table["set_aside"] if row["class"] == "problem"]
        same = ours == (count, total) and not aside
        differs += not same
        words = "same" if same else "DIFFERS"
        print(f"{path.rsplit('/')[-1]:36} {table['profile']:20} {ours[0]:4} rows {ours[1]:>12}   by hand {count:4} {total:>12}   {words}")
    sys.exit(differs > 0)


if __name__ == "__main__":
    main()
