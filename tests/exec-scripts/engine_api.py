"""A Docker engine that answers what it is told to, on a Unix socket, from answers recorded of 20.10 (API 1.41)."""
import copy
import http.server
import json
import pathlib
import socketserver
import threading
import time
import urllib.parse

RECORDED = pathlib.Path(__file__).resolve().parent / "docker-1.41"


def recorded(name):
    return json.loads((RECORDED / f"{name}.json").read_text())


class Hang(Exception):
    """Answer nothing."""


class Raw(bytes):
    """The bytes to answer, instead of HTTP."""


class EngineApi(socketserver.ThreadingMixIn, socketserver.UnixStreamServer):
    """Its answers may be changed: ANSWERS by path without the version, a value, a function of the query, or an HTTP status."""
    daemon_threads = True
    request_queue_size = 50

    def __init__(self, path):
        super().__init__(str(path), Request)
        self.asked = []
        self.containers = recorded("containers-json")
        volumes = recorded("volumes")
        self.answers = {
            "/version": recorded("version"),
            "/containers/json": lambda query: self.containers,
            "/images/json": recorded("images"),
            "/volumes": lambda query: {"Volumes": None, "Warnings": None} if "filters" in query else volumes,
            "/system/df": recorded("system-df"),
        }
        self.inspect = {}
        for number, one in enumerate(self.containers):
            body = copy.deepcopy(recorded("container-inspect"))
            body["Id"], body["Name"] = one["Id"], one["Names"][0]
            if number:
                del body["State"]["Health"]
            self.inspect[one["Id"]] = body
        self.thread = threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
        self.thread.start()

    def close(self):
        self.shutdown()
        self.server_close()

    def answer(self, path):
        parts = urllib.parse.urlsplit(path)
        route = parts.path
        if route.startswith("/v1."):
            route = "/" + route.split("/", 2)[2]
        self.asked.append(path)
        words = route.split("/")
        if len(words) == 4 and words[1] == "containers" and words[3] == "json":
            found = self.inspect.get(words[2], 404)
        else:
            found = self.answers.get(route, 404)
        return found(urllib.parse.parse_qs(parts.query)) if callable(found) and found is not Hang else found


class Request(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def address_string(self):
        return "socket"

    def log_message(self, *_):
        pass

    def do_GET(self):
        answer = self.server.answer(self.path)
        if answer is Hang:
            time.sleep(60)
            return
        if isinstance(answer, Raw):
            self.wfile.write(answer)
            self.close_connection = True
            return
        status = answer if isinstance(answer, int) else 200
        body = answer.encode() if isinstance(answer, str) else json.dumps(
            {"message": "no"} if isinstance(answer, int) else answer, separators=(",", ":")).encode() + b"\n"
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except BrokenPipeError:
            pass  # it was too much for who asked
