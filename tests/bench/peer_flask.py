"""The same work as Flask does it behind gunicorn: PEER_FILES names the database and the recordings of record.c.

A connection a thread, statements from the module's cache, and a write is one commit, durable before its answer. What the last
statement found is the answer.
"""
import json
import os
import sqlite3
import threading

from flask import Flask, jsonify

app = Flask(__name__)
database, tapes = os.environ["PEER_FILES"].split()
statements, requests, local = {}, {}, threading.local()


def value_of(value):
    return bytes.fromhex(value["blob"]) if isinstance(value, dict) else value


def learn(tape):
    numbers = {}
    with open(tape, encoding="utf-8") as lines:
        for line in map(json.loads, lines):
            if "sql" in line:
                numbers[line["statement"]] = line["sql"]
            else:
                requests[line["id"]] = [
                    (numbers[number], [value_of(value) for value in values]) for number, values in line["steps"]
                ]


def connection():
    if not hasattr(local, "connection"):
        local.connection = sqlite3.connect(database, isolation_level=None, timeout=60, cached_statements=1024)
        for setting in ("journal_mode = WAL", "synchronous = FULL", "temp_store = MEMORY", "cache_size = -4096"):
            local.connection.execute("PRAGMA " + setting)
    return local.connection


@app.get("/healthz")
def healthz():
    return jsonify({})


@app.post("/t/<slug>/api/v1/applications/<application>/submit")
def submit(slug, application):
    db = connection()
    found = []
    db.execute("BEGIN IMMEDIATE")
    for sql, values in requests[application]:
        found = db.execute(sql, values).fetchall()
    db.execute("COMMIT")
    return jsonify(found)


for name in tapes.split(","):
    learn(name)
