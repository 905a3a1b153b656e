"""Shows what the evidence bundle promises, with other people's tools. See README.md."""

import argparse
import hashlib
import io
import json
import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
import time
import unicodedata
import warnings
import zipfile
import zlib
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "sample_bills"
TOKENS = ROOT / "tests" / "bundle" / "tokens"
AS_OF = "2025-12-02"
results = []


def tell(sentence, good, result):
    results.append((sentence, good, result))
    print(f"{'ok ' if good else 'NOT'} {sentence}\n      {result}", flush=True)


def run(*args, **more):
    return subprocess.run([str(arg) for arg in args], capture_output=True, text=True, **more)


class Show:
    def __init__(self, binary, folder):
        self.binary, self.folder = binary, folder

    def pack(self, case, name, *more, **env):
        path = self.folder / name
        done = run(self.binary, "pack", "-q", SAMPLES / case, "-o", path, "--as-of", AS_OF, *more,
                   env={**os.environ, **env} if env else None)
        assert done.returncode == 0, done.stderr
        return path

    def verify(self, path, *more, lang="zh", cwd=None):
        done = run(self.binary, "--lang", lang, "verify", path, "--json", *more, cwd=cwd)
        return json.loads(done.stdout) if done.stdout.startswith("{") else {"problems": [], "verified": False}


def members_of(path):
    with zipfile.ZipFile(path) as archive:
        return {info.filename: archive.read(info) for info in archive.infolist()}


def zipped(members):
    target = io.BytesIO()
    with warnings.catch_warnings(), zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        warnings.simplefilter("ignore")  # A name twice is what one of the bad bags is about.
        for name, content in members:
            archive.writestr(name, content)
    return target.getvalue()


def unpacked(path, folder):
    with zipfile.ZipFile(path) as archive:
        archive.extractall(folder)
    return next(folder.iterdir())


def manifest(members, root, payload):
    names = sorted(name for name in members if name.startswith(f"{root}/data/") == payload
                   and not name.endswith("/tagmanifest-sha256.txt"))
    lines = (f"{hashlib.sha256(members[name]).hexdigest()}  {name[len(root) + 1:]}\n" for name in names)
    return "".join(lines).encode()


def rehashed(members, root):
    members[f"{root}/manifest-sha256.txt"] = manifest(members, root, True)
    members[f"{root}/tagmanifest-sha256.txt"] = manifest(members, root, False)
    return members


def other_tools(show, name, path):
    with tempfile.TemporaryDirectory(dir=show.folder) as folder:
        root = unpacked(path, Path(folder))
        try:
            import bagit
            bagit.Bag(str(root)).validate()
            tell(f"{name}: passes the Python `bagit` package", True, f"bagit {bagit.VERSION}: valid")
        except ImportError:
            tell(f"{name}: passes the Python `bagit` package", False, "bagit is not installed")
        good, lines = True, 0
        for which in ("manifest-sha256.txt", "tagmanifest-sha256.txt"):
            done = run("sha256sum", "-c", which, cwd=root, env={**os.environ, "LC_ALL": "C"})
            good, lines = good and done.returncode == 0, lines + len(done.stdout.splitlines())
        tell(f"{name}: passes `sha256sum -c`", good, f"{lines} lines, all OK" if good else done.stderr.strip())
        block = (root / "data/README.md").read_text().split("```sh\n")[1].split("```")[0]
        done = run("sh", "-c", block, cwd=root)
        said = done.stdout.splitlines()
        good = bool(said) and all(line.endswith(": OK") for line in said) and "Record-Set-SHA256: OK" in said
        tell(f"{name}: the recipe of its README, pasted into a shell", good,
             f"{len(said)} lines, all OK" if good else "\n".join(line for line in said if not line.endswith(": OK")))


