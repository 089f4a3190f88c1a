#!/usr/bin/env python3
"""Makes the vectors beside this file with ssh-keygen: python3 vectors.py

Each is one signature with what is to be thought of it. `want: good`, or the
reason for which it is refused. The seed is the private half of the Ed25519 key
(32 bytes in hexadecimal), so that a second program can make the same signature.
Keys are new at each run and serve no other purpose.
"""
import base64, pathlib, struct, subprocess, tempfile

here = pathlib.Path(__file__).parent
MESSAGE = ('goldthread signature v1\nexample.org/pump\n{"credential":{"kind":"ssh-ed25519","public":"…"},"entry":12,"items":[],'
           '"meaning":"approval","name":"Ann Weiß","op":"sign"}\n')

VECTORS = [
    # name, want, type of key, namespace, hash, what is changed
    ("good", "good", "ed25519", "goldthread", "sha512", None),
    ("empty", "good", "ed25519", "goldthread", "sha512", "empty"),
    ("long", "good", "ed25519", "goldthread", "sha512", "long"),
    ("namespace", 'it was made for the namespace "git", not for "goldthread"', "ed25519", "git", "sha512", None),
    ("hash", 'it was made over a hash of "sha256", not of sha512', "ed25519", "goldthread", "sha256", None),
    ("message", "it is not of these bytes", "ed25519", "goldthread", "sha512", "message"),
    ("other-key", "it was made by another key", "ed25519", "goldthread", "sha512", "key"),
    ("rsa", "it was made by another key", "rsa", "goldthread", "sha512", "key"),
    ("ecdsa", "it was made by another key", "ecdsa", "goldthread", "sha512", "key"),
    ("line-ends", "no SSH signature: it begins and ends with lines of its own", "ed25519", "goldthread", "sha512", "crlf"),
    ("one-line", "the signature is not spelled as ssh-keygen does", "ed25519", "goldthread", "sha512", "one line"),
]


def keygen(folder, name, kind):
    subprocess.run(["ssh-keygen", "-q", "-t", kind, "-N", "", "-C", "vector", "-f", folder / name], check=True)
    return (folder / f"{name}.pub").read_text()


def seed(path):
    """The private half of an unprotected Ed25519 key in the file of OpenSSH."""
    blob = base64.b64decode("".join(path.read_text().splitlines()[1:-1]))
    at = len(b"openssh-key-v1\0")

    def string():
        nonlocal at
        (n,) = struct.unpack(">I", blob[at : at + 4])
        out = blob[at + 4 : at + 4 + n]
        at += 4 + n
        return out

    string(), string(), string()
    at += 4  # number of keys
    string()
    blob, at = string(), 8  # private part, behind its two check words
    string(), string()
    return string()[:32].hex()


for name, want, kind, namespace, digest, change in VECTORS:
    with tempfile.TemporaryDirectory() as d:
        folder = pathlib.Path(d)
        public = keygen(folder, "key", kind)
        private = seed(folder / "key") if kind == "ed25519" else ""
        message = {"empty": "", "long": "All of it is signed.\n" * 200}.get(change, MESSAGE)
        (folder / "message").write_text(message)
        subprocess.run(["ssh-keygen", "-q", "-Y", "sign", "-n", namespace, "-O", f"hashalg={digest}", "-f", folder / "key", folder / "message"],
                       check=True, stderr=subprocess.DEVNULL)
        signature = (folder / "message.sig").read_text()
        if change == "message":
            message = message.replace("approval", "approvaL")
        if change == "key":
            public, private = keygen(folder, "other", "ed25519"), ""
        if change == "crlf":
            signature = signature.replace("\n", "\r\n")
        if change == "one line":
            lines = signature.splitlines()
            signature = "\n".join([lines[0], "".join(lines[1:-1]), lines[-1], ""])
        text = f"want: {want}\nmade with: ssh-keygen -Y sign -n {namespace} -O hashalg={digest}, {kind}\n"
        text += f"-- public --\n{public}-- seed --\n{private}\n-- message --\n{message}-- signature --\n{signature}"
        (here / f"{name}.txtar").write_bytes(text.encode())
