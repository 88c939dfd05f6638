import { placeIn } from "../../../harness/model/server-profile";
import { bugOf, problemsOf, reportWith } from "../../support/bugs";

describe("a report", () => {
  it("begins from what files have, and says of each variant what is changed", () => {
    const bug = bugOf(
      reportWith(
        "network: server-nat\nclient: curl\nmode: ftps",
        "  fixed:\n    change: The helper is attached.\n    network: { nodes: { router: { helper: [21] } } }\n    mode: ftp\n    shows: { result: worked }",
      ),
    );
    const [reported, fixed] = bug.variants;
    expect(bug.id).toBe("a-report");
    expect(reported).toMatchObject({
      id: "reported",
      change: null,
      setup: {
        client: "curl",
        mode: "ftps",
        data: "pasv",
        runs: 1,
        topology: { id: "server-nat" },
        server: { id: "tls-optional" },
      },
      shows: { result: "failed", stage: "data-connect", cause: null, rate: null },
    });
    expect(fixed).toMatchObject({ change: "The helper is attached.", setup: { client: "curl", mode: "ftp" } });
    expect(fixed?.setup.topology.id).toBe("a-report-fixed");
    const helper = (index: number) =>
      bug.variants[index]?.setup.topology.nodes.flatMap((node) => (node.kind === "router" ? node.helperPorts : []));
    expect([helper(0), helper(1)]).toEqual([[], [21]]);
  });

  it("names the position of one client where a network has several", () => {
    const at = (network: string): string | undefined => bugOf(reportWith(network)).variants[0]?.setup.topology.id;
    expect(at("network: office@lan")).toBe("office@lan");
    expect(at("network: { from: office, position: lan }")).toBe("office@lan");
    expect(at("network: office@lan+reject")).toBe("office@lan+reject");
    expect(at("network: { from: office@lan, nodes: { router: { helper: [21] } } }")).toBe("a-report-reported@lan");
    const [, outside] = bugOf(
      reportWith(
        "network: { from: office, position: lan }",
        "  outside:\n    change: From outside.\n    network: { position: internet }\n    shows: { result: worked }",
      ),
    ).variants;
    expect(outside?.setup.topology.id).toBe("office@internet");
    expect(outside?.setup.topology.nodes[0]?.id).toBe("outside");
  });

  it.each([
    ["network: office", "with `position`: internet or lan"],
    ["network: office@home", "the network has no position `home`; expected internet or lan"],
    ["network: { from: office, position: home }", "the network has no position `home`; expected internet or lan"],
    ["network: direct@lan", "the network has no position `lan`; expected client"],
  ])("is told which positions there are: %s", (network, message) => {
    expect(problemsOf(reportWith(network)).join("\n")).toContain(message);
  });

  it("needs no more of a server than its software and its file", () => {
    const bug = bugOf(reportWith("network: direct\nserver: { software: vsftpd, config: 'require_ssl_reuse=YES' }"));
    expect(bug.variants[0]?.setup.server).toMatchObject({
      software: "vsftpd",
      userConfig: { file: "a-report.yaml (config)", text: "require_ssl_reuse=YES" },
    });
    expect(problemsOf(reportWith("network: direct\nserver: { software: vsftpd }")).join()).toContain("`tls`");
  });

  it("may bring a whole network of its own, with raw rules and kernel settings", () => {
    const bug = bugOf(
      reportWith(
        `network:
  family: ipv4
  dial: 203.0.113.1
  nodes:
    client: { role: client, sysctls: { net.ipv4.tcp_keepalive_time: 5 } }
    gate:
      role: router
      rules: |
        *filter
        :FORWARD ACCEPT [0:0]
        COMMIT
    files:
      role: server
      gateway: 192.168.1.1
      passive-ports: 4000-4010
      rules: |
        table inet own {
        }
  links:
    out: { subnet: 203.0.113.0/24, addresses: { client: 203.0.113.9, gate: 203.0.113.1 } }
    in: { subnet: 192.168.1.0/24, addresses: { gate: 192.168.1.1, files: 192.168.1.10 } }`,
      ),
    );
    const { topology } = bug.variants[0]!.setup;
    expect(topology.title).toBe("It does not work");
    expect(topology.nodes.find(({ id }) => id === "gate")).toMatchObject({
      userRules: { format: "iptables", file: "a-report.yaml (gate)" },
    });
    expect(topology.nodes.find(({ id }) => id === "files")).toMatchObject({
      userRules: { format: "nftables", file: "a-report.yaml (files)" },
    });
    expect(topology.nodes.find(({ id }) => id === "client")?.sysctls).toEqual({ "net.ipv4.tcp_keepalive_time": "5" });
  });

  it("takes conditions and options with what it begins from", () => {
    const bug = bugOf(
      reportWith(
        "network: { from: firewall+reject }\nserver: { from: tls-optional+expired, directives: UseFtpUsers off }",
      ),
    );
    expect(bug.variants[0]?.setup.topology.id).toBe("firewall+reject");
    expect(bug.variants[0]?.setup.server).toMatchObject({
      id: "a-report-reported+expired",
      tls: { certificate: "expired" },
      directives: ["UseFtpUsers off"],
    });
  });

  it("takes the release of a client and of a server", () => {
    const setup = bugOf(reportWith("network: direct\nserver: tls-optional@bullseye+expired\nclient: lftp@sid"))
      .variants[0]?.setup;
    expect(setup).toMatchObject({
      client: "lftp@sid",
      server: { id: "tls-optional@bullseye+expired", release: "bullseye", tls: { certificate: "expired" } },
    });
    const changed = bugOf(reportWith("network: direct\nserver: { from: vsftpd@sid, directives: pasv_enable=YES }"));
    expect(changed.variants[0]?.setup.server).toMatchObject({ software: "vsftpd", release: "sid" });
    const plainest = bugOf(reportWith("network: direct\nserver: proftpd@sid+tls1.2"));
    expect(plainest.variants[0]?.setup.server.id).toBe("tls-optional@sid+tls1.2");
    const wrong = (lines: string) => problemsOf(reportWith(`network: direct\n${lines}`)).join();
    expect(wrong("server: tls-optional@buster")).toContain("unknown release `buster`");
    expect(wrong("server: pure-ftpd@forky")).toContain("expected bullseye, bookworm, trixie or sid");
    expect(wrong("client: curl@buster")).toContain("unknown client `curl@buster`");
  });

  it("may have no transfer at all, where that can be told to the client", () => {
    const stepsOf = (text: string) => bugOf(reportWith(text)).variants[0]?.setup.script.steps;
    expect(stepsOf("network: direct\nsession: login")).toEqual([]);
    expect(stepsOf("network: direct\nsession: { pause: 2 s }")).toEqual([{ kind: "pause", ms: 2000 }]);
    expect(stepsOf('network: direct\nclient: { script: "a" }\nsession: login')).toEqual([]);
    expect(stepsOf('network: direct\nclient: { id: curl, command: "curl -I {host}" }\nsession: login')).toEqual([]);
  });

  it("may have a script for Node in the client's place, with packages and a Node of its own", () => {
    const script = 'network: direct\nclient: { npm: { basic-ftp: 3.8.7 }, files: { a.txt: b }, script: "ftp({port})" }';
    const bug = bugOf(
      reportWith(
        script,
        [
          '  node:\n    change: x\n    client: { node: "22.22.3", script: "import a from \'a\'" }\n    shows: { result: worked }',
          "  curl:\n    change: x\n    client: { id: curl }\n    shows: { result: worked }",
        ].join("\n"),
      ),
    );
    const shown = bug.variants.map(({ setup: { client, script } }) => [
      client,
      script.command?.argv ?? null,
      script.command?.files ?? null,
    ]);
    const own = { path: "a.txt", text: "b" };
    expect(shown).toEqual([
      ["npm@basic-ftp=3.8.7", ["node", "session.cjs"], [own, { path: "session.cjs", text: "ftp({port})" }]],
      [
        "npm@basic-ftp=3.8.7+node@22.22.3",
        ["/opt/npm/node/bin/node", "session.mjs"],
        [own, { path: "session.mjs", text: "import a from 'a'" }],
      ],
      ["curl", null, null],
    ]);
  });

  it("may have a user's own image in the client's place, which a variant's mapping goes on with or leaves", () => {
    const image = 'network: direct\nclient: { image: "my/client:1", command: [job, "{mode}"], files: { a.txt: b } }';
    const bug = bugOf(
      reportWith(
        image,
        [
          "  other:\n    change: x\n    client: { command: test }\n    shows: { result: worked }",
          "  newer:\n    change: x\n    client: { image: 'my/client:2' }\n    shows: { result: worked }",
          "  curl:\n    change: x\n    client: { id: curl }\n    shows: { result: worked }",
          "  script:\n    change: x\n    client: { script: a }\n    shows: { result: worked }",
        ].join("\n"),
      ),
    );
    const shown = bug.variants.map(({ setup: { client, script } }) => [client, script.command?.argv ?? null]);
    expect(shown).toEqual([
      ["image@my~client=1", ["job", "{mode}"]],
      ["image@my~client=1", ["test"]],
      ["image@my~client=2", ["job", "{mode}"]],
      ["curl", null],
      ["npm@none", ["node", "session.cjs"]],
    ]);
    expect(bug.variants[1]?.setup.script.command?.files).toEqual([{ path: "a.txt", text: "b" }]);
  });

  it("may have a scripted client, whose manners a variant changes", () => {
    const bug = bugOf(
      reportWith(
        "network: direct\nclient: { script: { steps: [NOOP] } }",
        [
          "  first:\n    change: x\n    client: { script: { tls: { ccc: first } } }\n    shows: { result: worked }",
          "  node:\n    change: x\n    client: { script: a }\n    shows: { result: worked }",
        ].join("\n"),
      ),
    );
    const shown = bug.variants.map(({ setup: { client, script } }) => {
      const text = script.command?.files.find(({ path }) => path === "script.json")?.text ?? "{}";
      return [client, (JSON.parse(text) as { tls?: unknown }).tls];
    });
    expect(shown).toEqual([
      ["scripted", { ccc: "answer" }],
      ["scripted", { ccc: "first" }],
      ["npm@none", undefined],
    ]);
  });

  it("may have its own command line, several steps, and sizes and times as people write them", () => {
    const own = bugOf(reportWith(`network: direct\nclient: { id: curl, command: "curl -v 'ftp://{host}/a b'" }`));
    expect(own.variants[0]?.setup.script.command?.argv).toEqual(["curl", "-v", "ftp://{host}/a b"]);
    const steps = bugOf(reportWith("network: direct\nsession: [list, pause: 1.5 s, upload: [0, 32 kB, 1 MiB]]"));
    expect(steps.variants[0]?.setup.script.steps).toEqual([
      { kind: "transfer", operation: "list", sizes: [] },
      { kind: "pause", ms: 1500 },
      { kind: "transfer", operation: "upload", sizes: [0, 32_000, 1_048_576] },
    ]);
  });

  it.each([
    [
      "a network that is not there",
      "network: server-natt",
      ":3:10: unknown topology `server-natt`; did you mean `server-nat`?",
    ],
    ["no network", "", "missing key `network`"],
    [
      "a key of the network that is not there",
      "network: { from: direct, nodes: { client: { gatewy: 1.2.3.4 } } }",
      "unknown key `gatewy`; did you mean `gateway`?",
    ],
    [
      "a link that the network lacks",
      "network: { from: server-nat, nodes: { router: { masquerade: [wan] } } }",
      ":3:62: there is no link `wan`",
    ],
    [
      "a client that is not there",
      "network: direct\nclient: curll",
      ":4:9: unknown client `curll`; did you mean `curl`?",
    ],
    ["several clients", "network: direct\nclient: '*'", "expected one client"],
    ["packages without a script", "network: direct\nclient: { npm: { ftp: 0.3.10 } }", "missing key `script`"],
    [
      "a script with a command line",
      "network: direct\nclient: { script: a, command: curl }",
      "a `script` is run by Node alone",
    ],
    ["an image without a command", "network: direct\nclient: { image: a }", ":4:9: missing key `command`"],
    [
      "an image with another client's keys",
      "network: direct\nclient: { image: a, id: curl, command: a }",
      ":4:25: an `image` has its own programs",
    ],
    ["no image", "network: direct\nclient: { image: A b, command: a }", "expected the name of an image"],
    [
      "a scripted client with other programs' keys",
      "network: direct\nclient: { script: { steps: [NOOP] }, npm: { ftp: 0.3.10 } }",
      "a scripted client does what its `steps` say",
    ],
    ["a scripted client without steps", "network: direct\nclient: { script: {} }", ":4:19: missing key `steps`"],
    [
      "an unknown step",
      "network: direct\nclient: { script: { steps: [Hello] } }",
      ":4:29: expected a command such as PASV",
    ],
    ["a range of versions", 'network: direct\nclient: { script: a, npm: { ftp: "^0.3.10" } }', "expected one version"],
    ["an old Node", 'network: direct\nclient: { script: a, node: "12.22.1" }', "Node 12.22.1 is too old"],
    [
      "a command for a client that has none",
      "network: direct\nclient: { command: a b }",
      "`basic-ftp` has no command line",
    ],
    [
      "a quote that is not closed",
      'network: direct\nclient: { id: curl, command: "curl \'a" }',
      "a quote is not closed",
    ],
    [
      "a file name that leads elsewhere",
      "network: direct\nclient: { id: curl, command: a, files: { ../x: y } }",
      "expected a plain file name",
    ],
    [
      "several steps for a program",
      "network: direct\nclient: curl\nsession: [list, list]",
      "`curl` does one thing per session",
    ],
    ["a pause alone", "network: direct\nclient: curl\nsession: [pause: 1 s]", "`curl` needs something to transfer"],
    ["a login alone", "network: direct\nclient: lftp\nsession: login", "`lftp` needs something to transfer"],
    ["a time without end", "network: direct\nsession: [list, pause: 2 h]", "expected a time such as 500 ms or 3 s"],
    ["a long time", "network: direct\nsession: [list, pause: 100 min]", "expected at most 60 s"],
    ["more than the line carries", "network: direct+rate-128kbit\nsession: { upload: 16 MiB }", "it would take"],
    ["a huge file", "network: direct\nsession: { upload: 1000 MB }", "expected at most 16777216 B"],
    ["an endless repetition", "network: direct\nruns: 1000000", "expected"],
    ["PASV over IPv6", "network: ipv6-firewall\ndata: pasv", "ipv6 has no PASV"],
    [
      "a kernel setting of the whole machine",
      "network: { from: direct, nodes: { client: { sysctls: { kernel.panic: 1 } } } }",
      "kernel.panic",
    ],
    [
      "rules that are none",
      "network: { from: server-nat, nodes: { router: { rules: reboot } } }",
      "expected the output of iptables-save, or an nftables file",
    ],
    ["a server that is not there", "network: direct\nserver: { from: proftp }", "unknown server `proftp`"],
    [
      "directives where there is no language for them",
      "network: direct\nserver: { from: pyftpdlib, directives: a }",
      "takes no configuration lines",
    ],
    [
      "no variant `reported`",
      "network: direct\nvariants: { fixed: { change: a, shows: { result: worked } } }",
      "the key `variants` occurs a second time",
    ],
  ])("is refused for %s", (_, lines, message) => {
    expect(problemsOf(reportWith(lines)).join("\n")).toContain(message);
  });

  it("is told all that is wrong with it at once, each thing once", () => {
    const problems = problemsOf(
      reportWith(
        "network: { from: server-nat, nodes: { router: { masquerade: [wan] } } }\nserver: nobody",
        "  fixed:\n    shows: { result: worked, stage: login }",
      ),
    );
    expect(problems).toHaveLength(4);
    expect(problems.map((line) => line.replace(/^a-report.yaml:\d+:\d+: /, ""))).toEqual([
      expect.stringContaining("there is no link `wan`"),
      expect.stringContaining("unknown server `nobody`"),
      "missing key `change`: what is changed, in one sentence",
      "`result: worked` has no failing stage; leave `stage` out",
    ]);
  });
});

