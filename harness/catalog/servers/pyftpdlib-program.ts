/** The program that makes a server of pyftpdlib, which is a library: it uses what the library has, and logs the dialogue. */
export const pyftpdlibProgram = `#!/usr/bin/python3
"""FTP server of the lab: pyftpdlib as its manual shows it, set up by a JSON file."""
import json, sys, time
from OpenSSL import SSL
from pyftpdlib.authorizers import DummyAuthorizer
from pyftpdlib.handlers import FTPHandler, TLS_FTPHandler
from pyftpdlib.servers import ThreadedFTPServer

with open(sys.argv[1]) as file:
    settings = json.load(file)
tls = settings["tls"]
log = open(settings["log"], "a", buffering=1)
sessions = 0


class Handler(FTPHandler if tls is None else TLS_FTPHandler):
    """Writes a line for each command with its last reply, as ProFTPD's ExtendedLog does."""

    banner = "pyftpdlib ready."
    passive_ports = range(settings["passivePorts"][0], settings["passivePorts"][1] + 1)
    masquerade_address = settings["masqueradeAddress"]
    command = None

    def __init__(self, *arguments, **named):
        global sessions
        sessions += 1
        self.session = sessions
        super().__init__(*arguments, **named)

    def pre_process_command(self, line, cmd, arg):
        self.command = "PASS (hidden)" if cmd == "PASS" else line
        super().pre_process_command(line, cmd, arg)

    def respond(self, resp, *arguments, **named):
        if self.command is not None and not resp.startswith("1"):
            fields = ["%.3f" % time.time(), self.session, self.remote_ip, self.remote_port, resp[:3], self.command, resp]
            log.write("\\t".join(str(field) for field in fields) + "\\n")
        super().respond(resp, *arguments, **named)


if tls is not None:
    Handler.certfile = tls["certificate"]
    Handler.keyfile = tls["privateKey"]
    for version in ("TLSv1", "TLSv1_1", "TLSv1_2", "TLSv1_3"):
        if version not in tls["versions"]:
            Handler.ssl_options |= getattr(SSL, "OP_NO_" + version)
Handler.authorizer = DummyAuthorizer()
for user in settings["users"]:
    Handler.authorizer.add_user(user, settings["password"], settings["home"], perm="elradfmwMT")
handler = Handler
exec("\\n".join(settings["directives"]))
# A thread a session: with one loop for all, replies were now and then not sent until the client spoke again.
server = ThreadedFTPServer((settings["address"], settings["port"]), handler)
server.max_cons = 1000
server.serve_forever(handle_exit=False)
`;
