import { diagnose } from "../../../../harness/diagnose/diagnose";
import type { Finding } from "../../../../harness/model/diagnosis";
import type { CellEvidence } from "../../../../harness/model/evidence";
import { profileNamed, topologyNamed } from "../../../support/inputs";
import { withFilters, withRouter, withRouters, withServer } from "../../../support/variations";
import { line, simulate, withAttempt, withRouterEvidence } from "../../../support/simulated-evidence";

const root = (evidence: CellEvidence): Finding | undefined => diagnose(evidence).findings[0];
const causes = (evidence: CellEvidence): string[] => diagnose(evidence).findings.map(({ cause }) => cause);
const remedyLines = (evidence: CellEvidence): readonly string[] =>
  root(evidence)?.remedies.flatMap(({ lines }) => lines) ?? [];

/** What is left where a helper could have read the line and expected nothing. */
const readableAndUnread = ["helper-does-not-know-line", "passive-port-not-forwarded"];

describe("no-helper", () => {
  const evidence = simulate({ topology: "server-nat", mode: "ftp", data: "epsv" });

  it("is shown by rules that attach none, and names the packet's end", () => {
    expect(root(evidence)).toMatchObject({ cause: "no-helper", confidence: "shown" });
    expect(root(evidence)?.explanation).toMatch(/no FTP helper on router.*203\.0\.113\.1:50001.*policy of INPUT/);
  });

  it("gives the network's administrator rules for this port and this range", () => {
    expect(remedyLines(evidence)).toEqual(
      expect.arrayContaining([
        "iptables -t raw -I PREROUTING -p tcp --dport 21 -j CT --helper ftp",
        "iptables -t nat -A PREROUTING -i internet -d 203.0.113.1 -p tcp --dport 50000:50999 -j DNAT --to-destination 192.168.10.10",
        "iptables -I FORWARD -i internet -o lan -p tcp --dport 50000:50999 -m conntrack --ctstate NEW -j ACCEPT",
      ]),
    );
    // The server's range is in its configuration, and 229 names no address.
    expect(remedyLines(evidence).join("\n")).not.toMatch(/PassivePorts|MasqueradeAddress/);
  });

  it("is said in ip6tables and without NAT where the network is IPv6", () => {
    const lines = remedyLines(simulate({ topology: "ipv6-firewall", mode: "ftp", data: "epsv" }));
    expect(lines).toContain("ip6tables -t raw -I PREROUTING -p tcp --dport 21 -j CT --helper ftp");
    expect(lines.join("\n")).not.toMatch(/nf_nat_ftp|DNAT|^iptables/m);
  });

  it("is not the reason where TLS covers the dialogue, or where no router is in the way", () => {
    expect(causes(simulate({ topology: "server-nat", mode: "ftps", data: "epsv" }))).not.toContain("no-helper");
    const direct = withServer(topologyNamed("direct"), { masqueradeAddress: "203.0.113.77" });
    expect(
      causes(simulate({ mode: "ftp", data: "pasv", client: "basic-ftp+trust-227" }, { topology: direct })),
    ).toEqual(["passive-address-unroutable"]);
  });

  it("is told of the router that lacks one, after what that router did, where another router has one", () => {
    const half = withRouter(topologyNamed("double-nat-helper"), "server-router", { helperPorts: [] });
    const { findings } = diagnose(simulate({ mode: "ftp", data: "epsv" }, { topology: half }));
    expect(findings.map(({ cause }) => cause)).toEqual(["passive-port-not-forwarded", "no-helper"]);
    expect(findings[0]?.explanation).toMatch(/client-router expected the connection, so TLS is not the reason/);
    expect(findings[1]?.explanation).toMatch(/server-router, which has no FTP helper/);
  });
});