/** What the server announces, and whether its router masquerades, variant by variant. */
const announcedIn = (report: string) =>
  bugOf(report).variants.map(({ setup: { topology } }) =>
    topology.nodes.map((node) =>
      node.kind === "server" ? node.masqueradeAddress : node.kind === "router" ? node.masquerade : null,
    ),
  );

describe("`null` in a variant", () => {
  const variant = (patch: string, from = "") =>
    `  bare: { change: Without., ${from}network: { nodes: ${patch} }, shows: { result: worked } }`;

  it("takes away what the network's file has", () => {
    const bare = variant("{ server: { masquerade-address: null }, router: { masquerade: null } }");
    expect(announcedIn(reportWith("network: server-nat-range", bare))).toEqual([
      [null, ["internet"], "203.0.113.1"],
      [null, [], null],
    ]);
  });

  it("takes away what the report itself has changed, and what the network's file has below it", () => {
    const base = "network: { from: server-nat-range, nodes: { server: { masquerade-address: 127.0.0.1 } } }";
    expect(announcedIn(reportWith(base, variant("{ server: { masquerade-address: null } }")))).toEqual([
      [null, ["internet"], "127.0.0.1"],
      [null, ["internet"], null],
    ]);
  });

  it("takes away what the server's file has, and the report's own configuration", () => {
    const report = reportWith(
      "network: direct\nserver: { from: tls-required, directives: UseFtpUsers off, config: 'Port 21' }",
      "  other: { change: Without., server: { directives: null, config: null }, shows: { result: worked } }",
    );
    const [first, other] = bugOf(report).variants.map(({ setup }) => setup.server);
    expect(first?.userConfig?.text).toBe("Port 21");
    expect([other?.userConfig, other?.directives, other?.tls?.required]).toEqual([undefined, undefined, "on"]);
  });
});

