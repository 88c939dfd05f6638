/** Of the scripted server: its data connections. */
export const transfersProgram = String.raw`class Refused(Exception):
    """A transfer does not come about; says the reply."""


class Transfers:
    """A session's data connections, one after the other."""

    def __init__(self, wire, family):
        self.control, self.family = wire, family
        self.listener = self.port = self.target = None
        self.protected = False
        self.offset = 0

    def listen(self):
        """A port for the next transfer, on which the server listens unless its script says otherwise."""
        self.forget()
        first, last = settings["passivePorts"]
        for port in random.sample(range(first, last + 1), last - first + 1):
            listener = socket.socket(self.family)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                listener.bind((settings["address"], port))
                if manners["listens"]:
                    listener.listen(1)
                self.listener, self.port = listener, port
                return port
            except OSError:
                listener.close()
        raise Refused("425 No port of the passive range is free.")

    def aim(self, host, port):
        self.forget()
        self.target = (host, port)

    def forget(self):
        if self.listener is not None:
            self.listener.close()
        self.listener = self.port = self.target = None

    def open(self):
        """The data connection, without TLS."""
        try:
            if self.listener is not None:
                if not manners["listens"]:
                    raise Refused("425 Can't open data connection.")
                self.listener.settimeout(20)
                raw = self.listener.accept()[0]
            elif self.target is not None:
                raw = socket.socket(self.family)
                raw.bind((settings["address"], 0))
                raw.settimeout(20)
                raw.connect(self.target)
            else:
                raise Refused("425 Use PASV or PORT first.")
        except OSError:
            raise Refused("425 Can't open data connection.")
        finally:
            self.forget()
        raw.settimeout(120)
        return Wire(raw)

    def protect(self, data, control):
        """TLS on the data connection, where PROT P was granted."""
        if manners["silent"]:
            self.hold(data)
        if not self.protected:
            return
        try:
            data.start_tls(contexts["data"], server_side=True)
        except OSError as error:
            data.close(notifies=False)
            note("tlsLog", "data connection: " + str(error))
            raise Refused("425 TLS handshake on the data connection failed.")
        if settings["tls"]["demandsReuse"] and control.tls is not None and not data.tls.session_reused:
            data.close()
            note("tlsLog", "data connection: its TLS session is not the control connection's")
            raise Refused("425 TLS session of the data connection was not resumed.")

    def hold(self, data):
        """Keeps a connection open and does nothing, until the other side has ended it."""
        try:
            while data.raw.recv(65536):
                pass
        finally:
            data.raw.close()
        raise Refused("426 The data connection was closed.")

    def end(self, data, is_broken):
        """Ends the connection as the script says; whether that was the end of a whole transfer."""
        by = manners["breaks"]["by"] if is_broken else "close"
        if by == "silence":
            self.hold(data)
        if by == "reset":
            # What was sent before has to be under way: a reset takes back what still waits.
            time.sleep(0.05)
            data.reset()
        else:
            data.close(manners["closeNotify"])
        return by != "reset"

    def send(self, data, content):
        content += bytes(manners["extra"])
        done, most = 0, limit(len(content))
        while done < most:
            data.send(content[done : min(done + 16384, most)])
            done += 16384
        return self.end(data, is_broken=most < len(content))

    def receive(self, data, file):
        done, is_broken = 0, False
        while not is_broken:
            piece = data.recv()
            if not piece:
                break
            most = limit(done + len(piece))
            file.write(piece[: most - done])
            is_broken, done = most < done + len(piece), most
        return self.end(data, is_broken)


def limit(size):
    """How much of so many bytes passes before the script breaks the transfer."""
    return size if manners["breaks"] is None else min(size, manners["breaks"]["after"])
`;