describe("helper-blind-to-tls", () => {
  it("is shown by a 227 that no router rewrote", () => {
    const finding = root(simulate({ topology: "server-nat-helper", mode: "ftps", data: "pasv" }));
    expect(finding).toMatchObject({ cause: "helper-blind-to-tls", confidence: "shown" });
    expect(finding?.proofs).toContainEqual({
      witness: "server",
      text: "sent 227 with 192.168.10.10:50001, not rewritten on the way",
    });
    expect(finding?.proofs[0]?.text).toMatch(/^> PASV \(inside TLS\) < 227/);
  });

  it("says of implicit TLS that a rule for port 990 would not help", () => {
    expect(root(simulate({ topology: "firewall-helper", mode: "ftps-implicit", data: "epsv" }))?.explanation).toMatch(
      /No rule attaches it to port 990, and attaching it there would not help/,
    );
  });

  it("offers CCC last, in the client's words, and to grant it only where the server refuses it", () => {
    const axes = { topology: "client-egress-helper", mode: "ftps", data: "pasv" } as const;
    expect(remedyLines(simulate(axes))).toContain("// basic-ftp itself has no CCC: lftp and curl have.");
    expect(remedyLines(simulate({ ...axes, client: "curl-7.88" }))).toContain(
      "curl --ssl-reqd --ftp-ssl-ccc --ftp-ssl-ccc-mode passive --disable-epsv --user NAME ftp://ftp.example.net/",
    );
    expect(root(simulate(axes))?.remedies.at(-1)?.id).toBe("clear-control");
    for (const client of ["filezilla", "curl", "wget"]) {
      expect(root(simulate({ ...axes, client }))?.remedies.map(({ id }) => id)).not.toContain("clear-control");
    }
    expect(remedyLines(simulate(axes))).not.toContain("TLSRequired auth+data");
    expect(remedyLines(simulate({ ...axes, server: "tls-required" }))).toContain("TLSRequired auth+data");
  });

  it("is not the reason where a helper expected the connection: what then decided is", () => {
    const deaf = withFilters(topologyNamed("server-nat-helper"), { related: false });
    const evidence = simulate({ mode: "ftp", data: "epsv" }, { topology: deaf });
    expect(causes(evidence)).toEqual(["related-not-accepted"]);
  });

  it("is not the reason where the routers have no helper", () => {
    expect(causes(simulate({ topology: "client-nat", mode: "ftps", data: "port" }))).toEqual([
      "active-connection-blocked",
    ]);
  });

  it("goes by the dialogue and not by the mode: a client that sent CCC and NOOP could be read", () => {
    const axes = { topology: "server-nat-helper", data: "epsv" } as const;
    const { transcript } = simulate({ ...axes, mode: "ftps-ccc" }).attempt;
    const evidence = simulate({ ...axes, mode: "ftps" });
    expect(causes(withAttempt(evidence, { transcript }))).toEqual(readableAndUnread);
    expect(causes(withAttempt(evidence, { transcript: [] }))[0]).toBe("helper-blind-to-tls");
  });
});

describe("helper-missed-first-line-after-ccc", () => {
  const evidence = simulate({ topology: "server-nat-helper", mode: "ftps-ccc-unprimed", data: "epsv" });

  it("is known by the order of CCC and the data command", () => {
    expect(root(evidence)).toMatchObject({ cause: "helper-missed-first-line-after-ccc", confidence: "shown" });
    expect(root(evidence)?.proofs[0]?.text).toMatch(/^> EPSV \(first clear line after CCC\)/);
    expect(root(evidence)?.remedies.map(({ what }) => what)).toContainEqual(expect.stringMatching(/NOOP/));
  });

  it("needs no mode that says so: any client may go from CCC to PASV", () => {
    const { transcript } = evidence.attempt;
    const mode = { ...evidence.cell, mode: "ftps-ccc" } as const;
    expect(causes({ ...withAttempt(evidence, { transcript }), cell: mode })[0]).toBe(
      "helper-missed-first-line-after-ccc",
    );
  });

  it("is not the reason once a harmless command went before", () => {
    const transcript = evidence.attempt.transcript.flatMap((entry) =>
      entry.text === "EPSV" ? [line("> NOOP"), line("< 200 OK"), entry] : [entry],
    );
    expect(causes(withAttempt(evidence, { transcript }))).toEqual(readableAndUnread);
  });

  it("is not the reason where chance let the helper read it: the expectation shows it", () => {
    const master = evidence.routers[0]!.connections[0]!.original;
    const expectation = {
      kind: "new",
      at: 2,
      source: "203.0.113.32",
      destination: "203.0.113.1",
      port: 50_001,
      master,
      helper: "ftp",
    } as const;
    const read = withRouterEvidence(evidence, () => ({ expectations: [expectation] }));
    expect(causes(read)).toEqual(["passive-port-not-forwarded"]);
  });
});

