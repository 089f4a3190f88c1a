"""A second verifier of exported goldthread ledgers, made from docs/ledger.md alone. Standard library only.

    python3 verify.py EXPORT [CHECKPOINT...]     exit status 0: nothing damaged, 4: damaged, 2: no export

It prints one line a damage, the first entry first, then a line of what was verified. It checks hashes, checkpoints and key
rotations, redactions, personal signatures (not what the items were when they were signed), times, anchors and files.
"""
import base64
import datetime
import hashlib
import json
import sys
import zipfile

# Ed25519 as in RFC 8032, section 6, with points in extended coordinates: slow, and short enough to be read.
P, Q = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P

def add(a, b):
    e = (a[1] - a[0]) * (b[1] - b[0]) % P
    f = (a[1] + a[0]) * (b[1] + b[0]) % P
    g, h = 2 * a[3] * b[3] * D % P, 2 * a[2] * b[2] % P
    e, f, g, h = f - e, h - g, h + g, f + e
    return e * f % P, g * h % P, f * g % P, e * h % P

def multiply(n, point):
    result = (0, 1, 1, 0)
    while n:
        if n & 1:
            result = add(result, point)
        point, n = add(point, point), n >> 1
    return result

def decode_point(data):
    y = int.from_bytes(data, "little")
    sign, y = y >> 255, y & (2**255 - 1)
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    if (x * x - xx) % P:
        x = x * pow(2, (P - 1) // 4, P) % P
    if y >= P or (x * x - xx) % P or (x == 0 and sign):
        return None
    x = P - x if x & 1 != sign else x
    return x, y, 1, x * y % P

BASE = decode_point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))

def ed25519(public, message, signature):
    key, r = decode_point(public), decode_point(signature[:32])
    s = int.from_bytes(signature[32:], "little")
    if len(signature) != 64 or not key or not r or s >= Q:
        return False
    h = int.from_bytes(hashlib.sha512(signature[:32] + public + message).digest(), "little") % Q
    a, b = multiply(s, BASE), add(r, multiply(h, key))
    return (a[0] * b[2] - b[0] * a[2]) % P == 0 and (a[1] * b[2] - b[1] * a[2]) % P == 0

def sha256(data):
    return hashlib.sha256(data).digest()

class Tree:
    """A tree of RFC 6962 of which the roots of the complete subtrees are kept, the largest first."""
    def __init__(self, leaves=()):
        self.size, self.peaks = 0, []
        for leaf in leaves:
            self.push(leaf)

    def push(self, leaf):
        n = self.size
        while n & 1:
            leaf, n = sha256(b"\x01" + self.peaks.pop() + leaf), n >> 1
        self.peaks.append(leaf)
        self.size += 1

    def root(self):
        root = self.peaks[-1] if self.peaks else sha256(b"")
        for peak in reversed(self.peaks[:-1]):
            root = sha256(b"\x01" + peak + root)
        return root

