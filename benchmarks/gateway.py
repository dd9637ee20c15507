"""A gateway in a process of its own that only answers and keeps the time.

`POST …requestpayment/` is answered 1002 for phones that end in an even figure and 1000 for others, `POST
…gettransactionstatus/` 01. `GET /first/<id>` gives the time of the first byte of that id's submission, `GET
/call/<id>` sends its callback and gives the time just before. Times are `time.monotonic()`, one clock for all
processes. `POST /nothing/` is the request that others are measured against.
"""

import json
import socketserver
import threading
import time
from contextlib import suppress
from http.client import HTTPConnection
from urllib.parse import parse_qs, urlsplit


class _Handler(socketserver.BaseRequestHandler):
    server: "_Server"

    def handle(self) -> None:
        content = self.request.recv(65536)
        at = time.monotonic()
        head, _, body = content.partition(b"\r\n\r\n")
        lines = head.decode("latin-1").split("\r\n")
        length = next((int(line[15:]) for line in lines if line.lower().startswith("content-length:")), 0)
        while len(body) < length:
            body += self.request.recv(65536)
        path = lines[0].split(" ")[1]
        answer = json.dumps(self.server.answer(path, body, at)).encode()
        head = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: %d\r\n\r\n"
        self.request.sendall(head % len(answer) + answer)


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    request_queue_size = 64

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self._first: dict[str, float] = {}
        self._callbacks: dict[str, str] = {}

    def answer(self, path: str, body: bytes, at: float) -> dict[str, object]:
        name = path.strip("/").rpartition("/")
        if path.startswith("/first/"):
            return {"at": self._first[name[2]]}
        if path.startswith("/call/"):
            return {"at": self._call(name[2])}
        if path.startswith("/nothing/"):
            return {"at": at}
        fields = {key: found[0] for key, found in parse_qs(body.decode(), keep_blank_values=True).items()}
        id = fields["requesttransactionid"]
        if path.endswith("/gettransactionstatus/"):
            return {
                "success": True,
                "responsecode": "01",
                "status": "Successfully",
                "message": "Transaction Successful",
            }
        self._first[id] = at
        self._callbacks[id] = fields.get("callbackurl", "")
        if int(fields["mobilephone"][-1]) % 2 == 0:
            return {"success": False, "responsecode": "1002", "message": "Not registered"}
        answer = {"status": "Pending", "requesttransactionid": id, "success": True, "responsecode": "1000"}
        return {**answer, "transactionid": str(len(self._first)), "message": "Transaction Pending"}

    def _call(self, id: str) -> float:
        url = urlsplit(self._callbacks[id])
        content = {"requesttransactionid": id, "transactionid": "1", "responsecode": "01", "status": "Successfully"}
        connection = HTTPConnection(url.netloc)
        at = time.monotonic()
        body = json.dumps({"jsonpayload": content})
        connection.request("POST", url.path, body, {"Content-Type": "application/json"})
        connection.getresponse().read()
        connection.close()
        return at


def main() -> None:
    """Prints the base URL, then serves until stdin ends."""
    server = _Server()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print(f"http://127.0.0.1:{server.server_address[1]}/api/", flush=True)
    input()


if __name__ == "__main__":
    with suppress(EOFError):
        main()