describe("helper-not-on-port", () => {
  const elsewhere = withRouters(topologyNamed("server-nat"), () => ({ helperPorts: [2121] }));

  it("is shown by rules that watch another port", () => {
    const evidence = simulate({ mode: "ftp", data: "epsv" }, { topology: elsewhere });
    expect(root(evidence)).toMatchObject({ cause: "helper-not-on-port", confidence: "shown" });
    expect(root(evidence)?.explanation).toMatch(/watches port 2121, and this session used port 21/);
    expect(remedyLines(evidence)).toContain("iptables -t raw -I PREROUTING -p tcp --dport 21 -j CT --helper ftp");
  });

  it("is told after a filter that lets the server open nothing", () => {
    const strict = withRouters(topologyNamed("firewall-strict-helper"), () => ({ helperPorts: [2121] }));
    expect(causes(simulate({ mode: "ftp", data: "port" }, { topology: strict }))).toEqual([
      "egress-blocked",
      "helper-not-on-port",
    ]);
  });

  it("is the root of a refused PORT whose address a helper would have rewritten", () => {
    const masquerading = withRouters(topologyNamed("client-nat-helper"), () => ({ helperPorts: [2121] }));
    const server = profileNamed("vsftpd");
    const evidence = simulate({ mode: "ftp", data: "port", server: "vsftpd" }, { topology: masquerading, server });
    expect(causes(evidence)).toEqual(["helper-not-on-port", "active-address-refused"]);
    expect(root(evidence)?.explanation).toMatch(/no helper read its PORT command.*told to connect to 192\.168\.20\.32/);
    // An address that the client does not have would not have been rewritten.
    const foreign = evidence.attempt.transcript.map((other) =>
      other.text.startsWith("PORT ") ? { ...other, text: "PORT 192,168,20,99,238,73" } : other,
    );
    expect(causes(withAttempt(evidence, { transcript: foreign }))).toEqual(["active-address-refused"]);
  });

  it("is not the reason where conntrack names the helper on the connection", () => {
    const attached = withRouterEvidence(simulate({ mode: "ftp", data: "epsv" }, { topology: elsewhere }), (router) => ({
      connections: router.connections.map((connection) => ({ ...connection, helper: "ftp" })),
    }));
    // A helper that followed the connection and expected nothing did not know the 229.
    expect(causes(attached)).toEqual(readableAndUnread);
  });
});

describe("helper-does-not-know-line", () => {
  const ignorant = withRouters(topologyNamed("server-nat-helper"), ({ make }) => ({
    make: { ...make, helperKnows: ["227"] as const },
  }));

  it("is shown by a helper that followed the connection and expected nothing of a clear 229", () => {
    const evidence = simulate({ mode: "ftp", data: "epsv" }, { topology: ignorant });
    expect(root(evidence)).toMatchObject({ cause: "helper-does-not-know-line", confidence: "shown" });
    expect(root(evidence)?.explanation).toMatch(
      /helper on router followed this control connection, the 229 reply passed/,
    );
    expect(remedyLines(evidence)).toContain("client.prepareTransfer = enterPassiveModeIPv4");
  });

  it("is not the reason where TLS hides the line, or where 227 names an address that helpers pass over", () => {
    const hidden = simulate({ mode: "ftps", data: "epsv" }, { topology: ignorant });
    expect(causes(hidden)).not.toContain("helper-does-not-know-line");
    const elsewhere = withServer(topologyNamed("server-nat-helper"), { masqueradeAddress: "203.0.113.1" });
    expect(causes(simulate({ mode: "ftp", data: "pasv" }, { topology: elsewhere }))).not.toContain(
      "helper-does-not-know-line",
    );
  });
});