def bad_bags(show, good_zip):
    members = members_of(good_zip)
    root = next(iter(members)).split("/")[0]
    bill = next(name for name in members if "/data/originals/bills/" in name)
    tag, tags = f"{root}/manifest-sha256.txt", f"{root}/bagit.txt"
    listed = members[tag].decode()

    def with_(name, content):
        return list({**members, name: content}.items())

    kinds = {
        "wrong hash": with_(tag, listed.replace(listed[:8], "00000000", 1).encode()),
        "missing file": [(name, content) for name, content in members.items() if name != bill],
        "extra file": with_(f"{root}/data/extra.txt", b"x"),
        "extra tag file": with_(f"{root}/extra.txt", b"x"),
        "path traversal in the ZIP": with_(f"{root}/../../escaped.txt", b"x"),
        "path traversal in the manifest": with_(tag, (listed + "0" * 64 + "  data/../../escaped.txt\n").encode()),
        "absolute path in the ZIP": with_("/tmp/escaped-by-bundle.txt", b"x"),
        "duplicate name in the ZIP": list(members.items()) + [(bill, b"other")],
        "name that differs in case only": with_(bill.upper().replace(root.upper(), root), b"x"),
        "name that differs in composition only": with_(f"{root}/data/" + unicodedata.normalize("NFD", "é"), b"x")
        + [(f"{root}/data/" + unicodedata.normalize("NFC", "é"), b"x")],
        "duplicate line in the manifest": with_(tag, (listed + listed.splitlines()[0] + "\n").encode()),
        "byte order mark": with_(tag, b"\xef\xbb\xbf" + members[tag]),
        "CR LF line ends": with_(tag, members[tag].replace(b"\n", b"\r\n")),
        "CR line ends": with_(tag, members[tag].replace(b"\n", b"\r")),
        "UTF-16": with_(tags, members[tags].decode().encode("utf-16")),
        "no bagit.txt": [(name, content) for name, content in members.items() if name != tags],
        "other version": with_(tags, members[tags].replace(b"1.0", b"0.97")),
        "fetch.txt": with_(f"{root}/fetch.txt", b"http://example.org/ 1 data/x\n"),
        "two bags": with_("second/bagit.txt", members[tags]),
    }
    refused = 0
    for kind, content in kinds.items():
        with tempfile.TemporaryDirectory(dir=show.folder) as folder:
            inner = Path(folder) / "a" / "b"
            inner.mkdir(parents=True)
            (inner / "bad.zip").write_bytes(zipped(content))
            told = show.verify("bad.zip", cwd=inner)
            left = sorted(str(it.relative_to(folder)) for it in Path(folder).rglob("*") if it.is_file())
            good = not told["verified"] and told["problems"] and left == ["a/b/bad.zip"]
            refused += bool(good)
            reasons = [f"{it['member'] or ''} {it['message']}".strip() for it in told["problems"]]
            tell(f"bad bag: {kind}", bool(good), "; ".join(reasons[:2]) or "no reason")
    escaped = [path for path in ("/tmp/escaped-by-bundle.txt", "/tmp/escaped.txt") if os.path.exists(path)]
    tell("no file written outside the target", not escaped, f"{refused} of {len(kinds)} refused, nothing written")


