#!/usr/bin/env python3
"""The portfolio at scale, in one run on one machine: `mingzhang batch` does everything, the peers only group usage.csv.

    run.py FOLDER --generator PATH --peers-script PATH [--binary PATH] [--rows 10000000] [--lines 100000]
           [--rounds 3] [--memory 512M] [--flat 1,10,30] [--peers duckdb,polars,pandas]

FOLDER takes the generated tables (some 80 MB a million rows, CSV and Parquet together 100 MB); what is there already is used
again. Each round runs every program once, one after the other, so that all meet the same machine. Printed: the median wall time
of each, rows a second, the largest peak memory; then every figure that was promised, with its bound; then whether the findings
are those of truth.json, code, line and amount, and whether less memory and Parquet give the same results.
Needs Python with numpy, polars, duckdb, pandas; a peer that is not installed is left out, and that is said.
"""
import argparse, csv, filecmp, json, os, shutil, statistics, subprocess, sys
from decimal import Decimal

TABLES = ["findings.csv", "findings.parquet", "lines.csv", "lines.parquet", "portfolio.html", "portfolio.json", "set_aside.csv"]


def measured(command):
    """Returns wall seconds, processor seconds and peak memory in MiB of one run; nothing when it failed."""
    import time

    begun = time.monotonic()
    child = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)
    said = child.stderr.read()
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    if child.returncode != 0:
        sys.stderr.write(said)
        return None
    return time.monotonic() - begun, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def generated(o, millions_of_rows, lines, rows):
    """Makes the tables once as CSV and once with usage as Parquet; returns both folders."""
    text = os.path.join(o.folder, f"{millions_of_rows}m")
    columns = text + "-parquet"
    if not os.path.exists(os.path.join(columns, "case.toml")):
        subprocess.run([sys.executable, o.generator, text, "--lines", str(lines), "--rows", str(rows), "--parquet"], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(columns, ignore_errors=True)
        shutil.copytree(text, columns, copy_function=os.link, ignore=shutil.ignore_patterns("usage.*", "case.toml"))
        os.rename(os.path.join(text, "usage.parquet"), os.path.join(columns, "usage.parquet"))
        with open(os.path.join(text, "case.toml")) as case, open(os.path.join(columns, "case.toml"), "w") as other:
            other.write(case.read().replace("usage.csv", "usage.parquet"))
    return text, columns


def batch(o, tables, out, memory=None):
    return [o.binary, "-q", "batch", tables, "--out", out, "--memory", memory or o.memory, "--fresh"]


def found(out):
    """Returns the errors of findings.csv: line, code, amount."""
    with open(os.path.join(out, "findings.csv"), newline="") as table:
        rows = [row for row in csv.DictReader(table) if row["kind"] == "E"]
    return sorted((row["msisdn"], row["code"], Decimal(row["amount"])) for row in rows)


def against_truth(tables, out):
    with open(os.path.join(tables, "truth.json")) as file:
        truth = sorted((it["msisdn"], it["code"], Decimal(it["amount"])) for it in json.load(file))
    errors = found(out)
    missing, others = set(truth) - set(errors), set(errors) - set(truth)
    print(f"truth.json: {len(truth)} errors; found {len(errors)}; missing {len(missing)}; others {len(others)}")
    for title, some in (("missing", missing), ("others", others)):
        for row in sorted(some)[:5]:
            print(f"  {title}: {row[0]} {row[1]} {row[2]}")
    return not missing and not others and len(errors) == len(truth)


def promise(what, figure, bound, unit, at_least=False):
    """Prints a figure beside its bound and returns whether it holds."""
    if figure is None:
        print(f"| {what} | not measured | {bound} {unit} | |")
        return True
    holds = figure >= bound if at_least else figure <= bound
    print(f"| {what} | {figure:.2f} {unit} | {'≥' if at_least else '≤'} {bound} {unit} | {'holds' if holds else 'DOES NOT HOLD'} |")
    return holds


def main():
    a = argparse.ArgumentParser()
    a.add_argument("folder")
    a.add_argument("--generator", required=True)
    a.add_argument("--peers-script")
    a.add_argument("--binary", default="target/release/mingzhang")
    a.add_argument("--rows", type=int, default=10_000_000)
    a.add_argument("--lines", type=int, default=100_000)
    a.add_argument("--rounds", type=int, default=3)
    a.add_argument("--memory", default="512M")
    a.add_argument("--less-memory", default="140M")
    a.add_argument("--flat", default="")
    a.add_argument("--peers", default="duckdb,polars,pandas-pyarrow,pandas")
    o = a.parse_args()
    os.makedirs(o.folder, exist_ok=True)
    text, columns = generated(o, f"{o.rows / 1e6:g}", o.lines, o.rows)
    usage = os.path.join(text, "usage.csv")
    out, out_columns, out_less = (os.path.join(o.folder, name) for name in ("out", "out-parquet", "out-less"))
    programs = {"mingzhang, CSV": batch(o, text, out), "mingzhang, Parquet": batch(o, columns, out_columns)}
    for peer in o.peers.split(",") if o.peers_script else []:
        programs[peer] = [sys.executable, o.peers_script, peer, usage]
    runs = {name: [] for name in programs}
    for _ in range(o.rounds):
        for name, command in programs.items():
            runs[name].append(measured(command))

    print(f"{o.rows:,} usage rows of {o.lines:,} lines, {os.path.getsize(usage) / 1e6:.0f} MB CSV, median of {o.rounds}\n")
    print("| program | wall s | processor s | rows/s | peak MiB |\n|---|---|---|---|---|")
    wall, peak = {}, {}
    for name, of in runs.items():
        good = [run for run in of if run]
        if not good:
            print(f"| {name} | does not run here | | | |")
            continue
        wall[name], used = (statistics.median(run[part] for run in good) for part in (0, 1))
        peak[name] = max(run[2] for run in good)
        print(f"| {name} | {wall[name]:.2f} | {used:.2f} | {o.rows / wall[name] / 1e6:.2f} M | {peak[name]:.0f} |")

    own = wall["mingzhang, CSV"]
    of = lambda peer: own / wall[peer] if peer in wall else None
    print("\n| promised | here | bound | |\n|---|---|---|---|")
    holds = [
        promise("of DuckDB's plain group-by", of("duckdb"), 0.5, "×"),
        promise("of Python polars' plain group-by", of("polars"), 0.6, "×"),
        promise("of pandas' plain group-by", of("pandas"), 0.1, "×"),
        promise("peak memory, CSV", peak["mingzhang, CSV"], 512, "MiB"),
        promise("peak memory, Parquet", peak.get("mingzhang, Parquet"), 512, "MiB"),
        promise("Parquet faster than CSV", own / wall["mingzhang, Parquet"] if "mingzhang, Parquet" in wall else None, 1.5, "×", at_least=True),
        promise("rows a second", o.rows / own / 1e6, 8.2 / 1.5, "M", at_least=True),
    ]

    if o.flat:
        print("\n| rows | wall s | ns a row | peak MiB |\n|---|---|---|---|")
        each = []
        for millions in o.flat.split(","):
            rows = int(float(millions) * 1e6)
            tables, _ = generated(o, millions, rows // (o.rows // o.lines), rows)
            good = [run for run in (measured(batch(o, tables, os.path.join(o.folder, "out-flat"))) for _ in range(o.rounds)) if run]
            seconds = statistics.median(run[0] for run in good)
            each.append(seconds / rows)
            print(f"| {rows:,} | {seconds:.2f} | {seconds / rows * 1e9:.0f} | {max(run[2] for run in good):.0f} |")
        print(f"\nthe slowest row takes {max(each) / min(each):.2f} times the quickest")

    print()
    holds.append(against_truth(text, out))
    holds.append(against_truth(columns, out_columns))
    less = measured(batch(o, text, out_less, o.less_memory))
    differ = [name for name in TABLES if not filecmp.cmp(os.path.join(out, name), os.path.join(out_less, name), shallow=False)]
    print(f"--memory {o.less_memory}: {less[0]:.2f} s, peak {less[2]:.0f} MiB, " + ("the same bytes" if not differ else f"DIFFERENT {differ}"))
    sys.exit(0 if all(holds) and not differ else 1)


main()
