/** Of the scripted server: the site's files, the logs, TLS, and the listeners. */
export const mainProgram = String.raw`def within(folder, name):
    """A path of FTP's, as from the root."""
    return os.path.normpath("/" + os.path.join(folder, name)).replace("//", "/")


def on_disk(folder, name):
    return settings["home"] + within(folder, name)


def existing(path):
    if not os.path.exists(path):
        raise Refused("550 There is no such file.")
    return path


def open_file(path, mode):
    try:
        return open(path, mode)
    except OSError:
        raise Refused("550 That file cannot be opened.")


def content_of(verb, path, offset):
    """What LIST, NLST, MLSD and RETR send."""
    existing(path)
    if verb == "RETR":
        with open_file(path, "rb") as file:
            file.seek(offset)
            return file.read()
    folder = os.path.isdir(path)
    names = sorted(os.listdir(path)) if folder else [os.path.basename(path)]
    line = {"NLST": lambda _, name: name, "MLSD": facts, "LIST": listed}[verb]
    return "".join(line(os.path.join(path, name) if folder else path, name) + "\r\n" for name in names).encode("utf-8", "surrogateescape")


def facts(path, name):
    found = os.stat(path)
    kind = "dir" if os.path.isdir(path) else "file"
    changed = time.strftime("%Y%m%d%H%M%S", time.gmtime(found.st_mtime))
    return "type=%s;size=%d;modify=%s; %s" % (kind, found.st_size, changed, name)


def listed(path, name):
    found = os.stat(path)
    changed = time.strftime("%b %d %H:%M", time.gmtime(found.st_mtime))
    return "%s 1 ftp ftp %12d %s %s" % (stat.filemode(found.st_mode), found.st_size, changed, name)


def write(log, text):
    with lock:
        logs[log].write(text + "\n")


def note(log, text):
    now = time.time()
    stamp = time.strftime("%Y-%m-%d %H:%M:%S", time.gmtime(now)) + ",%03d" % (now % 1 * 1000)
    write(log, "%s scripted[%s]: %s" % (stamp, threading.current_thread().name, text))


def context_of(tls, certificate):
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    versions = [getattr(ssl.TLSVersion, version) for version in tls["versions"]]
    context.minimum_version, context.maximum_version = min(versions), max(versions)
    if min(versions) < ssl.TLSVersion.TLSv1_2:
        context.set_ciphers("DEFAULT:@SECLEVEL=0")
    context.load_cert_chain(certificate["certificate"], certificate["privateKey"])
    return context


def serve(port, is_implicit):
    listener = socket.socket(socket.AF_INET6 if ":" in settings["address"] else socket.AF_INET)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind((settings["address"], port))
    listener.listen(200)
    while True:
        raw, peer = listener.accept()
        raw.settimeout(300)
        # Pieces of a reply leave one by one.
        raw.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        session = Session(raw, peer)
        # A session is known by its number in all logs.
        threading.Thread(target=session.run, args=(is_implicit,), name=str(next(numbers)), daemon=True).start()


with open(sys.argv[1], encoding="utf-8") as file:
    settings = json.load(file)
script = settings["script"]
manners = script["data"]
tls = settings["tls"]
announced = settings["masqueradeAddress"] or settings["address"]
lock, numbers = threading.Lock(), itertools.count(1)
logs = {name: open(path, "a", buffering=1, encoding="utf-8", errors="surrogateescape") for name, path in settings["logs"].items()}
contexts = {}
if tls is not None:
    contexts["control"] = contexts["data"] = context_of(tls, tls)
    # Sessions of one context are strange to another: whoever sees the other certificate has resumed nothing.
    if tls["dataCertificate"] is not None:
        contexts["data"] = context_of(tls, tls["dataCertificate"])
    if tls["accepts"] != "explicit":
        threading.Thread(target=serve, args=(settings["implicitPort"], True), daemon=True).start()
serve(settings["port"], False)
`;
