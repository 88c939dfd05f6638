/** The program that makes a server of aioftp, which is a library: its settings are the library's own arguments. */
export const aioftpProgram = `#!/usr/bin/python3
"""FTP server of the lab: aioftp as its manual shows it, set up by a file of assignments."""
import asyncio, itertools, sys, time
import aioftp

settings = {}
with open(sys.argv[1]) as file:
    exec(file.read(), {}, settings)
site = {name: settings.pop(name) for name in ("host", "port")}
account = {name: settings.pop(name) for name in ("prefix", "users", "password", "home")}
log = open(settings.pop("log"), "a", buffering=1)
numbers = itertools.count(1)


class Server(aioftp.Server):
    """Writes a line for each command with its last reply, as ProFTPD's ExtendedLog does."""

    def of(self, stream):
        if not hasattr(stream, "lab"):
            stream.lab = (next(numbers), *stream.writer.get_extra_info("peername")[:2])
            stream.asked = []
        return stream

    async def parse_command(self, stream, *arguments):
        verb, rest = await super().parse_command(stream, *arguments)
        line = (verb.upper() + " " + ("(hidden)" if verb == "pass" else rest)).rstrip()
        self.of(stream).asked.append(line)
        return verb, rest

    async def write_line(self, stream, line):
        asked = self.of(stream).asked
        if asked and line[:1] in "2345" and line[3:4] == " ":
            fields = ["%.3f" % time.time(), *stream.lab, line[:3], asked.pop(0), line]
            log.write("\\t".join(str(field) for field in fields) + "\\n")
        await super().write_line(stream, line)


async def serve():
    users = [
        aioftp.User(account["prefix"] + str(slot), account["password"], base_path=account["home"])
        for slot in range(account["users"])
    ]
    await Server(users, **settings).run(**site)


asyncio.run(serve())
`;
