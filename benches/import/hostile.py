#!/usr/bin/env python3
"""Files that are made to hurt: each must be answered within seconds and 512 MiB, without a crash.

    python3 benches/import/hostile.py target/release/mingzhang [--only PART-OF-A-NAME]

Builds every file in a temporary folder, runs `inspect --json` on it and prints a table: how large the file is, what
the program said (`used` or the code of the problem), rows used and set aside, seconds, processor seconds and peak
memory. Ends with status 1 when one of them took too long on a processor of its own, took too much memory, or ended
with another status than 0 or 3.
"""

import argparse
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import time
import zipfile

SECONDS_MAX = 10
MEMORY_MIB_MAX = 512
MIB = 1 << 20
HEAD = "paid_at,amount,description\n2025-10-01,1.00,a\n"
TAIL = "2025-10-03,3.00,c\n"
LARGE_CELL = 200 * 1000 * 1000

WORKBOOK = """<?xml version="1.0"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" \
xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="S" sheetId="1" r:id="rId1"/>\
</sheets></workbook>"""
RELATIONS = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">\
<Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/>\
<Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/sharedStrings" Target="sharedStrings.xml"/>\
</Relationships>"""
PACKAGE = """<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship \
Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"""
SHEET_HEAD = '<?xml version="1.0"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>'
SHEET_TAIL = "</sheetData></worksheet>"
ODS_HEAD = """<?xml version="1.0"?><office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" \
xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0">\
<office:body><office:spreadsheet><table:table table:name="S">"""
ODS_TAIL = "</table:table></office:spreadsheet></office:body></office:document-content>"


def write(path, *parts):
    with open(path, "wb") as out:
        for part in parts:
            for block in [part] if isinstance(part, (bytes, str)) else part:
                out.write(block.encode() if isinstance(block, str) else block)


def repeated(block, length):
    """Blocks of at least `length` bytes together."""
    block = block.encode() if isinstance(block, str) else block
    many = block * max(1, MIB // len(block))
    for _ in range(length // len(many) + 1):
        yield many


def zipped(path, members):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, content in members:
            with archive.open(name, "w", force_zip64=True) as member:
                for block in [content] if isinstance(content, (bytes, str)) else content:
                    member.write(block.encode() if isinstance(block, str) else block)


def joined(*parts):
    for part in parts:
        yield from [part] if isinstance(part, (bytes, str)) else part


def xlsx(path, rows, strings="<sst></sst>", extra=()):
    members = [("[Content_Types].xml", "<Types/>"), ("_rels/.rels", PACKAGE), ("xl/workbook.xml", WORKBOOK), ("xl/_rels/workbook.xml.rels", RELATIONS)]
    members += [("xl/worksheets/sheet1.xml", joined(SHEET_HEAD, rows, SHEET_TAIL)), ("xl/sharedStrings.xml", strings)]
    zipped(path, members + list(extra))


def ods(path, rows):
    mimetype = ("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
    zipped(path, [mimetype, ("content.xml", joined(ODS_HEAD, rows, ODS_TAIL))])


def text_cell(at, text):
    return f'<c r="{at}" t="inlineStr"><is><t>{text}</t></is></c>'


def row(number, *cells):
    return f'<row r="{number}">' + "".join(text_cell(f"{chr(65 + i)}{number}", cell) for i, cell in enumerate(cells)) + "</row>"


HEADER_ROW = row(1, "paid_at", "amount", "description") + row(2, "2025-10-01", "1.00", "a")


def ods_row(*cells):
    inside = "".join(f"<table:table-cell><text:p>{cell}</text:p></table:table-cell>" for cell in cells)
    return f"<table:table-row>{inside}</table:table-row>"


ODS_HEADER = ods_row("paid_at", "amount", "description") + ods_row("2025-10-01", "1.00", "a")


def biff_record(kind, body):
    return struct.pack("<HH", kind, len(body)) + body


def xls_sheet(cells):
    """A bare BIFF8 stream with number cells at (row, column)."""
    globals_ = biff_record(0x0809, struct.pack("<HHHHII", 0x0600, 5, 0, 0, 0, 0))
    bound = biff_record(0x0085, struct.pack("<IBB", 0, 0, 0) + bytes([1, 0]) + b"S")
    end = biff_record(0x000A, b"")
    bound = biff_record(0x0085, struct.pack("<IBB", len(globals_ + bound + end), 0, 0) + bytes([1, 0]) + b"S")
    sheet = biff_record(0x0809, struct.pack("<HHHHII", 0x0600, 16, 0, 0, 0, 0))
    for at_row, column in cells:
        sheet += biff_record(0x0203, struct.pack("<HHHd", at_row, column, 0, 1.0))
    return globals_ + bound + end + sheet + end


def parquet_with_footer(footer):
    return b"PAR1" + footer + struct.pack("<I", len(footer)) + b"PAR1"


def noise(length, seed=7):
    """Blocks, not one piece: what this program holds would count as memory of the one that it starts."""
    chance = random.Random(seed)
    for at in range(0, length, MIB):
        yield chance.randbytes(min(MIB, length - at))


def cases():
    """(name, suffix, how it is written)"""
    big = lambda block: repeated(block, LARGE_CELL)
    usage = "msisdn,start,kind,direction,duration_s,fee\n"
    yield "csv: cell of 200 MB", "csv", lambda p: write(p, HEAD, "2025-10-02,2.00,", big("x"), "\n", TAIL)
    yield "csv: quoted cell of 200 MB", "csv", lambda p: write(p, HEAD, '2025-10-02,2.00,"', big("x\n"), '"\n', TAIL)
    yield "csv: 200 MB of doubled quotes", "csv", lambda p: write(p, HEAD, '2025-10-02,2.00,"', big('""'), '"\n', TAIL)
    yield "csv: quote that never closes", "csv", lambda p: write(p, HEAD, '2025-10-02,2.00,"', big("x,\n"))
    yield "csv: a quote before every cell", "csv", lambda p: write(p, HEAD, big('"x,'))
    yield "csv: 200 MB of quotes", "csv", lambda p: write(p, HEAD, big('"'))
    yield "csv: cell of 200 MB, GB18030", "csv", lambda p: write(p, HEAD, "2025-10-02,2.00,", big("话费".encode("gb18030")), "\n", TAIL)
    yield "csv: 200 MB in the header row", "csv", lambda p: write(p, "paid_at,amount,", big("x"), "\n", TAIL)
    yield "csv: 10⁶ columns", "csv", lambda p: write(p, "paid_at,amount", ",x" * 10**6, "\n2025-10-01,1.00\n")
    yield "csv: 10⁶ columns of one known name", "csv", lambda p: write(p, "paid_at", ",amount" * 10**6, "\n2025-10-01,1.00\n")
    yield "csv: 10⁶ columns in 40 rows", "csv", lambda p: write(p, "paid_at,amount", ",x" * 10**6, "\n", ("2025-10-01,1.00" + ",1" * 10**6 + "\n") * 40)
    yield "csv: 200 M empty cells", "csv", lambda p: write(p, HEAD, big(","))
    yield "csv: 200 M empty lines", "csv", lambda p: write(p, HEAD, big("\n"))
    yield "csv: 100 M rows of one letter", "csv", lambda p: write(p, HEAD, big("x\n"))
    yield "csv: 5 M usage rows", "csv", lambda p: write(p, usage, repeated("13800001111,2025-10-01 08:00:00,voice,out,60,0.15\n", 250 * 1000 * 1000))
    yield "csv: 2 M usage rows", "csv", lambda p: write(p, usage, repeated("13800001111,2025-10-01 08:00:00,voice,out,60,0.15\n", 100 * 1000 * 1000))
    yield "csv: 2 M calls to different numbers, odd fees", "csv", lambda p: write(p, usage.replace("fee", "fee,peer"), (f"13800001111,2025-10-01 08:00:00,voice,out,60,0.123456,139{n:08}\n" for n in range(2 * 10**6)))
    yield "csv: 3 M payments", "csv", lambda p: write(p, HEAD, repeated("2025-10-01 08:00:00,15.00,话费充值\n", 130 * 1000 * 1000))
    yield "csv: 5 M rows that cannot be read", "csv", lambda p: write(p, HEAD, repeated("yesterday,much,话费充值\n", 140 * 1000 * 1000))
    yield "csv: 500 MB", "csv", lambda p: write(p, HEAD, repeated("2025-10-01 08:00:00,15.00,话费充值\n", 500 * MIB))
    yield "csv: 10 GB that is not there", "csv", lambda p: sparse(p, 10 << 30)
    yield "csv: NUL bytes in a cell", "csv", lambda p: write(p, HEAD, "2025-10-02,2.00,\0\0\0\n", TAIL)
    yield "csv: 200 MB of NUL bytes", "csv", lambda p: write(p, HEAD, big(b"\0"))
    yield "only NUL bytes", "csv", lambda p: write(p, big(b"\0"))
    yield "utf-16: odd number of bytes", "csv", lambda p: write(p, HEAD.encode("utf-16")[:-1])
    yield "random bytes, 50 MB", "csv", lambda p: write(p, noise(50 * MIB))
    yield "random bytes after PK", "zip", lambda p: write(p, b"PK\x03\x04", noise(MIB))
    yield "random bytes after the OLE mark", "xls", lambda p: write(p, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", noise(MIB))
    yield "random bytes after a BIFF mark", "xls", lambda p: write(p, b"\x09\x08\x10\x00\x00\x06\x05\x00", noise(MIB))
    yield "random bytes after <html>", "html", lambda p: write(p, b"<html><table><tr><td>", noise(10 * MIB))
    yield "random bytes after PAR1", "parquet", lambda p: write(p, b"PAR1", noise(MIB), b"PAR1")
    yield "parquet: footer of all ones", "parquet", lambda p: write(p, parquet_with_footer(b"\xff" * MIB))
    yield "parquet: lists of 2³¹", "parquet", lambda p: write(p, parquet_with_footer(b"\x15\x04\x19\xfc" + b"\xff\xff\xff\xff\x07" * 1000))
    yield "xlsx: A1 and XFD1048576", "xlsx", lambda p: xlsx(p, text_cell_rows(("A1", 1), ("XFD1048576", 1048576)))
    yield "xlsx: a million rows at XFD", "xlsx", lambda p: xlsx(p, (f'<row r="{n}"><c r="XFD{n}"><v>1</v></c></row>' for n in range(1, 1048577)))
    yield "xlsx: 1 GiB of spaces", "xlsx", lambda p: xlsx(p, joined(HEADER_ROW, repeated(" ", 1 << 30)))
    yield "xlsx: 480 MiB of spaces", "xlsx", lambda p: xlsx(p, joined(HEADER_ROW, repeated(" ", 480 * MIB)))
    yield "xlsx: 1 GiB of shared strings", "xlsx", lambda p: xlsx(p, HEADER_ROW, joined("<sst>", repeated("<si><t>x</t></si>", 1 << 30), "</sst>"))
    yield "xlsx: 100 MB of shared strings", "xlsx", lambda p: xlsx(p, HEADER_ROW, joined("<sst>", repeated("<si><t>x</t></si>", 100 * MIB), "</sst>"))
    yield "xlsx: one shared string of 400 MB", "xlsx", lambda p: xlsx(p, HEADER_ROW, joined("<sst><si><t>", repeated("x", 400 * MIB), "</t></si></sst>"))
    yield "xlsx: cell of 200 MB", "xlsx", lambda p: xlsx(p, joined(HEADER_ROW, '<row r="3"><c r="C3" t="inlineStr"><is><t>', big("x"), "</t></is></c></row>", row(4, "2025-10-04", "4.00", "d")))
    yield "xlsx: shared string used a million times", "xlsx", lambda p: xlsx(p, joined(HEADER_ROW, (f'<row r="{n}"><c r="C{n}" t="s"><v>0</v></c></row>' for n in range(3, 1000003))), "<sst><si><t>" + "x" * 100_000 + "</t></si></sst>")
    yield "xlsx: 8 M cells", "xlsx", lambda p: xlsx(p, joined(HEADER_ROW, ("<row>" + "<c><v>1.5</v></c>" * 8 + "</row>" for _ in range(10**6))))
    yield "xlsx: 100 M merged regions", "xlsx", lambda p: xlsx(p, joined(HEADER_ROW, "</sheetData><mergeCells>", repeated('<mergeCell ref="A1:XFD1048576"/>', 300 * MIB), "</mergeCells><sheetData>"))
    yield "xlsx: a billion entities", "xlsx", lambda p: xlsx(p, HEADER_ROW, '<!DOCTYPE l [<!ENTITY a "aaaaaaaaaa">' + "".join(f'<!ENTITY {chr(98 + i)} "{f"&{chr(97 + i)};" * 10}">' for i in range(9)) + "]><sst><si><t>&j;</t></si></sst>")
    yield "xlsx: truncated", "xlsx", lambda p: truncated(p, 0.7)
    yield "zip: 1 GiB in one member", "zip", lambda p: zipped(p, [("a.csv", joined(HEAD, repeated("2025-10-01,1.00,a\n", 1 << 30)))])
    yield "zip: 300 members of 4 MiB", "zip", lambda p: zipped(p, [(f"{n}.csv", joined(HEAD, repeated(" ", 4 * MIB))) for n in range(300)])
    yield "zip: 200 MB cell", "zip", lambda p: zipped(p, [("a.csv", joined(HEAD, "2025-10-02,2.00,", big("x"), "\n", TAIL))])
    yield "zip: 10⁵ members", "zip", lambda p: zipped(p, [(f"{n}.csv", "x") for n in range(100_000)])
    yield "zip: overlapping members that lie", "zip", lambda p: lying_zip(p)
    yield "ods: 1 GiB of spaces", "ods", lambda p: ods(p, joined(ODS_HEADER, repeated(" ", 1 << 30)))
    yield "ods: cell of 200 MB", "ods", lambda p: ods(p, joined(ODS_HEADER, "<table:table-row><table:table-cell><text:p>", big("x"), "</text:p></table:table-cell></table:table-row>"))
    yield "ods: cells that repeat 10⁹ times", "ods", lambda p: ods(p, ODS_HEADER + '<table:table-row table:number-rows-repeated="1000000000"><table:table-cell table:number-columns-repeated="1000000000"><text:p>x</text:p></table:table-cell></table:table-row>')
    yield "ods: 2 M rows", "ods", lambda p: ods(p, joined(ODS_HEADER, (ods_row("2025-10-01", "1.00", "a") for _ in range(2 * 10**6))))
    yield "html: cell of 200 MB", "html", lambda p: write(p, "<table><tr><td>paid_at<td>amount<td>description<tr><td>2025-10-01<td>1.00<td>", big("x"), "<tr><td>2025-10-02<td>2.00<td>b</table>")
    yield "html: 200 MB outside a table", "html", lambda p: write(p, "<html><body>", big("x"), "<table><tr><td>paid_at<td>amount<tr><td>2025-10-01<td>1.00</table>")
    yield "html: 20 M tables in each other", "html", lambda p: write(p, "<html>", repeated("<table>", 140 * MIB))
    yield "html: spans of 10⁹", "html", lambda p: write(p, "<table>", repeated('<tr><td colspan=1000000000 rowspan=1000000000>x', 20 * MIB))
    yield "html: 10⁶ columns", "html", lambda p: write(p, "<table><tr><td>paid_at<td>amount", "<td>x" * 10**6, "<tr><td>2025-10-01<td>1.00</table>")
    yield "html: attribute of 200 MB", "html", lambda p: write(p, '<table><tr><td title="', big("x"), '">paid_at<td>amount</table>')
    yield "xls: A1 and IV65536", "xls", lambda p: write(p, xls_sheet([(0, 0), (65535, 255)]))
    yield "xls: cells of a million rows", "xls", lambda p: write(p, xls_sheet([(n % 65536, n // 65536) for n in range(10**6)]))
    yield "xls: truncated", "xls", lambda p: write(p, xls_sheet([(n, 0) for n in range(1000)])[:-700])
    yield "json", "json", lambda p: write(p, '[{"paid_at": "2025-10-01", "amount": "1.00"}]')
    yield "picture", "png", lambda p: write(p, b"\x89PNG\r\n\x1a\n", noise(MIB))


def text_cell_rows(*places):
    return "".join(f'<row r="{number}">{text_cell(at, "x")}</row>' for at, number in places)


def sparse(path, length):
    with open(path, "wb") as out:
        out.truncate(length)


def truncated(path, share):
    xlsx(path, joined(HEADER_ROW, (row(n, "2025-10-01", "1.00", str(n)) for n in range(3, 5000))))
    whole = open(path, "rb").read()
    write(path, whole[: int(len(whole) * share)])


def lying_zip(path):
    """A member that declares ten bytes and inflates to 600 MiB."""
    zipped(path, [("a.csv", joined(HEAD, repeated(" ", 600 * MIB)))])
    content = bytearray(open(path, "rb").read())
    at = content.rfind(b"PK\x01\x02")
    content[at + 24 : at + 28] = struct.pack("<I", 10)
    write(path, bytes(content))


def measured(binary, path):
    """Runs the program; returns status, answer, seconds and peak memory in MiB."""
    begun = time.perf_counter()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        child = subprocess.Popen([binary, "inspect", "--json", path], stdout=out, stderr=err)
        deadline = begun + 20 * SECONDS_MAX
        while True:
            done, status, usage = os.wait4(child.pid, os.WNOHANG)
            if done:
                break
            if time.perf_counter() > deadline:
                child.kill()
                _, status, usage = os.wait4(child.pid, 0)
                break
            time.sleep(0.01)
        child.returncode = 0
        seconds = time.perf_counter() - begun
        out.seek(0), err.seek(0)
        status = os.waitstatus_to_exitcode(status)
        processor = usage.ru_utime + usage.ru_stime
        return status, answer(out.read()), seconds, processor, usage.ru_maxrss / 1024


def answer(shown):
    try:
        first = json.loads(shown)[0]
    except (ValueError, IndexError):
        return "no answer" if not shown else f"{len(shown)} bytes"
    if first["table"] is None:
        return first["problem"]["code"]
    return f"used {first['rows_used']}, set aside {first['rows_set_aside']}"


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("binary")
    arguments.add_argument("--only", default="")
    options = arguments.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name, suffix, build in cases():
            if options.only not in name:
                continue
            path = os.path.join(folder, f"a.{suffix}")
            build(path)
            status, said, seconds, processor, memory = measured(options.binary, path)
            size = os.path.getsize(path)
            os.unlink(path)
            bad = status not in (0, 3) or processor > SECONDS_MAX or memory > MEMORY_MIB_MAX
            failed += bad
            mark = "  <<<" if bad else ""
            print(f"{name:42} {size / 1e6:9.3f} MB  {said:34} {seconds:6.2f} s  processor {processor:5.2f} s {memory:5.0f} MiB  status {status}{mark}", flush=True)
    print(f"{failed} outside the limits" if failed else "all inside the limits")
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