def canonical(value):
    """RFC 8785 as far as records need it: whole numbers, names in the order of their UTF-16 code units."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(name) + ":" + canonical(value[name]) for name in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(one) for one in value) + "]"
    if isinstance(value, float):
        raise ValueError("a number is not whole")
    return json.dumps(value, ensure_ascii=False)

def parse(text):
    value = json.loads(text)
    if canonical(value) != text:
        raise ValueError("not in canonical form")
    return value

def unbase64(text):
    data = base64.b64decode(text, validate=True)
    if base64.b64encode(data).decode() != text:
        raise ValueError("not in its one spelling")
    return data

def fields(*parts):
    return b"".join(len(p).to_bytes(4, "big") + p for p in parts)

def ssh_signature(public, text, message):
    """Verifies an SSHSIG (PROTOCOL.sshsig of OpenSSH) by a credential "ssh-ed25519 BASE64"."""
    wire = base64.b64decode(public.removeprefix("ssh-ed25519 "))
    blob, key = base64.b64decode("".join(text.strip("\n").split("\n")[1:-1])), wire[-32:]
    start = b"SSHSIG" + (1).to_bytes(4, "big") + fields(fields(b"ssh-ed25519", key), b"goldthread", b"", b"sha512")
    made = blob[-64:]
    if wire != fields(b"ssh-ed25519", key) or blob != start + fields(fields(b"ssh-ed25519", made)):
        return False
    return ed25519(key, b"SSHSIG" + fields(b"goldthread", b"", b"sha512", hashlib.sha512(message).digest()), made)

def parse_head(note):
    origin, size, root = note.split("\n\n", 1)[0].split("\n")
    if str(int(size)) != size or int(size) < 1 or len(unbase64(root)) != 32:
        raise ValueError("no head")
    return origin, int(size), unbase64(root)

def signed_by(note, keys):
    """Whether a note is signed by verifier keys NAME+HASH+BASE64, each once, in any order, and by no others."""
    text, signatures = note.split("\n\n", 1)
    lines = signatures.split("\n")
    if lines.pop() or len(lines) != len(keys):
        return False
    try:
        for key in keys:
            name, _, data = key.split("+", 2)
            made = [unbase64(line.removeprefix(start)) for line in lines for start in [f"\u2014 {name} "] if line.startswith(start)]
            raw, made = unbase64(data), b"".join(made)
            known = sha256(name.encode() + b"\n" + raw)[:4]
            if made[:4] != known or raw[0] != 1 or not ed25519(raw[1:], (text + "\n").encode(), made[4:]):
                return False
        return bool(keys)
    except ValueError:
        return False

def due(rotations, before, size):
    keys = []
    for entry, key in rotations:
        if entry <= size:
            keys = ([] if entry <= before else keys) + [key]
    return keys

def microseconds(text):
    t = datetime.datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%fZ")
    if t.strftime("%Y-%m-%dT%H:%M:%S.%fZ") != text:
        raise ValueError("no time")
    return (t - datetime.datetime(1970, 1, 1)) // datetime.timedelta(microseconds=1)

class Verifier:
    def __init__(self):
        self.damages, self.tree, self.roots, self.origin = [], Tree(), [], ""
        self.times, self.rotations, self.anchors, self.people = [], [], [], {}
        self.redacted, self.redacts, self.named, self.taken_out, self.signatures = {}, {}, {}, {}, 0

    def damage(self, entry, operation, what):
        self.damages.append((entry, operation, what))

    def entry(self, line):
        n = line["sequence"]
        commitments = []
        for number, op in enumerate(line["operations"], 1):
            commitment = bytes.fromhex(op["commitment"])
            if "redacted_by" not in op:
                commitment = sha256(b"goldthread op v1\n" + bytes.fromhex(op["salt"]) + op["bytes"].encode())
                if bytes.fromhex(op["salt"]).hex() != op["salt"] or commitment.hex() != op["commitment"]:
                    self.damage(n, number, "does not match its commitment")
            commitments.append(commitment)
        operations = Tree(sha256(b"\x00" + commitment) for commitment in commitments)
        data = f"goldthread entry v1\n{n}\n{len(commitments)}\n{operations.root().hex()}\n{line['envelope']}".encode()
        leaf = sha256(b"\x00" + data)
        if leaf.hex() != line["leaf"]:
            self.damage(n, 0, "does not give its leaf")
        self.tree.push(leaf)
        self.roots.append(self.tree.root())
        self.origin = self.origin or "goldthread/" + leaf.hex()[:32]
        self.envelope(n, line)
        for number, op in enumerate(line["operations"], 1):
            if "redacted_by" in op:
                self.redacted[n, number] = op["redacted_by"]
            else:
                try:
                    self.operation(n, number, parse(op["bytes"]))
                except (ValueError, KeyError, TypeError, IndexError) as e:
                    self.damage(n, number, f"cannot be read: {e}")

    def envelope(self, n, line):
        last = self.times[-1] if self.times else -2**62
        try:
            e = parse(line["envelope"])
            if (e["sequence"], e["operations"], e["idempotency"]) != (n, len(line["operations"]), line["key"]):
                self.damage(n, 0, "has the envelope of another entry")
            t = microseconds(e["time"])
        except (ValueError, KeyError, TypeError) as e:
            self.damage(n, 0, f"has an envelope that cannot be read: {e}")
            t = last
        if t < last:
            self.damage(n, 0, "is dated before the entry before it")
        self.times.append(max(t, last))

    def operation(self, n, number, op):
        kind = op["op"]
        files = list(op["files"].values()) if kind == "put" else [op["report"]["hash"]] if kind == "attach evidence" else []
        for h in files:
            if h not in ("", "-", "0" * 64):
                self.named.setdefault(h, (n, number))
        if kind == "membership":
            self.people[op["person"]] = op["credentials"]
        elif kind == "redact":
            self.redacts[op["entry"], op["number"]] = n
            self.taken_out.update((h, n) for h in op["blobs"])
        elif kind == "rotate key":
            previous = self.rotations[-1][1] if self.rotations else ""
            if op["previous"] != previous or (n == 1) != (previous == ""):
                self.damage(n, number, "names a key that does not follow the one before")
            self.rotations.append((n, op["key"]))
        elif kind == "anchor":
            size = op["size"]
            if not 1 <= size < n or self.roots[size - 1].hex() != op["root"]:
                self.damage(n, number, "anchors a head that this ledger has not had")
            elif op["time"]:
                self.anchors.append((size, microseconds(op["time"])))
        elif kind == "sign":
            self.signatures += 1
            message = f"goldthread signature v1\n{self.origin}\n{canonical({**op, 'signature': ''})}".encode()
            if op["credential"] not in self.people.get(op["person"], []):
                self.damage(n, number, "is signed by a key that was not enrolled before")
            elif op["credential"]["kind"] == "ssh-ed25519" and not ssh_signature(op["credential"]["public"], op["signature"], message):
                self.damage(n, number, "has a signature that does not verify")

    def end(self, archive, names, kept):
        size, before = len(self.roots), 0
        parts = archive.read("checkpoints").decode().split("\n\n") if archive.read("checkpoints") else []
        notes = [a + "\n\n" + b + ("" if b.endswith("\n") else "\n") for a, b in zip(parts[::2], parts[1::2])]
        if len(parts) % 2 or "\n".join(notes).encode() != archive.read("checkpoints"):
            self.damage(0, 0, "checkpoints cannot be read")
        for note in notes:
            try:
                origin, n, root = parse_head(note)
            except ValueError as e:
                self.damage(before, 0, f"the checkpoint after {before} cannot be read: {e}")
                break
            if not before < n <= size or origin != self.origin or root != self.roots[n - 1]:
                self.damage(before + 1, 0, f"the checkpoint of {n} entries does not say the root that they give")
            elif not signed_by(note, due(self.rotations, before, n)):
                self.damage(before + 1, 0, f"the checkpoint of {n} entries is not signed by the key of the ledger")
            before = n
        if archive.read("keys").decode() != "".join(key + "\n" for _, key in self.rotations):
            self.damage(0, 0, "the list of keys is not that of the entries")
        for (n, number), by in self.redacted.items():
            if self.redacts.get((n, number)) != by or by <= n or n in self.redacts.values():
                self.damage(n, number, f"was taken out, and entry {by} does not say so or cannot")
        for covered, proven in self.anchors:
            for n in range(covered + 1, size + 1):
                if self.times[n - 1] + 300_000_000 < proven:
                    self.damage(n, 0, "is dated before an anchor that does not cover it")
        blobs = {name.removeprefix("blobs/") for name in names[3:]}
        for h in sorted(blobs):
            if sha256(archive.read("blobs/" + h)).hex() != h:
                self.damage(*self.named.get(h, (0, 0)), f"names file {h}, which was changed")
        for h, (n, number) in self.named.items():
            if h not in blobs and h not in self.taken_out:
                self.damage(n, number, f"names file {h}, which is missing")
        for note in kept:
            origin, n, root = parse_head(note)
            if origin != self.origin or n > size or root != self.roots[n - 1]:
                self.damage(0, 0, f"the checkpoint of {n} entries that was kept elsewhere is of another history")
        return len(notes)

def main(path, *kept):
    try:
        archive = zipfile.ZipFile(path)
        names = archive.namelist()
        if names[:3] != ["ledger.jsonl", "checkpoints", "keys"] or any(i.compress_type for i in archive.infolist()):
            raise ValueError("other parts than an export has")
    except (OSError, ValueError, zipfile.BadZipFile) as e:
        print(f"no export: {e}")
        return 2
    v = Verifier()
    checkpoints = 0
    try:
        lines = archive.read("ledger.jsonl").decode().split("\n")
        if lines.pop():
            raise ValueError("the last line is cut short")
        for line in map(parse, lines):
            if line["sequence"] != len(v.roots) + 1:
                raise ValueError(f"entry {line['sequence']} follows {len(v.roots)}")
            v.entry(line)
        checkpoints = v.end(archive, names, [open(name, encoding="utf-8", newline="").read() for name in kept])
    except (ValueError, KeyError, TypeError, zipfile.BadZipFile) as e:
        v.damage(len(v.roots) + 1, 0, f"cannot be read: {e}")
    for entry, operation, what in sorted(v.damages):
        print(f"entry {entry}, operation {operation} {what}")
    print(f"{v.origin} {len(v.roots)} {v.tree.root().hex()} checkpoints {checkpoints} signatures {v.signatures}")
    return 4 if v.damages else 0

sys.exit(main(*sys.argv[1:]))
