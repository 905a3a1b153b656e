#!/usr/bin/env python3
"""`mingzhang batch` on an engine that exists: each task of PySpark judges one part, the driver adds the parts up.

    parts.py TABLES OUT --parts 8 [--binary PATH] [--master local[2]]

TABLES and OUT must be seen by every machine under the same path (a shared file system). Needs `pip install pyspark` and a Java
runtime; `--master none` runs the same parts one after the other without Spark.
"""
import argparse, os, subprocess


def judge(binary, tables, out, part):
    """Judges one part; what an earlier attempt finished is not done again, so Spark may retry a task."""
    folder = os.path.join(out, "parts", part.replace("/", "-of-"))
    subprocess.run([binary, "-q", "batch", tables, "--part", part, "--jobs", "1", "--out", folder], check=True, stdout=subprocess.DEVNULL)
    return folder


def main():
    a = argparse.ArgumentParser()
    a.add_argument("tables")
    a.add_argument("out")
    a.add_argument("--parts", type=int, default=8)
    a.add_argument("--binary", default="target/release/mingzhang")
    a.add_argument("--master", default="local[2]")
    o = a.parse_args()
    parts = [f"{k}/{o.parts}" for k in range(1, o.parts + 1)]
    if o.master == "none":
        folders = [judge(o.binary, o.tables, o.out, part) for part in parts]
    else:
        from pyspark.sql import SparkSession

        spark = SparkSession.builder.master(o.master).appName("mingzhang").getOrCreate()
        binary, tables, out = o.binary, o.tables, o.out
        folders = spark.sparkContext.parallelize(parts, len(parts)).map(lambda part: judge(binary, tables, out, part)).collect()
        spark.stop()
    subprocess.run([o.binary, "batch", "--merge", *folders, "--out", o.out], check=True)


main()
