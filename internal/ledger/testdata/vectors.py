"""Makes vectors.json: examples of ledger format v1, from the description alone.

A second implementation, written without the Go one: the tree head is the recursive definition of RFC 6962, section 2.1.
Run: python3 vectors.py > vectors.json
"""
import hashlib
import json


def sha256(data):
    return hashlib.sha256(data).digest()


def tree_head(leaves):
    if not leaves:
        return sha256(b"")
    if len(leaves) == 1:
        return sha256(b"\x00" + leaves[0])
    k = 1
    while k * 2 < len(leaves):
        k *= 2
    return sha256(b"\x01" + tree_head(leaves[:k]) + tree_head(leaves[k:]))


def commitment(salt, operation):
    assert len(salt) == 32
    return sha256(b"goldthread op v1\n" + salt + operation)


def operations_root(operations):
    return tree_head([commitment(salt, op) for salt, op in operations])


def leaf_data(sequence, envelope, operations):
    root = operations_root(operations).hex()
    return f"goldthread entry v1\n{sequence}\n{len(operations)}\n{root}\n".encode() + envelope


def example(sequence):
    """Entry n of the long example: (n*7) % 10 operations of growing length, so that sizes 0 to 9 occur."""
    operations = []
    for number in range(1, (sequence * 7) % 10 + 1):
        salt = sha256(f"salt {sequence} {number}".encode())
        operations.append((salt, bytes((sequence + number + i) % 256 for i in range(number * 3 - 3))))
    return f'{{"seq":{sequence}}}'.encode(), operations


def vector(name, entries):
    leaves, rows = [], []
    for sequence, (envelope, operations) in enumerate(entries, start=1):
        data = leaf_data(sequence, envelope, operations)
        leaves.append(data)
        rows.append({
            "sequence": sequence,
            "envelope": envelope.hex(),
            "operations": [{"salt": s.hex(), "bytes": b.hex(), "commitment": commitment(s, b).hex()} for s, b in operations],
            "operationsRoot": operations_root(operations).hex(),
            "leafData": data.hex(),
            "leafHash": sha256(b"\x00" + data).hex(),
            "root": tree_head(leaves).hex(),
        })
    return {"name": name, "root": tree_head(leaves).hex(), "entries": rows}


vectors = [
    vector("a ledger without entries", []),
    vector("the worked example", [(b'{"seq":1}', [(b"\x01" * 32, b"put")])]),
    vector("an entry without operations", [(b'{"seq":1}', [])]),
    vector("an operation without bytes", [(b'{"seq":1}', [(b"\x02" * 32, b"")])]),
    vector("an envelope that looks like the parts before it", [(b"1\n1\n" + b"0" * 64 + b"\n", [])]),
    vector("an envelope of bytes that are no text", [(bytes(range(256)), [(b"\xff" * 32, bytes(range(255, -1, -1)))])]),
    vector("twenty entries", [example(n) for n in range(1, 21)]),
]
print(json.dumps({"format": "goldthread ledger v1", "vectors": vectors}, indent=1))
