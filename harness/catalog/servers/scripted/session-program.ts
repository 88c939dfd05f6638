/** Of the scripted server: a session, and how a script is followed. */
export const sessionProgram = String.raw`class Over(Exception):
    """The session ends, and how."""


class Session:
    """One control connection: for each command what the script says, else what an ordinary server does."""

    def __init__(self, raw, peer):
        self.wire, self.peer = Wire(raw), peer
        self.transfers = Transfers(self.wire, raw.family)
        self.user = self.rest = None
        self.logged_in = False
        self.folder = "/"
        self.turns = {}
        self.buffer = b""
        self.said, self.said_at = "", None

    def run(self, is_implicit):
        try:
            note("systemLog", "connection from client[%s]" % self.peer[0])
            if is_implicit:
                self.start_tls()
            self.follow(script["greeting"], None, "")
            while True:
                line = self.read_line()
                if line is None:
                    raise Over("close")
                self.answer(line)
        except Over as end:
            if str(end) == "reset":
                self.wire.reset()
            else:
                self.wire.close()
        except OSError as error:
            note("systemLog", "the control connection was lost: " + str(error))
            self.wire.raw.close()
        except Exception:
            note("systemLog", "fault: " + traceback.format_exc().replace("\n", " "))
            self.wire.raw.close()
        finally:
            self.transfers.forget()

    def read_line(self):
        while b"\n" not in self.buffer:
            data = self.wire.recv()
            if not data:
                return None
            self.buffer += data
        line, _, self.buffer = self.buffer.partition(b"\n")
        # What Telnet says before ABOR (RFC 959 section 4.1.3).
        return re.sub(b"\xff[\xf0-\xff]", b"", line).rstrip(b"\r").decode("utf-8", "surrogateescape")

    def answer(self, line):
        verb, _, argument = line.partition(" ")
        verb = verb.upper()
        self.said, self.said_at = "", None
        try:
            self.follow(self.steps_for(verb, argument), verb, argument)
        except Refused as refusal:
            self.reply(str(refusal))
        finally:
            self.log("PASS (hidden)" if verb == "PASS" else line)

    def steps_for(self, verb, argument):
        for number, rule in enumerate(script["commands"]):
            if rule["verb"] != verb or not (rule["argument"] is None or fnmatch.fnmatchcase(argument, rule["argument"])):
                continue
            turn = self.turns[number] = self.turns.get(number, 0) + 1
            return rule.get({1: "first", 2: "second"}.get(turn), rule["always"])
        return [{"kind": "default"}]

    def follow(self, steps, verb, argument):
        for step in steps:
            kind = step["kind"]
            if kind == "wait":
                time.sleep(step["ms"] / 1000)
            elif kind == "reply":
                self.reply(self.fill(step["text"]))
            elif kind == "send":
                self.send(self.fill(step["text"]))
            elif kind == "default":
                self.by_default(verb, argument)
            elif kind == "transfer":
                self.transfer(verb, argument, lambda: None)
            else:
                raise Over(kind)

    def fill(self, text):
        """The text with the port of a new listener in it, where it asks for one."""
        if re.search(r"\{(port|p1|p2)\}", text):
            self.transfers.listen()
        port, address = self.transfers.port or 0, announced
        known = {"address": address, "comma-address": address.replace(".", ","), "port": port, "p1": port >> 8, "p2": port & 255}
        return re.sub(r"\{([a-z0-9-]+)\}", lambda found: str(known.get(found[1], found[0])), text)

    def reply(self, text):
        """Lines of one reply or of several, each with its end."""
        self.send("".join(line + "\r\n" for line in text.split("\n")))

    def send(self, text):
        self.said += text
        self.said_at = time.time()
        self.wire.send(text.encode("utf-8", "surrogateescape"))

    def log(self, command):
        lines = [line.replace("\n", " ") for line in self.said.split("\r\n") if line and not line.startswith("1")]
        code = lines[-1][:3] if lines and re.match(r"\d{3}", lines[-1]) else "-"
        fields = [self.said_at or time.time(), threading.current_thread().name, *self.peer[:2], code, command.replace("\t", " "), lines[-1] if lines else "-"]
        write("dialogue", "%.3f\t%s\t%s\t%s\t%s\t%s\t%s" % tuple(fields))

    def start_tls(self):
        # What came behind AUTH is TLS already.
        self.wire.rest, self.buffer = self.buffer, b""
        try:
            self.wire.start_tls(contexts["control"], server_side=True)
        except OSError as error:
            note("tlsLog", "control connection: " + str(error))
            raise Over("close")

    def transfer(self, verb, argument, announce):
        """Moves the command's bytes over a data connection; announces it once that is open."""
        transfers, (offset, self.rest) = self.transfers, (self.rest or 0, None)
        name = re.sub(r"^(-\S+ ?)+", "", argument) if verb in ("LIST", "NLST") else argument
        path = on_disk(self.folder, name)
        if verb in ("STOR", "APPE"):
            source = open_file(path, "ab" if verb == "APPE" else "r+b" if offset else "wb")
            source.seek(offset, 2 if verb == "APPE" else 0)
        else:
            source = content_of(verb, path, offset)
        data = transfers.open()
        announce()
        try:
            transfers.protect(data, self.wire)
            if verb not in ("STOR", "APPE"):
                return transfers.send(data, source)
            with source:
                return transfers.receive(data, source)
        except OSError as error:
            data.raw.close()
            note("systemLog", "data connection: " + str(error))
            raise Refused("426 The data connection was lost.")

    def by_default(self, verb, argument):
        if verb is None:
            self.reply("220 Scripted server ready.")
            return
        handler = getattr(self, "do_" + verb.lower(), None) if verb.isalpha() else None
        if verb in transferring and self.logged_in:
            if not self.transfer(verb, argument, lambda: self.reply("150 Opening data connection for " + verb + ".")):
                raise Refused("426 The data connection was reset.")
            self.reply("226 Transfer complete.")
        elif verb in fixed:
            self.reply(fixed[verb])
        elif handler is None and verb not in transferring:
            self.reply("500 " + verb + " is not understood.")
        elif not self.logged_in and verb not in ("USER", "PASS", "AUTH", "PBSZ", "PROT", "FEAT", "OPTS", "QUIT"):
            self.reply("530 Log in with USER and PASS.")
        else:
            handler(argument)
`;