describe("a reporter's own configuration", () => {
  const files = `server:
  software: proftpd
  config:
    /etc/proftpd/proftpd.conf: |
      Include /etc/proftpd/modules.conf
      PassivePorts 50000 50999
      Include /etc/proftpd/conf.d/*.conf
    /etc/proftpd/conf.d/tls.conf: |
      TLSEngine on
      TLSRSACertificateFile /etc/ssl/ftp.crt`;

  it("may be several files, of which those that it includes stand where it includes them", () => {
    const variants = `  plain:
    change: Without TLS.
    server: { config: { /etc/proftpd/conf.d/tls.conf: null } }
    shows: { result: worked }`;
    const [both, plain] = bugOf(reportWith(`network: direct\n${files}`, variants)).variants.map(
      ({ setup }) => setup.server.userConfig,
    );
    expect(both?.text.split("\n")).toEqual([
      "Include /etc/proftpd/modules.conf",
      "PassivePorts 50000 50999",
      "TLSEngine on",
      "TLSRSACertificateFile /etc/ssl/ftp.crt",
      "",
    ]);
    expect(both === undefined ? null : placeIn(both, 3)).toBe("/etc/proftpd/conf.d/tls.conf:1");
    expect(plain?.text).toContain("Include /etc/proftpd/conf.d/*.conf");
    expect(plain?.text).not.toContain("TLSEngine");
  });

  it.each([
    ["a list", "software: proftpd, config: [a, b]", "expected the text of a configuration file, or a mapping"],
    ["no text", "software: proftpd, config: { a.conf: 1 }", "expected the text of a configuration file, or a mapping"],
    ["several files of vsftpd's", "software: vsftpd, config: { a: b=YES, c: d=YES }", "one configuration file"],
    ["a software of which none is taken", "from: pyftpdlib, config: 'a b'", "the lab takes no configuration of"],
    ["a port that is none", "software: vsftpd, config: listen_port=99999", "listen_port=99999 is no port"],
  ])("is refused for %s", (_, server, message) => {
    expect(problemsOf(reportWith(`network: direct\nserver: { ${server} }`)).join()).toContain(message);
  });
});

test("a remedy that would be a change of the reporter's own rules or configuration is refused, with their place", () => {
  const rules = JSON.stringify("*filter\n-A FORWARD -j ACCEPT\nCOMMIT\n");
  const remedied = (lines: string, remedy: string): string =>
    problemsOf(reportWith(lines, `  fixed: { change: a, remedy: ${remedy}, shows: { result: worked } }`)).join();
  expect(remedied(`network: { from: server-nat, nodes: { router: { rules: ${rules} } } }`, "attach-helper")).toContain(
    "`attach-helper` cannot be applied: it would change a-report.yaml (router)",
  );
  expect(
    remedied("network: server-nat\nserver: { software: vsftpd, config: ssl_enable=YES }", "accept-new-sessions"),
  ).toContain("it would change a-report.yaml (config)");
  expect(remedied("network: server-nat", "attach-helper")).toBe("");
});
