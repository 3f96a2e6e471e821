#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""validate-json.py [--ndjson] SCHEMA [DOCUMENT...]

Does what ipcview prints keep what `ipcview schema` promises? Judged without
any code of ipcview's: strict UTF-8, no name twice in an object, no NaN, the
schema (Draft 2020-12, itself checked first), and every NAME_b64 is Base64 of
bytes that NAME could not tell.

SCHEMA and DOCUMENT are files; - or no DOCUMENT is standard input. A schema
takes a second to be checked: within one run of bats(1) the same one is once. With
--ndjson every line of a document is judged by the schema's $defs/line.
Exit status: 0 valid, 1 not, 2 usage, 77 no jsonschema module is installed.
"""
import base64
import binascii
import hashlib
import json
import os
import sys

MOST_COMPLAINTS = 20


def pairs_once(pairs):
    members = {}
    for name, value in pairs:
        if name in members:
            raise ValueError(f"{name!r} stands twice in an object")
        members[name] = value
    return members


def refuse_constant(name):
    raise ValueError(f"{name} is no JSON")


def parse(data):
    return json.loads(data.decode("utf-8", "strict"), object_pairs_hook=pairs_once, parse_constant=refuse_constant)


def read(name):
    if name == "-":
        return sys.stdin.buffer.read()
    with open(name, "rb") as file:
        return file.read()


def check_bytes(value, where):
    """Complaints about the _b64 members below a value."""
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from check_bytes(item, f"{where}/{number}")
    elif isinstance(value, dict):
        for name, item in value.items():
            yield from check_bytes(item, f"{where}/{name}")
            if not name.endswith("_b64"):
                continue
            text = value.get(name[:-len("_b64")])
            try:
                data = base64.b64decode(item, validate=True)
            except (TypeError, binascii.Error):
                yield f"{where}/{name}: no Base64"
                continue
            try:
                data.decode("utf-8", "strict")
                yield f"{where}/{name}: the bytes are UTF-8, so the text alone should tell them"
            except UnicodeDecodeError:
                if text != data.decode("utf-8", "replace"):
                    yield f"{where}/{name}: the text beside it is that of other bytes"


def judge(validator, data, where):
    try:
        document = parse(data)
    except (ValueError, RecursionError) as problem:
        yield f"{where}: {problem}"
        return
    for error in validator.iter_errors(document):
        yield f"{where}{error.json_path[1:]}: {error.message[:300]}"
    yield from check_bytes(document, where)


def check_schema(draft, data):
    """Raises what the schema is not; returns it."""
    schema = parse(data)
    run = os.environ.get("BATS_RUN_TMPDIR")
    mark = run and os.path.join(run, "schema-" + hashlib.sha256(data).hexdigest())
    if not mark or not os.path.exists(mark):
        draft.check_schema(schema)
        if mark:
            open(mark, "w").close()
    return schema


def main():
    arguments = sys.argv[1:]
    by_line = "--ndjson" in arguments
    arguments = [argument for argument in arguments if argument != "--ndjson"]
    if not arguments or any(argument.startswith("--") for argument in arguments):
        print(__doc__, file=sys.stderr)
        return 2
    try:
        import jsonschema
    except ImportError:
        print("validate-json: the Python module jsonschema is not installed", file=sys.stderr)
        return 77

    draft = jsonschema.Draft202012Validator
    schema = check_schema(draft, read(arguments[0]))
    if schema.get("$schema") != draft.META_SCHEMA["$id"]:
        print("validate-json: the schema is not of Draft 2020-12", file=sys.stderr)
        return 1
    if by_line:
        schema = dict(schema)
        whole = {"$defs": schema["$defs"], "$schema": schema["$schema"], "$ref": "#/$defs/line"}
        schema = whole
    validator = draft(schema, format_checker=draft.FORMAT_CHECKER)

    complaints = 0
    for name in arguments[1:] or ["-"]:
        data = read(name)
        documents = data.splitlines(keepends=True) if by_line else [data]
        if by_line and not data.endswith(b"\n"):
            documents.append(b"")           # an empty document is a complaint of its own
        for number, document in enumerate(documents, 1):
            for complaint in judge(validator, document, f"{name}:{number}" if by_line else name):
                complaints += 1
                if complaints <= MOST_COMPLAINTS:
                    print(complaint)
    if complaints > MOST_COMPLAINTS:
        print(f"... and {complaints - MOST_COMPLAINTS} more")
    return 1 if complaints else 0


sys.exit(main())
