"""Joins a ticket with python-socketio and prints what arrives, one JSON line per event, until its input is closed.

Usage: python ticket_peer.py <base> <ticket id> <user id> [token]
"""

import json
import sys
import threading

import socketio

base, ticket_id, user_id, *rest = sys.argv[1:]
lock = threading.Lock()
client = socketio.Client()


def say(event, data=None):
    with lock:
        print(json.dumps({"event": event, "data": data}), flush=True)


@client.event
def connect():
    say("connect")
    client.emit("join_ticket", {"ticket_id": ticket_id, "user_id": user_id})


@client.on("*")
def anything(event, data=None):
    say(event, data)


client.connect(base, auth={"token": rest[0]} if rest else None, transports=["websocket"])
sys.stdin.read()
client.disconnect()
