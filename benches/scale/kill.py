#!/usr/bin/env python3
"""Kills `mingzhang batch` at ten random moments, resumes it each time, and compares every output byte with one whole run.

    kill.py TABLES [--binary PATH] [--kills 10] [--seed 1]
"""
import argparse, filecmp, os, random, subprocess, sys, tempfile, time

OUTPUTS = ["findings.csv", "findings.parquet", "lines.csv", "lines.parquet", "portfolio.html", "portfolio.json", "set_aside.csv"]


def main():
    a = argparse.ArgumentParser()
    a.add_argument("tables")
    a.add_argument("--binary", default="target/release/mingzhang")
    a.add_argument("--kills", type=int, default=10)
    a.add_argument("--seed", type=int, default=1)
    o = a.parse_args()
    chance = random.Random(o.seed)
    with tempfile.TemporaryDirectory() as folder:
        whole, broken = os.path.join(folder, "whole"), os.path.join(folder, "broken")
        command = [o.binary, "-q", "batch", o.tables, "--out"]
        begun = time.monotonic()
        subprocess.run(command + [whole], check=True, stdout=subprocess.DEVNULL)
        length = time.monotonic() - begun
        kills = 0
        while kills < o.kills:
            child = subprocess.Popen(command + [broken], stdout=subprocess.DEVNULL)
            time.sleep(chance.uniform(0.05, 0.95) * length)
            if child.poll() is None:
                child.kill()
                child.wait()
                kills += 1
                left = os.path.join(broken, ".batch", "all")
                done = len([name for name in os.listdir(left) if name.endswith(".lines")]) if os.path.isdir(left) else 0
                print(f"kill {kills}: {done} shelves were filled")
            else:
                # It was done before the kill: begin anew.
                subprocess.run(["rm", "-r", broken], check=True)
        subprocess.run(command + [broken], check=True, stdout=subprocess.DEVNULL)
        differ = [name for name in OUTPUTS if not filecmp.cmp(os.path.join(whole, name), os.path.join(broken, name), shallow=False)]
        print("all outputs are the same bytes" if not differ else f"different: {differ}")
        sys.exit(1 if differ else 0)


main()