def byte_flips(show, good_zip):
    members = members_of(good_zip)
    root = next(iter(members)).split("/")[0]
    named = 0
    for name, content in members.items():
        changed = bytearray(content)
        changed[len(changed) // 2] ^= 4
        path = show.folder / "flipped.zip"
        path.write_bytes(zipped({**members, name: bytes(changed)}.items()))
        told = show.verify(path)
        short = name[len(root) + 1:]
        in_run = (told.get("rerun") or {}).get("differing", [])
        named += not told["verified"] and (any(it["member"] == short for it in told["problems"]) or short in in_run)
    tell("one byte changed in any member is named", named == len(members), f"{named} of {len(members)} members")


def edited_report(show, good_zip):
    members = members_of(good_zip)
    root = next(iter(members)).split("/")[0]
    name = f"{root}/data/report/report.json"
    report = json.loads(members[name])
    finding = next(it for it in report["findings"] if it["claim"] == "15.00")
    finding["claim"] = "95.00"
    members[name] = (json.dumps(report, ensure_ascii=False, indent=2) + "\n").encode()
    info = members[f"{root}/bag-info.txt"].decode()
    info = re.sub(r"Report-SHA256: \w+", "Report-SHA256: " + hashlib.sha256(members[name]).hexdigest(), info)
    members[f"{root}/bag-info.txt"] = info.encode()
    path = show.folder / "edited.zip"
    path.write_bytes(zipped(rehashed(members, root).items()))
    told = show.verify(path)
    shown = told["rerun"]["report"]["shown"]
    good = not told["verified"] and not told["problems"] and any(it["stated"] == "95.00" for it in shown)
    tell("an edited report with recomputed hashes is exposed by the re-run", good,
         "; ".join(f"{it['path']}: {it['stated']} in the bundle, {it['computed']} computed" for it in shown))


def settings(show):
    digests = set()
    places = [("Asia/Shanghai", "zh_CN.UTF-8", 0o022), ("America/New_York", "C", 0o077), ("Pacific/Apia", "de_DE.UTF-8", 0)]
    for index, (zone, locale, mask) in enumerate(places):
        before = os.umask(mask)
        path = show.pack("pack-not-renewed", f"place-{index}.zip", TZ=zone, LC_ALL=locale, LANG=locale)
        os.umask(before)
        digests.add(hashlib.sha256(path.read_bytes()).hexdigest())
    tell("same input, same ZIP bytes under other time zones, locales and umasks", len(digests) == 1,
         f"{len(places)} settings, SHA-256 {', '.join(sorted(digests))[:64]}")


def inflated(name, content):
    yield name, name.encode() + content
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            for info in archive.infolist():
                yield f"{name}!/{info.filename}", archive.read(info)
    if content.startswith(b"%PDF"):
        for match in re.finditer(rb"stream\r?\n", content):
            try:
                yield f"{name}#{match.start()}", zlib.decompressobj().decompress(content[match.end():])
            except zlib.error:
                pass


def private_words(members):
    words = set()
    for name, content in members.items():
        if "/data/originals/" not in name or "/plans/" in name:
            continue
        for _, part in inflated(name, content):
            text = part.decode("utf-8", "ignore") + part.decode("gb18030", "ignore")
            words |= set(re.findall(r"(?<!\d)1[3-9]\d{9}(?!\d)", text))
            words |= set(re.findall(r"(?<!\d)0\d{10,11}(?!\d)", text))
            words |= set(re.findall(r"(?<!\d)\d{16,}(?!\d)", text)) | set(re.findall(r"1\d{2}\*{4}\d{4}", text))
            words |= set(re.findall(r'^name = "(.+)"', text, re.M)) | set(re.findall(r"[\w*]+@[\w.]+", text))
    return words


def masked(show, case):
    whole, copy = show.pack(case, "whole.zip"), show.pack(case, "masked.zip", "--mask")
    members, originals = members_of(copy), private_words(members_of(whole))
    found, looked_at = set(), 0
    for name, content in members.items():
        for part, data in inflated(name, content):
            looked_at += 1
            for word in originals:
                if any(word.encode(encoding) in data for encoding in ("utf-8", "utf-16-le", "utf-16-be", "gb18030")):
                    found.add(f"{word} in {part}")
    tell(f"{case} masked: no original number, name or id anywhere", bool(originals) and not found,
         f"{len(originals)} words, {looked_at} files and streams, {len(found)} found {sorted(found)[:3] or ''}")

    def report(path):
        content = next(data for name, data in members_of(path).items() if name.endswith("/data/report/report.json"))
        told = json.loads(content)
        findings = sorted((it["code"], it["verdict"], it["amount"], it["claim"]) for it in told["findings"])
        return told["totals"], findings

    (totals, findings), same = report(whole), report(whole) == report(copy)
    tell(f"{case} masked: sums and findings unchanged", same,
         f"billed {totals['billed']}, claim {totals['claim_proven']}, {len(findings)} findings in both")
    told = show.verify(copy)
    tell(f"{case} masked: verifies", told["verified"] and told["masked"], f"{told['bundle']['files']} files")


def side_files(show, path):
    if shutil.which("ssh-keygen"):
        key = show.folder / "key"
        run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key)
        run("ssh-keygen", "-q", "-Y", "sign", "-f", key, "-n", "mingzhang", path)
        told = show.verify(path, "--signature", f"{path}.sig", "--key", f"{key}.pub")
        tell("SSH signature verified offline", told["verified"] and told["signature"]["valid"], told["signature"]["key"])
    if shutil.which("minisign"):
        run("minisign", "-G", "-W", "-p", show.folder / "mini.pub", "-s", show.folder / "mini.key")
        run("minisign", "-S", "-s", show.folder / "mini.key", "-m", path)
        told = show.verify(path, "--signature", f"{path}.minisig", "--key", show.folder / "mini.pub")
        tell("minisign signature verified offline", told["verified"], told["signature"]["key"])
    else:
        print("    minisign is not installed: not shown")
    if not shutil.which("openssl"):
        print("    openssl is not installed: time stamps are not shown")
        return
    work = show.folder / "tsa"
    work.mkdir()
    if run("sh", TOKENS / "make.sh", work).returncode:
        tell("time stamps made with openssl", False, "make.sh failed")
        return
    kit = work / "work"
    for signer, digest in (("rsa", "sha256"), ("p256", "sha256"), ("p384", "sha384")):
        run("openssl", "ts", "-query", "-data", path, f"-{digest}", "-cert", "-out", "own.tsq", cwd=kit)
        run("openssl", "ts", "-reply", "-config", "openssl.cnf", "-queryfile", "own.tsq", "-signer", f"{signer}.pem",
            "-inkey", f"{signer}.key", "-chain", "chain.pem", "-out", "own.tsr", cwd=kit)
        told = show.verify(path, "--timestamp", kit / "own.tsr", "--tsa-ca", work / "root.pem")
        stamp = told["timestamp"]
        tell(f"time stamp ({signer}, {digest}) verified offline up to the root", told["verified"],
             f"{stamp['time']}, {stamp['issuer']}, by {(stamp['trusted'] or {}).get('subject')}")
    bundle, agree, rows = work / "bundle", 0, []
    bundle.write_bytes(b"a bundle")
    files = sorted(work.glob("*.tsr")) + sorted(work.glob("*.tst"))
    for file in files:
        form = ["-token_in"] if file.suffix == ".tst" else []
        theirs = "Verification: OK" in run("openssl", "ts", "-verify", "-data", bundle, "-in", file, *form, "-CAfile",
                                           work / "root.pem", "-untrusted", work / "middle.pem").stdout
        both = work / "both.pem"
        both.write_bytes((work / "middle.pem").read_bytes() + (work / "root.pem").read_bytes())
        fault = show.verify(bundle, "--timestamp", file, "--tsa-ca", both)["timestamp"]["fault"]
        agree += theirs == (fault is None)
        rows.append(f"{file.name} {fault or 'holds'}")
    tell("the same verdict on every token as `openssl ts -verify`", agree == len(files),
         f"{agree} of {len(files)}: {'; '.join(rows)}")


