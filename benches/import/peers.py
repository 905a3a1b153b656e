#!/usr/bin/env python3
"""Reads one 中国移动 data list in GB18030 with mingzhang, Python's csv module and pandas, and prints a table.

    python3 benches/import/peers.py target/release/mingzhang [--rows 1000000] [--rounds 3]

pandas is optional. The three answers are compared before any time is printed: rows, fee to the cent, bytes.
mingzhang also hashes the file, finds the header, checks every cell and the printed total count, and infers
what the list covers; csv and pandas read the cells and convert time, volume and fee, which is the least that
anybody does with them.
"""

import argparse
import json
import os
import random
import subprocess
import sys
import tempfile
import time
from decimal import Decimal

UNITS = {"GB": 1 << 30, "MB": 1 << 20, "KB": 1 << 10}
HEADER = "起始时间,通信地点,上网方式,网络类型,总时长,总流量,套餐优惠,通信费"
PREAMBLE_ROWS = 4


def volume(kib):
    mib, kib = divmod(kib, 1024)
    return f"{mib}MB{kib}KB" if mib else f"{kib}KB"


def duration(seconds):
    hours, seconds = divmod(seconds, 3600)
    minutes, seconds = divmod(seconds, 60)
    text = f"{hours}小时" if hours else ""
    text += f"{minutes}分" if minutes else ""
    return text + f"{seconds}秒"


def write_list(path, rows):
    """Writes the list; returns fee in cents and bytes as the generator knows them."""
    chance = random.Random(1)
    places = ["浙江杭州", "浙江宁波", "上海", "北京", "江苏南京", "中国香港"]
    cents = length = 0
    with open(path, "w", encoding="gb18030", newline="") as out:
        out.write("中国移动通信客户上网详单\r\n手机号码：13800001111\r\n")
        out.write(f"起始日期：2025-10-01,终止日期：2025-10-31\r\n总条数：{rows}\r\n{HEADER}\r\n")
        for index in range(rows):
            second = index * 31 * 86_400 // rows
            day, rest = divmod(second, 86_400)
            at = f"2025-10-{day + 1:02} {rest // 3600:02}:{rest // 60 % 60:02}:{rest % 60:02}"
            kib = chance.randrange(1, 80_000)
            fee = chance.choice([0, 0, 0, 0, 29, 105])
            place, seconds = chance.choice(places), chance.randrange(1, 7_200)
            out.write(f"{at},{place},CMNET,4G,{duration(seconds)},{volume(kib)},\"流量包,月\",{fee / 100:.2f}\r\n")
            cents, length = cents + fee, length + kib * 1024
    return cents, length


def bytes_of(text):
    total, number = 0, ""
    at = 0
    while at < len(text):
        if text[at].isdigit():
            number += text[at]
            at += 1
        else:
            total += int(number) * UNITS[text[at : at + 2]]
            number, at = "", at + 2
    return total


def seconds_of(text):
    total, number = 0, ""
    for letter in text:
        if letter.isdigit():
            number += letter
        elif number:
            total += int(number) * {"小": 3600, "分": 60, "秒": 1}[letter]
            number = ""
    return total


def by_csv(path):
    import csv
    from datetime import datetime

    rows, fee, length = 0, Decimal(0), 0
    with open(path, encoding="gb18030", newline="") as lines:
        for _ in range(PREAMBLE_ROWS):
            next(lines)
        for row in csv.DictReader(lines):
            datetime.fromisoformat(row["起始时间"])
            seconds_of(row["总时长"])
            fee += Decimal(row["通信费"])
            length += bytes_of(row["总流量"])
            rows += 1
    return rows, fee, length


def by_pandas(path):
    import pandas

    table = pandas.read_csv(path, encoding="gb18030", skiprows=PREAMBLE_ROWS, dtype={"通信费": str})
    pandas.to_datetime(table["起始时间"])
    table["总时长"].map(seconds_of)
    fee = sum(table["通信费"].map(Decimal), Decimal(0))
    return len(table), fee, int(table["总流量"].map(bytes_of).sum())


def cells_by_pandas(path):
    """Cells only: nothing is converted but what pandas converts by itself."""
    import pandas

    table = pandas.read_csv(path, encoding="gb18030", skiprows=PREAMBLE_ROWS)
    return len(table), None, None


def by_mingzhang(binary, path):
    shown = subprocess.run([binary, "inspect", "--json", path], capture_output=True, check=True)
    (table,) = json.loads(shown.stdout)
    return table["rows_used"], Decimal(table["sum_amount"]), None


def in_child(work):
    """Runs the work in a process of its own; returns its answer, seconds, processor seconds and peak memory in MiB."""
    begun = time.perf_counter()
    receive, send = os.pipe()
    child = os.fork()
    if child == 0:
        os.write(send, repr(work()).encode())
        os._exit(0)
    os.close(send)
    with os.fdopen(receive, "rb") as pipe:
        answer = pipe.read().decode()
    _, status, usage = os.wait4(child, 0)
    seconds = time.perf_counter() - begun
    return (eval(answer) if status == 0 else None), seconds, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def main():
    arguments = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    arguments.add_argument("binary")
    arguments.add_argument("--rows", type=int, default=1_000_000)
    arguments.add_argument("--rounds", type=int, default=3)
    options = arguments.parse_args()
    peers = [("Python csv", by_csv)]
    try:
        import pandas

        peers += [(f"pandas {pandas.__version__}", by_pandas), ("pandas, cells only", cells_by_pandas)]
    except ImportError:
        print("pandas is not installed: compared with the csv module alone")
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "上网详单.csv")
        cents, length = write_list(path, options.rows)
        print(f"{options.rows} rows, {os.path.getsize(path) / 1e6:.0f} MB, best of {options.rounds}, load {os.getloadavg()[0]:.1f}")
        expected = (options.rows, Decimal(cents).scaleb(-2), length)
        runs = [(name, lambda work=work: work(path)) for name, work in peers]
        runs.insert(0, ("mingzhang inspect", lambda: by_mingzhang(options.binary, path)))
        for name, work in runs:
            best, least, peak = None, None, 0
            for _ in range(options.rounds):
                # The memory of the child's own child is what counts for a program.
                answer, seconds, processor, memory = in_child(lambda: with_memory(work))
                if answer is None:
                    sys.exit(f"{name} failed")
                answer, children = answer
                differs = [a for a, e in zip(answer, expected) if a is not None and a != e]
                if differs:
                    sys.exit(f"{name} answers {answer}, expected {expected}")
                best, least = min(best or seconds, seconds), min(least or processor, processor)
                peak = max(peak, children if name.startswith("mingzhang") else memory)
            rows = f"{options.rows / best / 1e6:7.2f} M rows/s, {options.rows / least / 1e6:7.2f} M a processor second"
            print(f"{name:22} {best:7.2f} s, processor {least:7.2f} s  {rows}  {peak:7.0f} MiB", flush=True)


def with_memory(work):
    import resource

    answer = work()
    return answer, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024


if __name__ == "__main__":
    main()
