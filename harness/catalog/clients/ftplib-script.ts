/**
 * A session by `ftplib`, as its manual shows. Its `retrlines`, `retrbinary` and `storbinary` send TYPE before each data command;
 * where nothing may come between CCC and the data command, `transfercmd` is used, which sends none.
 */
export const ftplibScript = `
import ftplib, json, ssl, sys

wanted = json.load(sys.stdin)
folder = wanted["folder"]

def session(ftp):
    ftp.connect(wanted["host"], wanted["port"])
    ftp.login(wanted["user"], wanted["password"])
    if wanted["protection"] == "P":
        ftp.prot_p()
    elif wanted["protection"] == "C":
        ftp.prot_c()
    if wanted["ccc"] == "unprimed":
        ftp.voidcmd("TYPE I")
    if wanted["ccc"] != "none":
        ftp.ccc()
    transfer = by_hand if wanted["ccc"] == "unprimed" else by_method
    if wanted["operation"] == "list":
        transfer(ftp, None)
    for name in wanted["files"] if wanted["operation"] != "list" else []:
        with open(name, "wb" if wanted["operation"] == "download" else "rb") as file:
            transfer(ftp, file)
    ftp.quit()

class Resuming(ftplib.FTP_TLS):
    def ntransfercmd(self, cmd, rest=None):
        connection, size = ftplib.FTP.ntransfercmd(self, cmd, rest)
        if self._prot_p:
            connection = self.context.wrap_socket(connection, server_hostname=self.host, session=self.sock.session)
        return connection, size

def by_method(ftp, file):
    if wanted["operation"] == "list":
        ftp.dir(folder)
    elif wanted["operation"] == "download":
        ftp.retrbinary(f"RETR {folder}/{file.name}", file.write)
    else:
        ftp.storbinary(f"STOR {folder}/{file.name}", file)

def by_hand(ftp, file):
    verb = {"list": "LIST", "download": "RETR", "upload": "STOR"}[wanted["operation"]]
    with ftp.transfercmd(f"{verb} {folder}/{file.name}" if file else f"{verb} {folder}") as connection:
        if verb == "STOR":
            connection.sendall(file.read())
        else:
            received = b"".join(iter(lambda: connection.recv(8192), b""))
            file.write(received) if file else print(received.decode())
        if isinstance(connection, ssl.SSLSocket):
            connection.unwrap()
    ftp.voidresp()

if wanted["tls"] == "none":
    ftp = ftplib.FTP(timeout=wanted["timeout"])
else:
    # Without a context of its caller's, FTP_TLS makes one that checks nothing.
    checked = "no-check" not in wanted["options"]
    context = ssl.create_default_context(cafile=wanted["caFile"]) if checked else ssl._create_stdlib_context()
    for version in [version for version in ("tls1.2", "tls1.3") if version in wanted["options"]]:
        context.minimum_version = context.maximum_version = ssl.TLSVersion[version.upper().replace("TLS", "TLSv").replace(".", "_")]
    ftp = (Resuming if "resume" in wanted["options"] else ftplib.FTP_TLS)(context=context, timeout=wanted["timeout"])
ftp.set_debuglevel(1)
ftp.set_pasv(wanted["passive"])
ftp.trust_server_pasv_ipv4_address = "trust-227" in wanted["options"]
try:
    session(ftp)
except ftplib.all_errors as error:
    sys.exit(f"ftplib: {type(error).__name__}: {error}")
`.trimStart();
