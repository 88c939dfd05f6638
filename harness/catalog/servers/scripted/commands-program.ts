/** Of the scripted server: what an ordinary server does with each command; the end of the session's class. */
export const commandsProgram = String.raw`    def do_user(self, name):
        self.user, self.logged_in = name, False
        self.reply("331 Password required for " + name + ".")

    def do_pass(self, password):
        known = re.fullmatch(settings["userPrefix"] + r"\d{1,3}", self.user or "") is not None
        self.logged_in = known and password == settings["password"]
        self.reply("230 Logged in." if self.logged_in else "530 Login incorrect.")

    def do_auth(self, mechanism):
        tls = settings["tls"]
        if tls is None or tls["accepts"] == "implicit" or self.wire.tls is not None:
            self.reply("500 AUTH is not understood.")
        elif mechanism.upper() not in ("TLS", "TLS-C", "SSL"):
            self.reply("504 AUTH takes TLS.")
        else:
            self.reply("234 Begin TLS.")
            self.start_tls()

    def do_pbsz(self, size):
        self.reply("200 PBSZ=0" if self.wire.tls is not None else "503 PBSZ wants TLS.")

    def do_prot(self, level):
        if self.wire.tls is None:
            self.reply("503 PROT wants TLS.")
        elif level.upper() not in ("C", "P"):
            self.reply("536 PROT takes C and P.")
        else:
            self.transfers.protected = level.upper() == "P"
            self.reply("200 Protection is " + level.upper() + ".")

    def do_ccc(self, _):
        if self.wire.tls is None:
            self.reply("533 There is no TLS to clear.")
        else:
            self.reply("200 The control connection goes on in clear.")
            self.wire.clear(settings["tls"]["ccc"])

    def do_feat(self, _):
        tls = [] if settings["tls"] is None else ["AUTH TLS", "CCC", "PBSZ", "PROT"]
        words = ["EPRT", "EPSV", "MDTM", "MLST type*;size*;modify*;", "REST STREAM", "SIZE", "TVFS", "UTF8", *tls]
        self.reply("211-Features:\n" + "".join(" " + word + "\n" for word in words) + "211 End")

    def do_opts(self, words):
        self.reply("200 Done." if re.match("(?i)(UTF8|MLST)", words) else "501 There is no such option.")

    def do_pwd(self, _):
        self.reply('257 "' + self.folder + '" is the current folder.')

    def do_cwd(self, name):
        if not os.path.isdir(on_disk(self.folder, name)):
            raise Refused("550 There is no such folder.")
        self.folder = within(self.folder, name)
        self.reply("250 Done.")

    def do_cdup(self, _):
        self.do_cwd("..")

    def do_pasv(self, _):
        if ":" in announced:
            raise Refused("522 There is no IPv4 here, use EPSV.")
        self.reply(self.fill("227 Entering Passive Mode ({comma-address},{p1},{p2})."))

    def do_epsv(self, family):
        if family in ("1", "2") and family != self.own_family():
            raise Refused("522 Use (" + self.own_family() + ").")
        self.reply("200 EPSV alone from now on." if family.upper() == "ALL" else self.fill("229 Entering Extended Passive Mode (|||{port}|)"))

    def own_family(self):
        return "2" if self.transfers.family == socket.AF_INET6 else "1"

    def do_port(self, numbers):
        found = re.fullmatch(r"(\d+),(\d+),(\d+),(\d+),(\d+),(\d+)", numbers.strip())
        if found is None:
            raise Refused("501 PORT takes six numbers.")
        self.aim(".".join(found.groups()[:4]), int(found[5]) * 256 + int(found[6]))

    def do_eprt(self, words):
        found = re.fullmatch(r"(.)([12])\1([^|]+)\1(\d+)\1", words.strip())
        if found is None:
            raise Refused("501 EPRT takes |family|address|port|.")
        if found[2] != self.own_family():
            raise Refused("522 Use (" + self.own_family() + ").")
        self.aim(found[3], int(found[4]))

    def aim(self, host, port):
        if ipaddress.ip_address(host) != ipaddress.ip_address(self.peer[0]):
            raise Refused("500 That is another host's address.")
        self.transfers.aim(host, port)
        self.reply("200 Done.")

    def do_size(self, name):
        self.reply("213 %d" % os.stat(existing(on_disk(self.folder, name))).st_size)

    def do_mdtm(self, name):
        changed = os.stat(existing(on_disk(self.folder, name))).st_mtime
        self.reply("213 " + time.strftime("%Y%m%d%H%M%S", time.gmtime(changed)))

    def do_mlst(self, name):
        path = existing(on_disk(self.folder, name))
        self.reply("250-Facts:\n " + facts(path, within(self.folder, name)) + "\n250 End")

    def do_rest(self, offset):
        if not offset.isdigit():
            raise Refused("501 REST takes a number.")
        self.rest = int(offset)
        self.reply("350 The next transfer begins there.")

    def do_quit(self, _):
        self.reply("221 Goodbye.")
        raise Over("close")


transferring = ("LIST", "NLST", "MLSD", "RETR", "STOR", "APPE")
fixed = {
    "NOOP": "200 Done.",
    "SYST": "215 UNIX Type: L8",
    "TYPE": "200 Done.",
    "MODE": "200 Done.",
    "STRU": "200 Done.",
    "ABOR": "226 Nothing is under way.",
}
`;
