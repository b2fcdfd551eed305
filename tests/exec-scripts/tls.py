"""Certificates of every kind, and servers on loopback that show them."""
import pathlib
import re
import socket
import ssl
import subprocess
import tempfile
import threading
import time

CONFIG = """[ca]
default_ca = own
[own]
new_certs_dir = {folder}
database = {folder}/index
rand_serial = yes
default_md = sha256
policy = any
unique_subject = no
copy_extensions = copy
[any]
commonName = supplied
[v3_ca]
basicConstraints = critical,CA:true
[v3_leaf]
basicConstraints = CA:false
"""
DAY = 86400


def openssl(*arguments):
    subprocess.run(["openssl", *map(str, arguments)], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


class Authority:
    """A private CA. Every certificate has its times given in days from now; NAME.pem and NAME.key are in its folder."""

    def __init__(self, folder):
        self.folder = pathlib.Path(folder)
        (self.folder / "index").touch()
        (self.folder / "config").write_text(CONFIG.format(folder=self.folder))
        self.now = int(time.time())
        self.key("ca")
        openssl("req", "-x509", "-key", self.folder / "ca.key", "-out", self.pem("ca"), "-days", 400, "-subj", "/CN=Own CA")

    def pem(self, name):
        return self.folder / f"{name}.pem"

    def at(self, days):
        """Unix time."""
        return self.now + int(days * DAY)

    def key(self, name):
        openssl("genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", self.folder / f"{name}.key")

    def sign(self, name, begin=-1, end=30, names="DNS:localhost,IP:127.0.0.1", by="ca", extensions="v3_leaf", subject=None):
        self.key(name)
        request = self.folder / f"{name}.request"
        alternative = ["-addext", f"subjectAltName={names}"] if names else []
        openssl("req", "-new", "-key", self.folder / f"{name}.key", "-out", request, "-utf8", "-subj", f"/CN={subject or name}",
                *alternative)
        times = [time.strftime("%Y%m%d%H%M%SZ", time.gmtime(self.at(days))) for days in (begin, end)]
        openssl("ca", "-batch", "-notext", "-utf8", "-config", self.folder / "config", "-cert", self.pem(by), "-keyfile",
                self.folder / f"{by}.key", "-startdate", times[0], "-enddate", times[1], "-extensions", extensions, "-in",
                request, "-out", self.pem(name))
        return self.pem(name)

    def self_signed(self, name):
        self.key(name)
        openssl("req", "-x509", "-key", self.folder / f"{name}.key", "-out", self.pem(name), "-days", 30, "-subj",
                f"/CN={name}", "-addext", "subjectAltName=DNS:localhost")


class Server:
    """openssl s_server with one of these certificates, on a free port of 127.0.0.1."""

    def __init__(self, authority, name, *flags):
        self.log = tempfile.TemporaryFile("w+")
        self.process = subprocess.Popen(
            ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", authority.pem(name), "-key",
             authority.folder / f"{name}.key", *map(str, flags)],
            stdin=subprocess.PIPE, stdout=self.log, stderr=subprocess.STDOUT)
        end = time.monotonic() + 20
        found = None
        while not found and time.monotonic() < end and self.process.poll() is None:
            time.sleep(0.02)
            self.log.seek(0)
            found = re.search(r"ACCEPT 127\.0\.0\.1:(\d+)", self.log.read())
        if not found:
            self.close()
            raise AssertionError("openssl s_server does not start")
        self.port = int(found[1])

    def close(self):
        self.process.kill()
        self.process.wait()
        self.process.stdin.close()
        self.log.close()


class Listener:
    """A port of 127.0.0.1 that does with each connection what TALK does."""

    def __init__(self, talk):
        self.talk = talk
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=100)
        self.port = self.socket.getsockname()[1]
        self.connections = []
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while True:
            try:
                connection, _ = self.socket.accept()
            except OSError:
                return
            self.connections.append(connection)
            threading.Thread(target=self.one, args=[connection], daemon=True).start()

    def one(self, connection):
        try:
            self.talk(connection)
        except OSError:
            pass

    def close(self):
        self.socket.shutdown(socket.SHUT_RDWR)
        self.socket.close()
        self.thread.join(20)
        for connection in self.connections:
            connection.close()


def silence(connection):
    """Takes what comes and never answers."""
    while connection.recv(4096):
        pass


def plain(connection):
    """A web server without TLS."""
    connection.recv(4096)
    connection.sendall(b"HTTP/1.1 400 Bad Request\r\n\r\n")
    connection.close()


def hang_up(connection):
    connection.recv(4096)
    connection.close()


def babble(connection):
    """Never ends a line, and never stops."""
    while True:
        connection.sendall(b"x" * 65536)


# What a server says before TLS: its greeting, then the answer to each line that begins so.
DIALOGUES = {
    "smtp": (b"220 here ESMTP\r\n", {b"EHLO": b"250-here\r\n250-STARTTLS\r\n250 SIZE\r\n", b"STARTTLS": b"220 go\r\n"}),
    "imap": (b"* OK here\r\n", {b". CAPABILITY": b"* CAPABILITY IMAP4rev1 STARTTLS\r\n. OK done\r\n",
                               b". STARTTLS": b". OK go\r\n"}),
    "pop3": (b"+OK here\r\n", {b"STLS": b"+OK go\r\n"}),
    "ftp": (b"220 here\r\n", {b"FEAT": b"211-Features\r\n AUTH TLS\r\n211 End\r\n", b"AUTH TLS": b"234 go\r\n"}),
}


def starttls(word, context=None):
    """Speaks the protocol WORD up to TLS; without a CONTEXT it offers none."""
    def talk(connection):
        if word == "postgres":
            connection.recv(8)
            connection.sendall(b"S" if context else b"N")
        else:
            greeting, answers = DIALOGUES[word]
            connection.sendall(greeting)
            line = b""
            while not line.endswith(b"STARTTLS\r\n") and line not in (b"STLS\r\n", b"AUTH TLS\r\n"):
                line = b""
                while not line.endswith(b"\n"):
                    byte = connection.recv(1)
                    if not byte:
                        return
                    line += byte
                answer = next((text for start, text in answers.items() if line.startswith(start)), b"500 what?\r\n")
                connection.sendall(answer if context else re.sub(b"STARTTLS|AUTH TLS", b"HELP", answer).replace(b"go", b"no"))
        if not context:
            connection.recv(4096)
            connection.sendall(b"500 what?\r\n")
            connection.close()
            return
        with context.wrap_socket(connection, server_side=True) as stream:
            stream.recv(1)
    return talk


def context_of(authority, name):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(authority.pem(name), authority.folder / f"{name}.key")
    return context


def secured(context):
    """A TLS server of many connections at once."""
    def talk(connection):
        with context.wrap_socket(connection, server_side=True) as stream:
            stream.recv(1)
    return talk
