#!/usr/bin/env python3
"""Makes vectors.json: content and link-set hashes by an implementation that shares nothing with the Go code.

Run it in its folder: python3 vectors.py > vectors.json. Each vector can be checked by hand, the canonical bytes being given:

    python3 -c 'import json; print(json.load(open("vectors.json"))["content"][0]["canonical"], end="")' | sha256sum
"""
import hashlib
import json
import sys

EMPTY = hashlib.sha256(b"").hexdigest()


def canonical(value):
    """RFC 8785 for objects, arrays and strings: members by UTF-16 code units, the shortest escapes."""
    if isinstance(value, dict):
        names = sorted(value, key=lambda name: name.encode("utf-16-be"))
        return "{" + ",".join(canonical(n) + ":" + canonical(value[n]) for n in names) + "}"
    if isinstance(value, list):
        return "[" + ",".join(canonical(v) for v in value) + "]"
    return json.dumps(value, ensure_ascii=False)


def normal(text):
    return "\n".join(line.rstrip(" \t\r") for line in text.split("\n")).strip("\n")


def value(v):
    return [normal(x) for x in v] if isinstance(v, list) else normal(v)


def content(name, kind="SRS", title="", text="", fields=None, files=None):
    item = {"kind": kind, "title": title, "text": text, "fields": fields or {}, "files": files or {}}
    covered = {
        "fields": {n: value(v) for n, v in item["fields"].items()},
        "files": item["files"],
        "goldthread": "content 1",
        "kind": kind,
        "text": normal(text),
        "title": title,
    }
    c = canonical(covered)
    return {"name": name, "item": item, "canonical": c, "hash": "h1:" + hashlib.sha256(c.encode()).hexdigest()}


def links(name, *pairs):
    ordered = sorted((list(p) for p in pairs), key=lambda p: (p[0].encode(), p[1].encode()))
    c = canonical({"goldthread": "links 1", "links": ordered})
    return {"name": name, "links": [list(p) for p in pairs], "canonical": c, "hash": "l1:" + hashlib.sha256(c.encode()).hexdigest()}


A = "0" * 25 + "4"
B = "0" * 25 + "8"
vectors = {
    "content": [
        content("a kind alone"),
        content("a title", title="Stop on occlusion"),
        content("a text of two paragraphs", title="Stop", text="The controller shall stop.\n\nAt once."),
        content("blanks at line ends, carriage returns and empty lines at both ends are not covered", title="Stop",
                text="\n\r\n \nThe controller shall stop. \t\r\n\t\r\nAt once.\n\n \n"),
        content("blanks at the beginning of a line and within it are covered", title="Stop", text="    code  is\n\tcode"),
        content("a single carriage return within a line is covered", text="a\rb"),
        content("a field of one value and a field of many", title="Stop", fields={"category": ["alarms", "functional"], "rationale": "The line\ncan burst."}),
        content("a field of many without a value, another with an empty one", fields={"category": [], "tags": [""]}),
        content("values are normalised as the text is", fields={"rationale": "The line \r\ncan burst.\n", "tags": ["a ", "\nb"]}),
        content("attached files", title="Stop", files={"img/b.png": EMPTY, "img/a.png": hashlib.sha256(b"a").hexdigest()}),
        content("quotes, backslashes, tab, and what HTML would escape", title='say "no" \\ <b> & \u2028', text="a\tb\u007f"),
        content("letters of many scripts, composed and decomposed", title="Verschlu\u00df \u00e9 e\u0301", text="\u8f38\u6db2\u30dd\u30f3\u30d7 \u05d0 \U0001f489"),
        content("names are in the order of UTF-16: a character beyond the basic plane stands before U+FF21",
                fields={"x/\uff21": "2", "x/\U0001f489": "1", "x/a": "0", "x/\ue000": "3"},
                files={"\uff21.png": EMPTY, "\U0001f489.png": EMPTY, "z.png": EMPTY}),
        content("another kind", kind="SYS", title="Stop on occlusion"),
    ],
    "links": [
        links("no links"),
        links("one link", ("refines", A)),
        links("sorted by verb, then target, whatever the order of the links", ("verifies", A), ("refines", B), ("refines", A)),
        links("a target that does not exist stands as it was written", ("refines", "SYS-3"), ("uses", "platform/SRS-12"), ("refines", A)),
        links("a verb that begins another, ordered by bytes", ("verifies implementation of", A), ("verifies", B), ("\uff21", A), ("\U0001f489", A)),
    ],
}
json.dump(vectors, sys.stdout, indent=1, ensure_ascii=True)
sys.stdout.write("\n")
