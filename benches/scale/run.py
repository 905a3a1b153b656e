#!/usr/bin/env python3
"""One portfolio, the same file, one run: `mingzhang batch` beside peers that only group usage.csv.

    run.py TABLES [--binary PATH] [--peers-script PATH] [--rounds 3] [--memory 512M]

TABLES is what the generator of the shared benchmark wrote: usage.csv, bill.csv, payments.csv, orders.csv, case.toml, plans,
truth.json. Each round runs every program once, one after the other, so that all meet the same machine. Printed: the median wall
time, rows a second, the largest peak memory, and whether the findings are those of truth.json, code, line and amount.
Needs Python with duckdb, polars, pandas and pyarrow for the peers; a peer that is not installed is left out and said so.
"""
import argparse, csv, json, os, resource, statistics, subprocess, sys, tempfile, time
from decimal import Decimal

PEERS = ["duckdb", "polars", "pandas-pyarrow", "pandas"]


def measured(command):
    """Returns wall seconds, processor seconds and peak memory in MiB of one run."""
    begun, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    peak = 0
    while child.poll() is None:
        try:
            with open(f"/proc/{child.pid}/status") as status:
                peak = max([peak] + [int(line.split()[1]) for line in status if line.startswith("VmHWM")])
        except OSError:
            pass
        time.sleep(0.02)
    wall, after = time.monotonic() - begun, resource.getrusage(resource.RUSAGE_CHILDREN)
    if child.returncode not in (0,):
        sys.stderr.write(child.stderr.read())
        return None
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return wall, used, peak / 1024


def found(out):
    """Returns the errors of findings.csv that claim something: line, code, amount."""
    with open(os.path.join(out, "findings.csv"), newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["kind"] == "E"]
    return sorted((row["msisdn"], row["code"], Decimal(row["amount"])) for row in rows)


def main():
    a = argparse.ArgumentParser()
    a.add_argument("tables")
    a.add_argument("--binary", default="target/release/mingzhang")
    a.add_argument("--peers-script")
    a.add_argument("--rounds", type=int, default=3)
    a.add_argument("--memory", default="512M")
    o = a.parse_args()
    usage = os.path.join(o.tables, "usage.csv")
    with open(usage, "rb") as file:
        rows = sum(block.count(b"\n") for block in iter(lambda: file.read(1 << 24), b"")) - 1
    out = tempfile.mkdtemp(prefix="portfolio-")
    programs = {"mingzhang batch": [o.binary, "-q", "batch", o.tables, "--out", out, "--memory", o.memory, "--fresh"]}
    for peer in PEERS if o.peers_script else []:
        programs[peer] = [sys.executable, o.peers_script, peer, usage]
    times = {name: [] for name in programs}
    for _ in range(o.rounds):
        for name, command in programs.items():
            times[name].append(measured(command))
    print(f"{rows:,} usage rows, {os.path.getsize(usage) / 1e6:.0f} MB, median of {o.rounds}\n")
    print("| program | wall s | processor s | rows/s | peak MiB |\n|---|---|---|---|---|")
    for name, runs in times.items():
        good = [run for run in runs if run]
        if not good:
            print(f"| {name} | does not run here | | | |")
            continue
        wall, used = (statistics.median(run[part] for run in good) for part in (0, 1))
        print(f"| {name} | {wall:.2f} | {used:.2f} | {rows / wall / 1e6:.2f} M | {max(run[2] for run in good):.0f} |")
    with open(os.path.join(o.tables, "truth.json")) as file:
        truth = sorted((it["msisdn"], it["code"], Decimal(it["amount"])) for it in json.load(file))
    errors = found(out)
    missing, others = set(truth) - set(errors), set(errors) - set(truth)
    print(f"\ntruth.json: {len(truth)} errors; found {len(errors)}; missing {len(missing)}; others {len(others)}")
    for title, some in (("missing", missing), ("others", others)):
        for row in sorted(some)[:5]:
            print(f"  {title}: {row[0]} {row[1]} {row[2]}")
    sys.exit(1 if missing or others else 0)


main()
