#!/usr/bin/env python3
"""Checks a bundle of Baton with nothing but Python's standard library: no Baton, no database, no network.

    python3 verify_bundle.py BUNDLE [PUBLIC_KEY]

Without PUBLIC_KEY the bundle's own key is used: then it proves only that whoever holds that key signed it.
Exit codes: 0 it is what was signed, 9 it is not, 2 wrong use. The formats are described in docs/audit.md.
"""
import base64, gzip, hashlib, json, re, struct, sys

P, L = 2**255 - 19, 2**252 + 27742317777372353535851937790883648493
D = -121665 * pow(121666, P - 2, P) % P


def need(condition, problem):
    if not condition:
        raise ValueError(problem)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# Ed25519, RFC 8032, section 6: points of the curve in extended coordinates.
def add(p, q):
    a, b = (p[1] - p[0]) * (q[1] - q[0]) % P, (p[1] + p[0]) * (q[1] + q[0]) % P
    c, d = 2 * p[3] * q[3] * D % P, 2 * p[2] * q[2] % P
    e, f, g, h = b - a, d - c, d + c, b + a
    return e * f % P, g * h % P, f * g % P, e * h % P


def times(n, p):
    q = (0, 1, 1, 0)
    while n:
        q, p, n = (add(q, p) if n & 1 else q), add(p, p), n >> 1
    return q