describe("data-connection-to-other-server", () => {
  it("is the reason where a balancer deals out the two connections, whoever may read them", () => {
    for (const axes of [
      { mode: "ftp", data: "pasv" },
      { mode: "ftps", data: "epsv" },
    ] as const) {
      const evidence = simulate({ topology: "load-balanced", ...axes });
      expect(causes(evidence)[0]).toBe("data-connection-to-other-server");
      expect(root(evidence)?.confidence).toBe("shown");
      expect(root(evidence)?.explanation).toMatch(
        /control connection to 192\.168\.10\.11:21 and the data connection to 192\.168\.10\.12:50001/,
      );
    }
  });

  it("is not the reason where the connection was refused at the right server", () => {
    const topology = withRouters(topologyNamed("load-balanced"), ({ portForwards }) => ({
      portForwards: portForwards.map(({ on, ports, to }) => ({ on, ports, to })),
    }));
    const evidence = simulate({ topology: "load-balanced", data: "epsv" }, { topology });
    const refused = withAttempt(evidence, { result: "failed", stage: "data-connect", message: "ECONNREFUSED" });
    expect(causes(refused)).not.toContain("data-connection-to-other-server");
  });
});

describe("passive-address-not-dialled", () => {
  const from = (client: string): readonly string[] =>
    causes(simulate({ topology: "load-balancer-front", mode: "ftps", data: "pasv", client }));

  it("is the reason where the client rejects a right address, or takes the dialled one instead", () => {
    expect(from("basic-ftp")[0]).toBe("passive-address-not-dialled");
    expect(from("basic-ftp+ignore-227")[0]).toBe("passive-address-not-dialled");
    expect(from("basic-ftp+trust-227")).toEqual([]);
  });

  it("is not the reason where the address is a private one, and the client is not in that network", () => {
    // The filter would let it pass, and no client outside has a route to it.
    const open = withFilters(topologyNamed("server-nat"), { forward: "accept" });
    const evidence = simulate({ mode: "ftps", data: "pasv", client: "basic-ftp+ignore-227" }, { topology: open });
    expect(causes(evidence)).toEqual(["passive-port-not-forwarded"]);
  });
});

describe("passive-address-rejected-by-client", () => {
  const evidence = simulate({ topology: "server-nat-range-no-masquerade", mode: "ftps", data: "pasv" });

  it("is the reason where static rules would have carried the connection", () => {
    expect(causes(evidence)).toEqual(["passive-address-rejected-by-client"]);
    expect(root(evidence)?.explanation).toMatch(/named 192\.168\.10\.10:50001, the client had dialled 203\.0\.113\.1/);
    expect(remedyLines(evidence)).toContain("MasqueradeAddress 203.0.113.1");
  });

  it("is not the reason where the router would have taken the connection for its own, whatever it forwards", () => {
    const open = withFilters(topologyNamed("server-nat"), { forward: "accept" });
    expect(causes(simulate({ mode: "ftps", data: "pasv" }, { topology: open }))).toEqual([
      "passive-address-unroutable",
    ]);
  });

  it("is not the reason where nothing would have carried it, or where the server refused PASV", () => {
    expect(causes(simulate({ topology: "server-nat", mode: "ftps", data: "pasv" }))).toEqual([
      "passive-address-unroutable",
    ]);
    const refused = withAttempt(evidence, {
      message: "502 PASV not implemented",
      replyCode: 502,
      transcript: ["> PASV", "< 502 PASV not implemented"].map(line),
    });
    // With another reply in its log, the server did not refuse.
    expect(causes({ ...refused, server: null })).toEqual(["data-command-refused"]);
  });
});

