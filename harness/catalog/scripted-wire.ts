/** Of the scripted server and the scripted client: a TCP connection that takes TLS on and off. */
export const scriptedWire = String.raw`class Wire:
    """A TCP connection on which TLS can be laid and taken off again. TLS runs beside the socket, so that nothing is sent unasked."""

    def __init__(self, raw):
        self.raw, self.tls = raw, None
        # In clear, and come together with the end of TLS.
        self.rest = b""

    def start_tls(self, context, **side):
        self.incoming, self.outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
        self.incoming.write(self.rest)
        self.rest = b""
        self.tls = context.wrap_bio(self.incoming, self.outgoing, **side)
        self.drive(self.tls.do_handshake)

    def drive(self, step):
        while True:
            try:
                result = step()
                self.flush()
                return result
            except ssl.SSLWantReadError:
                self.flush()
                data = self.raw.recv(65536)
                if data:
                    self.incoming.write(data)
                else:
                    self.incoming.write_eof()
            except ssl.SSLError:
                self.flush()
                raise

    def flush(self):
        data = self.outgoing.read()
        if data:
            self.raw.sendall(data)

    def recv(self):
        """Some bytes; none at the other side's end, whether it says so in TLS or not."""
        if self.tls is None:
            data, self.rest = self.rest, b""
            return data or self.raw.recv(65536)
        try:
            return self.drive(lambda: self.tls.read(65536))
        except (ssl.SSLZeroReturnError, ssl.SSLEOFError):
            return b""

    def send(self, data):
        if self.tls is None:
            self.raw.sendall(data)
        else:
            self.drive(lambda: self.tls.write(data))

    def notify(self):
        """Sends close_notify; the other side's is not waited for."""
        try:
            self.tls.unwrap()
        except ssl.SSLError:
            pass
        self.flush()

    def clear(self, manner):
        """Takes TLS off after CCC: sends close_notify first, as an answer, or never."""
        if manner == "first":
            self.notify()
        while True:
            try:
                if not self.tls.read(65536):
                    break
            except ssl.SSLWantReadError:
                data = self.raw.recv(65536)
                # No content type of TLS (RFC 8446 section 5.1): the other side goes on without a close_notify of its own.
                if not data or not 20 <= data[0] <= 23:
                    self.rest = data
                    break
                self.incoming.write(data)
            except ssl.SSLZeroReturnError:
                break
        if manner == "answer":
            self.notify()
        self.rest = self.incoming.read() + self.rest
        self.tls = None

    def close(self, notifies=True):
        try:
            if self.tls is not None and notifies:
                self.notify()
            self.raw.shutdown(socket.SHUT_WR)
        except OSError:
            pass
        self.raw.close()

    def reset(self):
        self.raw.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.raw.close()
`;
