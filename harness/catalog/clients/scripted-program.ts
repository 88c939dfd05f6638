/** The scripted client's program: Python's own library alone, in one file. It reads its script (JSON) from `script.json`. */
import { scriptedWire } from "../scripted-wire";

const session = String.raw`class Failed(Exception):
    """The session cannot go on, and why."""


class Session:
    """One control connection: what the script says, and beside it what an ordinary client does."""

    def __init__(self):
        self.wire, self.buffer = Wire(dial(script["host"], script["port"])), b""
        self.target = self.listener = self.tls = None
        self.protected = False
        if script["mode"] == "ftps-implicit":
            self.start_tls()
        self.reply()

    def follow(self, step):
        kind = step["kind"]
        if kind == "command":
            self.command(self.fill(step["text"]))
        elif kind == "send":
            self.send(self.fill(step["text"]))
        elif kind == "reply":
            self.any_reply()
        elif kind == "tls":
            self.start_tls()
        elif kind == "wait":
            time.sleep(step["ms"] / 1000)
        elif kind == "close":
            self.wire.close()
        else:
            self.wire.reset()

    def send(self, text):
        for line in text.splitlines():
            print(">", line)
        self.wire.send(text.encode("utf-8", "surrogateescape"))

    def any_reply(self):
        """Waits for one, of any number of lines (RFC 959 section 4.2)."""
        first = line = self.read_line()
        while not line.startswith(first[:3] + " ") and first[3:4] == "-":
            line = self.read_line()
        return line

    def reply(self):
        """Waits for one that is no refusal."""
        line = self.any_reply()
        if line[:1] in ("4", "5"):
            raise Failed(line)
        return line

    def read_line(self):
        while b"\n" not in self.buffer:
            try:
                data = self.wire.recv()
            except TimeoutError:
                raise Failed("no reply within %g s" % patience)
            if not data:
                raise Failed("the server has closed the control connection")
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        line = line.rstrip(b"\r").decode("utf-8", "surrogateescape")
        print("<", line)
        return line

    def start_tls(self):
        self.wire.rest, self.buffer = self.buffer, b""
        try:
            self.wire.start_tls(context, server_hostname=script["host"])
        except OSError as error:
            raise Failed("TLS on the control connection: %s" % error)
        self.tls = self.wire.tls

    def clear(self):
        try:
            self.wire.clear(script["tls"]["ccc"])
        except TimeoutError:
            raise Failed("no close_notify within %g s" % patience)

    def fill(self, text):
        """The text with the client's address in it, and the port of a new listener, where it asks for one."""
        own = self.wire.raw.getsockname()[0]
        text = {"PORT": "PORT {comma-address},{p1},{p2}", "EPRT": "EPRT |%d|{address}|{data-port}|" % (2 if ":" in own else 1)}.get(text, text)
        if re.search(r"\{(data-port|p1|p2)\}", text):
            self.listener, self.target = socket.create_server((own, 0), family=self.wire.raw.family, backlog=1), None
            if not manners["listens"]:
                self.listener.shutdown(socket.SHUT_RDWR)
            self.listener.settimeout(patience)
        port = self.listener.getsockname()[1] if self.listener else 0
        known = {"address": own, "comma-address": own.replace(".", ","), "data-port": port, "p1": port >> 8, "p2": port & 255}
        return re.sub(r"\{([a-z0-9-]+)\}", lambda found: str(known.get(found[1], found[0])), text)

    def command(self, line):
        verb, _, argument = line.partition(" ")
        if verb in ("LIST", "NLST", "MLSD", "RETR", "STOR", "APPE"):
            self.transfer(verb, argument, line)
            return
        self.send(line + "\r\n")
        said = self.reply()
        if verb == "AUTH" and said.startswith("234"):
            self.start_tls()
        elif verb == "PROT":
            self.protected = argument == "P"
        elif verb == "CCC":
            self.clear()
        elif verb == "PASV":
            found = re.search(r"(\d+,\d+,\d+,\d+),(\d+),(\d+)", said)
            self.aim(found and (found[1].replace(",", "."), int(found[2]) * 256 + int(found[3])), said)
        elif verb == "EPSV":
            found = re.search(r"\((.)\1\1(\d+)\1\)", said)
            self.aim(found and (self.wire.raw.getpeername()[0], int(found[2])), said)

    def aim(self, target, said):
        if target is None:
            raise Failed("no address or port in " + said)
        self.target, self.listener = target, None

    def transfer(self, verb, argument, line):
        """Opens the data connection, sends the command and moves its bytes."""
        data = None if self.target is None else Wire(dial(*self.target, "data connection"))
        self.send(line + "\r\n")
        said = self.reply()
        if data is None:
            data = self.accept()
        if manners["silent"]:
            hold(data)
        elif said.startswith("1"):
            try:
                self.move(data, verb, os.path.basename(argument))
            except OSError as error:
                raise self.explained(Failed("data connection: %s" % error))
        if said.startswith("1"):
            self.reply()

    def explained(self, failure):
        """Hears what the server says of a broken transfer, as an ordinary client does."""
        try:
            self.any_reply()
        except (Failed, OSError):
            pass
        return failure

    def accept(self):
        if self.listener is None:
            raise Failed("no data connection was arranged: send PASV, EPSV, PORT or EPRT first")
        try:
            raw = self.listener.accept()[0]
        except OSError as error:
            raise Failed("the server's data connection: %s" % error)
        raw.settimeout(patience)
        return Wire(raw)

    def move(self, data, verb, name):
        if self.protected:
            resumed = self.tls.session if manners["resumes"] and self.tls else None
            data.start_tls(context, server_hostname=script["host"], session=resumed)
        if verb in ("STOR", "APPE"):
            with open(name, "rb") as file:
                send(data, file.read())
            return
        content = receive(data)
        if verb == "RETR":
            with open(name, "wb") as file:
                file.write(content)
        else:
            print(content.decode("utf-8", "replace"))


def dial(host, port, what="control connection"):
    try:
        raw = socket.create_connection((host, port), timeout=min(patience, 3))
    except OSError as error:
        raise Failed("%s to %s port %s: %s" % (what, host, port, error))
    raw.settimeout(patience)
    raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    return raw


def most(size):
    """How much of so many bytes passes before the script breaks the transfer."""
    return size if manners["breaks"] is None else min(size, manners["breaks"]["after"])


def send(data, content):
    data.send(content[: most(len(content))])
    end(data, most(len(content)) < len(content))


def receive(data):
    content = b""
    while most(len(content) + 1) > len(content):
        piece = data.recv()
        if not piece:
            end(data, False)
            return content
        content += piece
    end(data, True)
    return content


def end(data, is_broken):
    by = manners["breaks"]["by"] if is_broken else "close"
    if by == "silence":
        hold(data)
    elif by == "reset":
        # What was sent before has to be under way: a reset takes back what still waits.
        time.sleep(0.05)
        data.reset()
    else:
        data.close(manners["closeNotify"])


def hold(data):
    """Keeps a connection open and does nothing, until the other side has ended it."""
    try:
        while data.raw.recv(65536):
            pass
    except OSError:
        pass
    data.raw.close()


with open("script.json", encoding="utf-8") as file:
    script = json.load(file)
manners, patience = script["data"], script["patienceMs"] / 1000
context = ssl.create_default_context(cafile=script["ca"])
try:
    session = Session()
    for step in script["steps"]:
        session.follow(step)
except Failed as failure:
    sys.exit(str(failure))
except OSError as error:
    sys.exit("control connection: %s" % error)
`;

export const scriptedClientProgram = `import json, os, re, socket, ssl, struct, sys, time


${scriptedWire}

${session}`;
