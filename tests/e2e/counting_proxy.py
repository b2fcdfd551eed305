"""A Unix socket in front of another that counts who connects: our client asks one question on each connection."""
import contextlib
import os
import socket
import threading


class CountingProxy:
    def __init__(self, path, target):
        self.path, self.target = path, target
        self.connections = 0

    def __enter__(self):
        self.listener = socket.socket(socket.AF_UNIX)
        self.listener.bind(self.path)
        self.listener.listen(64)
        threading.Thread(target=self.serve, daemon=True).start()
        return self

    def __exit__(self, *_):
        self.listener.close()
        os.unlink(self.path)

    def serve(self):
        with contextlib.suppress(OSError):
            while True:
                client, _ = self.listener.accept()
                self.connections += 1
                threading.Thread(target=self.carry, args=(client,), daemon=True).start()

    def carry(self, client):
        engine = socket.socket(socket.AF_UNIX)
        try:
            engine.connect(self.target)
        except OSError:
            client.close()
            return
        back = threading.Thread(target=self.pipe, args=(engine, client), daemon=True)
        back.start()
        self.pipe(client, engine)
        back.join()
        client.close()
        engine.close()

    @staticmethod
    def pipe(source, sink):
        with contextlib.suppress(OSError):
            while piece := source.recv(65536):
                sink.sendall(piece)
        with contextlib.suppress(OSError):
            source.shutdown(socket.SHUT_RDWR)
        with contextlib.suppress(OSError):
            sink.shutdown(socket.SHUT_RDWR)
