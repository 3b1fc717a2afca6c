#!/usr/bin/env python3
"""Copies the recordings that the tests replay, with no more of their index than the tests compare.

usage: reduce.py DIRECTORY_OF_THE_CAPTURES [DATA]

Takes every connection of a scheduler in protobuf. DATA/NAME.jsonl is the recording, byte for byte;
DATA/NAME.events.jsonl has a line for each event of its stream; DATA/index.json the rest.
"""

import json
import pathlib
import shutil
import sys

FACTS = {
    "SUBSCRIBED": ("framework_id", "heartbeat_interval_seconds"),
    "RESCIND": ("offer_id",),
    "RESCIND_INVERSE_OFFER": ("inverse_offer_id",),
    "UPDATE": ("task_id", "state", "source", "reason", "uuid", "data_hex"),
    "UPDATE_OPERATION_STATUS": ("operation_id", "state", "uuid", "agent_id", "message"),
    "MESSAGE": ("agent_id", "executor_id", "data_hex"),
    "FAILURE": ("agent_id", "executor_id", "status"),
    "ERROR": ("message",),
}
LISTS = {"OFFERS": "offers", "INVERSE_OFFERS": "inverse_offers"}


def reduce_event(event, response):
    facts = event["facts"]
    kept = {name: facts[name] for name in FACTS.get(event["type"], ()) if facts.get(name) is not None}
    if event["type"] in LISTS:
        entries = facts[LISTS[event["type"]]]
        kept = {"ids": [entry["id"] for entry in entries], "agent_ids": [entry["agent_id"] for entry in entries]}
    line = {"response": response} if response else {}
    line |= {"type": event["type"], "length": event["length"], "sha256": event["sha256"]}
    return line | {"facts": kept} if kept else line


def reduce_response(response):
    headers = {name.lower(): value for name, value in response["headers"]}
    kept = {"status": response["status"], "complete": response["complete"], "body_bytes": response["body_bytes"]}
    if response.get("events"):
        kept["first_event"] = response["events"][0]["type"]
    if "location" in headers:
        kept["location"] = headers["location"]
    # The index has the words of a compressed body; the client asks for none and hands on what comes.
    if response.get("body_text") is not None and "content-encoding" not in headers:
        kept["body"] = response["body_text"]
    return kept


def main():
    source = pathlib.Path(sys.argv[1])
    data = pathlib.Path(sys.argv[2]) if len(sys.argv) > 2 else pathlib.Path(__file__).parent / "data"
    data.mkdir(exist_ok=True)
    lines = []
    for capture in json.loads((source / "index.json").read_text())["captures"]:
        if capture["peer"] != "master" or capture["content_type"] != "application/x-protobuf":
            continue
        name = capture["file"].removesuffix(".jsonl")
        shutil.copyfile(source / capture["file"], data / capture["file"])
        events = [
            json.dumps(reduce_event(event, number), separators=(",", ":"))
            for number, response in enumerate(capture["responses"])
            for event in response.get("events", ())
        ]
        if events:
            (data / f"{name}.events.jsonl").write_text("\n".join(events) + "\n")
        lines.append(json.dumps({
            "name": name,
            "calls": [request.get("call") for request in capture["requests"]],
            "closed_by_server": capture["end"] == "closed by server",
            "malformed": "malformed" in capture,
            "responses": [reduce_response(response) for response in capture["responses"]],
        }))
    (data / "index.json").write_text("[\n" + ",\n".join(lines) + "\n]\n")


if __name__ == "__main__":
    main()
