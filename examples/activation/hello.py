"""Answers clients of the inherited listener, sd_listen_fds(3), until none has connected for three seconds."""
import os
import socket

assert os.environ["LISTEN_PID"] == str(os.getpid()) and os.environ["LISTEN_FDS"] == "1"
listener = socket.socket(fileno=3)
listener.settimeout(3)
try:
    while True:
        client, _ = listener.accept()
        with client:
            client.settimeout(3)
            client.recv(4096)
            client.sendall(b"HTTP/1.0 200 OK\r\n\r\nhello from process %d\n" % os.getpid())
except TimeoutError:
    os.unlink(listener.getsockname())
