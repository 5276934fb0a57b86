"""Runs in a container in ipykernel's place: answers as a kernel does, until it is asked to run something.

python -m ipykernel_launcher -f CONNECTION_FILE      with HOSTILE, a name of a function below, in the environment
"""

from __future__ import annotations

import hashlib
import hmac
import json
import os
import signal
import sys
import time
from typing import Any

import zmq

DELIMITER = b"<IDS|MSG>"


class Kernel:
    """The sockets of a kernel, and the key to sign with."""

    def __init__(self, path: str) -> None:
        with open(path, encoding="utf-8") as file:  # noqa: PTH123
            self.info = json.load(file)
        self.key = self.info["key"].encode()
        self.context = zmq.Context()
        self.iopub = self.bind("iopub", zmq.PUB)
        self.iopub.setsockopt(zmq.SNDHWM, 0)
        self.shell, self.stdin, self.control = (self.bind(each, zmq.ROUTER) for each in ("shell", "stdin", "control"))
        self.count = 0
        self.heartbeat = self.bind("hb", zmq.REP)

    def bind(self, name: str, kind: int) -> Any:
        socket = self.context.socket(kind)
        separator = "-" if self.info["transport"] == "ipc" else ":"
        socket.bind(f"{self.info['transport']}://{self.info['ip']}{separator}{self.info[f'{name}_port']}")
        return socket

    def parts(self, kind: Any, parent: Any, content: Any) -> list[bytes]:
        self.count += 1
        header = {"msg_id": str(self.count), "msg_type": kind, "session": "s", "version": "5.3", "username": "u"}
        texts = [
            each if isinstance(each, bytes) else json.dumps(each).encode() for each in (header, parent, {}, content)
        ]
        signature = hmac.new(self.key, b"".join(texts), hashlib.sha256).hexdigest().encode()
        return [DELIMITER, signature, *texts]

    def publish(self, kind: Any, parent: Any, content: Any) -> None:
        self.iopub.send_multipart([b"topic", *self.parts(kind, parent, content)])

    def print(self, parent: Any, text: str) -> None:
        self.publish("stream", parent, {"name": "stdout", "text": text})

    def reply(self, identity: bytes, kind: str, parent: Any, content: Any) -> None:
        self.shell.send_multipart([identity, *self.parts(kind, parent, content)])

    def finish(self, identity: bytes, parent: Any) -> None:
        self.reply(identity, "execute_reply", parent, {"status": "ok", "execution_count": 1})
        self.publish("status", parent, {"execution_state": "idle"})

    def serve(self) -> None:
        behave = globals()[os.environ["HOSTILE"]]
        while True:
            identity, _, _, header, *_, content = self.shell.recv_multipart()[:7]
            parent, request = json.loads(header), json.loads(content)
            if behave is mute:
                continue
            if parent["msg_type"] == "kernel_info_request":
                self.reply(identity, "kernel_info_reply", parent, {"status": "ok", "protocol_version": "5.3"})
                self.publish("status", parent, {"execution_state": "idle"})
            elif request["silent"]:
                self.finish(identity, parent)
            else:
                behave(self, identity, parent)


def mute(kernel: Kernel, identity: bytes, parent: Any) -> None:
    """Never answers at all."""


def silent(kernel: Kernel, identity: bytes, parent: Any) -> None:
    """Begins, and never replies."""
    kernel.publish("execute_input", parent, {"code": "x"})
    kernel.print(parent, "begun")


def replies_alone(kernel: Kernel, identity: bytes, parent: Any) -> None:
    """Replies, and never says that it is idle."""
    kernel.print(parent, "shown")
    kernel.reply(identity, "execute_reply", parent, {"status": "ok"})


def malformed(kernel: Kernel, identity: bytes, parent: Any) -> None:
    """Sends whatever is no message, then one that is."""
    deep: Any = "x"
    for _ in range(500):
        deep = [deep]
    good = kernel.parts("stream", parent, {"name": "stdout", "text": "unsigned\n"})
    frames: list[list[bytes]] = [
        [],
        [b""],
        [DELIMITER],
        [DELIMITER, b"signature"],
        good[2:],
        [good[0], b"", *good[2:]],
        [good[0], b"0" * 64, *good[2:]],
        good[:4],
        kernel.parts(["stream"], parent, {"name": "stdout", "text": "odd type\n"}),
        kernel.parts("stream", [], {"name": "stdout", "text": "no parent\n"}),
        kernel.parts("stream", parent, b"{"),
        kernel.parts("stream", parent, b"\xff\xfe"),
        kernel.parts("stream", parent, b"[" * 100_000),
        kernel.parts("stream", parent, b"[" + b"[]," * 5_000_000 + b"1]"),
        kernel.parts("stream", parent, {"name": "stdout", "text": 1}),
        kernel.parts("stream", parent, {"name": "__class__", "text": "odd stream\n"}),
        kernel.parts("display_data", parent, {"data": {"application/json": deep}}),
        kernel.parts("display_data", parent, {"data": {"application/json": float("nan")}, "metadata": {"x": 10**400}}),
        kernel.parts("display_data", parent, {"data": "text/plain"}),
        kernel.parts("execute_result", parent, {"data": {"application/x-python": "import os"}}),
        kernel.parts("error", parent, {"ename": 1, "evalue": [], "traceback": "x"}),
        kernel.parts("shutdown_reply", parent, {"status": "ok"}),
    ]
    for each in frames:
        kernel.iopub.send_multipart([b"topic", *each])
        kernel.shell.send_multipart([identity, *each])
        kernel.stdin.send_multipart([identity, *each])
    other = {**parent, "msg_id": "another"}
    kernel.reply(identity, "execute_reply", other, {"status": "error", "ename": "Other", "evalue": "", "traceback": []})
    kernel.stdin.send_multipart([identity, *kernel.parts("input_request", other, {"prompt": "password: "})])
    kernel.publish("stream", parent, b'{"name": "stdout", "text": "half \\ud800 pair\\n"}')
    kernel.finish(identity, parent)


def flood(kernel: Kernel, identity: bytes, parent: Any) -> None:
    """Prints and displays far more than anybody can read."""
    text, picture = "x" * (1 << 20), {"data": {"image/png": "A" * (1 << 20), "text/plain": "p"}, "metadata": {}}
    for _ in range(250):
        kernel.print(parent, text)
        kernel.publish("display_data", parent, picture)
        time.sleep(0.001)
    time.sleep(2)
    kernel.finish(identity, parent)


def huge(kernel: Kernel, identity: bytes, parent: Any) -> None:
    """Sends a message larger than any that is taken."""
    kernel.print(parent, "before\n")
    kernel.print(parent, "x" * (200 << 20))
    time.sleep(1)
    kernel.finish(identity, parent)


def endless(kernel: Kernel, identity: bytes, parent: Any) -> None:
    """Replies, and goes on printing instead of being idle."""
    kernel.reply(identity, "execute_reply", parent, {"status": "ok"})
    while True:
        kernel.print(parent, "more\n")
        time.sleep(0.01)


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    Kernel(sys.argv[sys.argv.index("-f") + 1]).serve()