describe("passive-address-unroutable", () => {
  it("is told of a client that dials the private address, after the helper that could have rewritten it", () => {
    const evidence = simulate({ topology: "server-nat", mode: "ftp", data: "pasv", client: "basic-ftp+trust-227" });
    expect(causes(evidence)).toEqual(["no-helper", "passive-address-unroutable"]);
    expect(diagnose(evidence).findings[1]?.explanation).toMatch(/the private address 192\.168\.10\.10:50001/);
  });

  it("says that a helper passes over an address that is not the server's own", () => {
    const wrong = withServer(topologyNamed("server-nat-helper"), { masqueradeAddress: "203.0.113.77" });
    const evidence = simulate({ mode: "ftp", data: "pasv" }, { topology: wrong });
    expect(causes(evidence)).toEqual(["passive-address-unroutable"]);
    expect(root(evidence)?.explanation).toMatch(/skips a 227 that names another address/);
  });

  it("is not the reason where the client dialled the control connection's address", () => {
    expect(causes(simulate({ topology: "server-nat", mode: "ftps", data: "epsv" }))).not.toContain(
      "passive-address-unroutable",
    );
  });
});

describe("passive-port-not-forwarded", () => {
  it("names router, chain and port", () => {
    const evidence = simulate({ topology: "firewall", mode: "ftps", data: "pasv" });
    expect(root(evidence)).toMatchObject({ cause: "passive-port-not-forwarded", confidence: "shown" });
    expect(root(evidence)?.explanation).toMatch(/198\.51\.100\.10:50001: router dropped it by the policy of FORWARD/);
    expect(remedyLines(evidence)).toContain(
      "iptables -I FORWARD -i outside -o inside -p tcp --dport 50000:50999 -m conntrack --ctstate NEW -j ACCEPT",
    );
  });

  it("quotes the rule that rejected it", () => {
    const rejecting = withFilters(topologyNamed("firewall"), { forward: "reject" });
    expect(root(simulate({ mode: "ftps", data: "epsv" }, { topology: rejecting }))?.explanation).toMatch(
      /rejected it by the rule "-A FORWARD -p tcp -j REJECT --reject-with tcp-reset"/,
    );
  });

  it("speaks of active mode only to clients that the server could reach", () => {
    const active = /active mode/;
    const words = (topology: string): string =>
      root(simulate({ topology, mode: "ftps", data: "epsv" }))!
        .remedies.map(({ what }) => what)
        .join("\n");
    expect(words("server-nat")).toMatch(active);
    const hidden = withRouters(topologyNamed("double-nat-helper"), () => ({ helperPorts: [] }));
    const evidence = simulate({ mode: "ftps", data: "epsv" }, { topology: hidden });
    expect(
      root(evidence)!
        .remedies.map(({ what }) => what)
        .join("\n"),
    ).not.toMatch(active);
  });
});

describe("active-address-refused", () => {
  const evidence = simulate({ topology: "server-nat-snat", mode: "ftps", data: "port" });

  it("names both addresses", () => {
    expect(root(evidence)).toMatchObject({ cause: "active-address-refused", confidence: "shown" });
    expect(root(evidence)?.explanation).toBe(
      "PORT named 203.0.113.32:61001, and the server sees the client at 192.168.10.1: it answered 500.",
    );
    expect(remedyLines(evidence)).toContain("iptables -t nat -D POSTROUTING -o lan -j MASQUERADE");
  });

  it("is likely without the server's log, and shown again by its line", () => {
    expect(root({ ...evidence, server: null })).toMatchObject({ confidence: "likely" });
    const systemLog = ["Refused PORT 203,0,113,32,238,73 (address mismatch)"];
    const server = { ...evidence.server!, exchanges: [], peer: "", systemLog };
    expect(root({ ...evidence, server })).toMatchObject({ confidence: "shown" });
  });

  it("is not the reason where the server does not know the command", () => {
    const transcript = ["> EPRT |1|203.0.113.32|61001|", "< 500 EPRT not understood"].map(line);
    expect(causes(withAttempt(evidence, { transcript, message: "500 EPRT not understood" }))).toEqual([
      "data-command-refused",
    ]);
  });

  it("is not the reason where the server allows the command to nobody", () => {
    // Recorded: ProFTPD with <Limit EPRT>.
    const message = "501 EPRT: Operation not permitted";
    const transcript = ["> EPRT |1|203.0.113.32|61001|", `< ${message}`].map(line);
    expect(causes(withAttempt(evidence, { transcript, message, replyCode: 501 }))).toEqual(["data-command-refused"]);
  });
});