def peak(*args):
    """Seconds and megabytes of one run."""
    started = time.time()
    child = subprocess.Popen([str(arg) for arg in args], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    said = child.stdout.read()
    _, status, used = os.wait4(child.pid, 0)
    return status == 0, said, time.time() - started, used.ru_maxrss / 1024


def large(show, count, megabytes=370):
    case = show.folder / "large"
    shutil.copytree(SAMPLES / "mms-15-yuan", case)
    (case / "attachments").mkdir(exist_ok=True)
    for number in range(count):
        with open(case / "attachments" / f"录音{number + 1:02}.m4a", "wb") as file:
            for _ in range(megabytes):
                file.write(os.urandom(1 << 20))
    path = show.folder / "large.zip"
    good, said, seconds, memory = peak(show.binary, "pack", case, "-o", path, "--as-of", AS_OF)
    gigabytes = path.stat().st_size / (1 << 30) if path.exists() else 0
    tell(f"{count} attachments of {megabytes} MiB are packed", good,
         f"{gigabytes:.2f} GiB in {seconds:.0f} s, {memory:.0f} MB of memory")
    with zipfile.ZipFile(path) as archive:
        tell("Python's zipfile reads the archive", len(archive.infolist()) > count, f"{len(archive.infolist())} files")
    good, said, seconds, memory = peak(show.binary, "verify", path)
    tell("it verifies", good, f"{seconds:.0f} s, {memory:.0f} MB of memory; {said.strip().splitlines()[0]}")
    with open(path, "r+b") as file:
        file.seek(path.stat().st_size // 2)
        byte = file.read(1)
        file.seek(-1, 1)
        file.write(bytes([byte[0] ^ 1]))
    good, said, seconds, memory = peak(show.binary, "verify", path)
    bad = [line.strip() for line in said.splitlines() if "✗" in line]
    tell("one byte changed in its middle is named", not good and "录音" in said, bad[0] if bad else said[:200])


def main():
    target = Path(os.environ.get("CARGO_TARGET_DIR", ROOT / "target"))
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--binary", type=Path, default=target / "release" / "mingzhang")
    options.add_argument("--large", type=int, metavar="COUNT", help="also so many attachments of 370 MiB")
    options.add_argument("--only-large", action="store_true")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        show = Show(chosen.binary.resolve(), Path(folder))
        if not chosen.only_large:
            path = show.pack("mms-15-yuan", "bundle.zip")
            for case in ("mms-15-yuan", "pack-not-renewed", "clean"):
                other_tools(show, case, show.pack(case, f"{case}.zip"))
            other_tools(show, "mms-15-yuan masked", show.pack("mms-15-yuan", "m.zip", "--mask"))
            told = show.verify(path)
            tell("a good bundle verifies", told["verified"], f"{told['rerun']['files']} files made again, all equal")
            bad_bags(show, path)
            byte_flips(show, path)
            edited_report(show, path)
            settings(show)
            for case in ("mms-15-yuan", "pack-not-renewed"):
                masked(show, case)
            side_files(show, path)
        if chosen.large:
            large(show, chosen.large)
    bad = sum(not good for _, good, _ in results)
    print(f"\n{len(results) - bad} of {len(results)} hold")
    sys.exit(bad > 0)


if __name__ == "__main__":
    main()