def point(text):
    y = int.from_bytes(text, "little")
    sign, y = y >> 255, y & (1 << 255) - 1
    xx = (y * y - 1) * pow(D * y * y + 1, P - 2, P) % P
    x = pow(xx, (P + 3) // 8, P)
    x = x if x * x % P == xx else x * pow(2, (P - 1) // 4, P) % P
    need(y < P and x * x % P == xx and not (x == 0 and sign), "a key or signature is no point of the curve")
    x = x if x & 1 == sign else P - x
    return x, y, 1, x * y % P


BASE = point((4 * pow(5, P - 2, P) % P).to_bytes(32, "little"))


def is_signed(key, text, signature):
    s = int.from_bytes(signature[32:], "little")
    h = int.from_bytes(hashlib.sha512(signature[:32] + key + text).digest(), "little") % L
    a, b = times(s, BASE), add(point(signature[:32]), times(h, point(key)))
    return len(signature) == 64 and s < L and (a[0] * b[2] - b[0] * a[2]) % P == 0 == (a[1] * b[2] - b[1] * a[2]) % P


def opened(note, keys):
    """The text of a note and those of the keys that signed it; keys are lines such as name+0a1b2c3d+base64."""
    text, _, signatures = note.rpartition("\n\n")
    text, signers = text + "\n", []
    for key in keys:
        name, key_id, encoded = key.split("+", 2)
        public = base64.b64decode(encoded)
        need(sha(name.encode(), b"\n", public).hex()[:8] == key_id and public[0] == 1, "a key is no Ed25519 key")
        for line in signatures.splitlines():
            _, of, bytes_ = line.split(" ")
            bytes_ = base64.b64decode(bytes_)
            if of == name and bytes_[:4].hex() == key_id:
                need(is_signed(public[1:], text.encode(), bytes_[4:]), f"the signature of {key_id} does not fit")
                signers.append(key)
    return text, signers


def chain(trusted, rotations):
    """All keys of the log, by statements that both the old and the new key signed."""
    keys, grows = [trusted], True
    while grows:
        grows = False
        for note in rotations:
            first, old, new = note.split("\n")[:3]
            if first == "baton key rotation v1" and (old in keys) != (new in keys):
                need(len(opened(note, [old, new])[1]) == 2, "a key follows another without both signatures")
                keys, grows = keys + [new if old in keys else old], True
    return keys


def checkpoint(note, keys, origin):
    text, signers = opened(note, keys)
    need(signers, "the checkpoint is not signed by a key that is trusted")
    lines = text.split("\n")
    need(lines[0] == origin and all(key.split("+")[0] == origin for key in signers), "the checkpoint is of another log")
    return int(lines[1]), base64.b64decode(lines[2])


def leaf(event):
    fields = [event[name] for name in ("runId", "version", "type", "schemaVersion", "eventId", "causationId",
                                       "correlationId", "recordedAt", "actorText", "dataText")]
    texts = [None if field is None else str(field).encode("utf-8", "replace") for field in fields]
    framed = [struct.pack(">I", 0xFFFFFFFF) if t is None else struct.pack(">I", len(t)) + t for t in texts]
    return sha(b"\0", struct.pack(">Q", event["position"]), sha(b"\0", *framed))


def climb(index, last, path, node, old=b""):
    """RFC 9162, sections 2.1.3.2 and 2.1.4.2: the root that a path leads to, and the one of the part up to the node."""
    for other in path:
        need(last > 0, "a proof is too long")
        if index & 1 or index == last:
            node, old = sha(b"\1", other, node), sha(b"\1", other, old)
            while not index & 1 and index:
                index, last = index >> 1, last >> 1
        else:
            node = sha(b"\1", node, other)
        index, last = index >> 1, last >> 1
    need(last == 0, "a proof is too short")
    return node, old


def goes_on(old_size, old_root, size, root, path):
    if old_size == size:
        return not path and old_root == root
    path = path if old_size & (old_size - 1) else [old_root] + path
    need(path, "a proof is too short")
    index, last = old_size - 1, size - 1
    while index & 1:
        index, last = index >> 1, last >> 1
    return climb(index, last, path[1:], path[0], path[0]) == (root, old_root)


def grow(peaks, counts, position, node):
    """Adds the next leaf of a tree of which the roots of the full subtrees are known, the largest first."""
    n = counts["event"] + counts["archived"] - 1
    need(position == n + 1, f"position {n + 1} is missing")
    while n & 1:
        node, n = sha(b"\1", peaks.pop(), node), n >> 1
    peaks.append(node)


def verify(lines, trusted):
    head = json.loads(next(lines))
    need(head["format"] == "baton-bundle/1", "this is no bundle that this script knows")
    keys = chain(trusted or head["key"], head["rotations"])
    size, root = checkpoint(head["checkpoint"], keys, head["origin"])
    for earlier in head["earlier"]:
        old_size, old_root = checkpoint(earlier["checkpoint"], keys, head["origin"])
        path = [base64.b64decode(node) for node in earlier["path"]]
        need(goes_on(old_size, old_root, size, root, path), f"the log did not only go on after {old_size} events")
    versions, peaks, documents, named, journals, entries = {}, [], set(), set(), {}, {}
    counts, end = {"event": 0, "document": 0, "journal": 0, "blob": 0, "archived": 0}, None
    for line in lines:
        need(end is None, "there is more after its end")
        (kind, record), = json.loads(line).items()
        if kind == "end":
            end = record
            continue
        counts[kind] += 1
        if kind == "event":
            run, version, position = record["runId"], record["version"], record["position"]
            place = f"position {position} (run {run}, version {version})"
            before = versions.get(run, (0, 0))
            need(version == before[0] + 1 and position > before[1], f"run {run}: version {before[0] + 1} is missing")
            versions[run] = version, position
            if head["runs"] is None:
                grow(peaks, counts, position, leaf(record))
            else:
                path = [base64.b64decode(node) for node in record["path"]]
                need(run in head["runs"], f"{place} is of none of the runs of the bundle")
                need(climb(position - 1, size - 1, path, leaf(record))[0] == root, f"the event at {place} is not what was signed")
            name = re.match(r'\{"documentSha256":"([0-9a-f]{64})"', record["dataText"])
            named |= {name[1]} if name else set()
            data = json.loads(record["dataText"])
            if isinstance(data, dict) and "journaled" in data and "commandId" in data:
                journals[data["commandId"]] = data["journaled"], place
        elif kind == "archived":
            need(head["runs"] is None, "an event is said to be archived, and the bundle is of certain runs")
            grow(peaks, counts, record["position"], base64.b64decode(record["leaf"]))
        elif kind == "journal":
            text = record["text"].encode("utf-8", "replace")
            entries.setdefault(record["commandId"], []).append(struct.pack(">ii", record["callIndex"], len(text)) + text)
        else:
            content = record["text"].encode("utf-8", "replace") if kind == "document" else base64.b64decode(record["content"])
            need(sha(content).hex() == record["sha256"], f"the {kind} {record['sha256']} is not what was written")
            documents |= {record["sha256"]} if kind == "document" else set()
    need(end is not None, "its end is missing")
    counted = [end["events"], end["documents"], end["journal"], end["blobs"], end.get("archived", 0)]
    need(counted == list(counts.values()), "lines of it are missing")
    need(named <= documents, f"a document that is named is missing: {sorted(named - documents)[:1]}")
    for command, (says, place) in journals.items():
        found = entries.get(command, [])
        if not found and command[:36] in head["erased"]:
            continue
        need(len(found) == says["entries"] and sha(*found).hex() == says["sha256"],
             f"{place}: the journal of its task {command} is not what was written")
    if head["runs"] is None:
        while len(peaks) > 1:
            peaks[-2:] = [sha(b"\1", peaks[-2], peaks[-1])]
        need(counts["event"] + counts["archived"] == size and (peaks or [sha()])[0] == root, f"its events are not the {size} that were signed")
    for run in head["runs"] or []:
        need(run in versions, f"run {run} has no event in it")
    return f"verified: {counts['event']} events of {len(versions)} runs, {counts['blob']} blobs, in a log of {size} events\n" + \
        f"key: {'given' if trusted else 'of the bundle itself, compare it'}: {trusted or head['key']}"


if __name__ == "__main__":
    if len(sys.argv) not in (2, 3):
        sys.exit(print(__doc__) or 2)
    try:
        with (gzip.open if sys.argv[1].endswith(".gz") else open)(sys.argv[1], "rt", encoding="utf-8") as file:
            print(verify(iter(file), sys.argv[2] if len(sys.argv) == 3 else None))
    except (ValueError, KeyError, TypeError, StopIteration, IndexError) as problem:
        sys.exit(print(f"not verified: {problem or 'the file is no bundle'}") or 9)