describe("active-connection-blocked", () => {
  it("says where the server's SYN ended", () => {
    const evidence = simulate({ topology: "client-nat", mode: "ftps", data: "eprt" });
    expect(root(evidence)).toMatchObject({ cause: "active-connection-blocked", confidence: "shown" });
    expect(root(evidence)?.explanation).toMatch(/waited at 192\.168\.20\.32:61001.*policy of INPUT.*gave up with 425/);
    const [first] = root(evidence)?.remedies ?? [];
    expect(first?.id).toBe("passive-instead");
    expect(first?.lines).toContain("client.prepareTransfer = enterPassiveModeIPv6");
  });

  it("is the reason where the client's own router expected the server, and another host's connection came", () => {
    const deaf = withFilters(topologyNamed("client-nat-helper"), { related: false });
    const expected = simulate({ mode: "ftp", data: "port" }, { topology: deaf });
    const evidence = withRouterEvidence(expected, ({ expectations }) => ({
      expectations: expectations.map((entry) => ({ ...entry, source: "203.0.113.99" })),
    }));
    expect(causes(evidence)).toEqual(["active-connection-blocked"]);
    expect(root(evidence)?.explanation).toMatch(/had read the command, so TLS is not the reason/);
  });
});

describe("egress-blocked", () => {
  const muted = withRouters(topologyNamed("client-egress-helper"), () => ({ helperPorts: [] }));

  it("comes before the helper that is missing, where the client's side lets nothing out", () => {
    const evidence = simulate({ mode: "ftp", data: "epsv" }, { topology: muted });
    expect(causes(evidence)).toEqual(["egress-blocked", "no-helper"]);
    expect(remedyLines(evidence)).toContain(
      "iptables -I FORWARD -i lan -o internet -d 203.0.113.10 -p tcp --dport 50000:50999 -m conntrack --ctstate NEW -j ACCEPT",
    );
  });

  it("lets the server's side out by its own links", () => {
    const strict = withRouters(topologyNamed("firewall-strict-helper"), () => ({ helperPorts: [] }));
    expect(remedyLines(simulate({ mode: "ftps", data: "port" }, { topology: strict }))).toContain(
      "iptables -I FORWARD -i inside -o outside -p tcp --dport 1024:65535 -m conntrack --ctstate NEW -j ACCEPT",
    );
  });

  it("is not the reason where a rule lets the client's side open anything: that router guards the client", () => {
    const guard = withRouters(topologyNamed("firewall"), ({ filter }) => ({
      filter: { ...filter, allow: [{ from: "outside", to: "inside", ports: null }] },
    }));
    expect(causes(simulate({ mode: "ftp", data: "port" }, { topology: guard }))).toEqual([
      "no-helper",
      "active-connection-blocked",
    ]);
    expect(causes(simulate({ mode: "ftps", data: "port" }, { topology: guard }))).toEqual([
      "active-connection-blocked",
    ]);
  });

  it("is found at the router that the server's connection meets first", () => {
    const named = withServer(topologyNamed("double-nat-helper"), { masqueradeAddress: "203.0.113.1" });
    const double = withRouter(named, "server-router", {
      filter: {
        input: "drop",
        forward: "drop",
        related: true,
        allow: [{ from: "internet", to: "server-lan", ports: null }],
      },
    });
    const evidence = simulate({ mode: "ftps", data: "port" }, { topology: double });
    expect(causes(evidence)).toEqual(["helper-blind-to-tls", "egress-blocked"]);
    expect(root(evidence)?.explanation).toMatch(/server-router dropped it by the policy of FORWARD/);
  });

  it("is not the reason where the server's own router drops what it has forwarded", () => {
    const dropping = withRouters(topologyNamed("server-nat-range"), ({ filter }) => ({
      masquerade: ["internet", "lan"],
      filter: { ...filter, allow: [{ from: "internet", to: "lan", ports: [{ first: 21, last: 21 }] }] },
    }));
    expect(causes(simulate({ mode: "ftps", data: "epsv" }, { topology: dropping }))).toEqual([
      "passive-port-not-forwarded",
    ]);
  });
});
