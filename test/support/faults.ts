import type { Lab } from "../../harness/lab/lab";
import type { CauseId } from "../../harness/model/diagnosis";
import type { SessionRequest } from "../../harness/model/agent-protocol";
import { withoutHelpers, routersOf } from "../../harness/plan/network";

/** One thing broken in a lab whose cell works, and the root that the diagnosis must find without being told. */
export type Fault = {
  readonly name: string;
  /** `topology/server/client/mode/data/operation`. */
  readonly cell: string;
  readonly break: (lab: Lab) => Promise<void>;
  readonly cause: CauseId;
};

const onRouters =
  (...lines: readonly string[]) =>
  async (lab: Lab): Promise<void> => {
    for (const router of routersOf(lab.topology)) {
      await lab.routerShell(router).run("rules", ["set -e", ...lines].join("\n"));
    }
  };

/** Puts a rule before all others of a chain. */
const first = (chain: string, rule: string) => onRouters(`iptables -I ${chain} 1 ${rule}`);

/** Edits `proftpd.conf` and starts ProFTPD anew. */
const onServer =
  (...lines: readonly string[]) =>
  async (lab: Lab): Promise<void> => {
    await lab.serverShell.run(
      "server",
      [
        "set -e",
        "conf=/etc/proftpd/lab.conf",
        ...lines,
        "pid=$(cat /run/proftpd-lab.pid); kill $pid",
        "for i in $(seq 250); do [ -z \"$(ss -Hltn 'sport = :21')\" ] && break; sleep 0.02; done",
        "rm -f /run/proftpd-lab.pid; proftpd -c $conf",
        "for i in $(seq 250); do [ -n \"$(ss -Hltn 'sport = :21')\" ] && exit 0; sleep 0.02; done; exit 1",
      ].join("\n"),
    );
  };

const sed = (expression: string): ((lab: Lab) => Promise<void>) => onServer(`sed -i '${expression}' $conf`);
const masquerade = (address: string) => sed(`s/MasqueradeAddress .*/MasqueradeAddress ${address}/`);
const tlsRequired = (value: string) => sed(`s/TLSRequired .*/TLSRequired ${value}/`);

/** Makes a certificate in the server's place with openssl; `$dir` holds a CA that nobody trusts. */
const certificate = (...lines: readonly string[]) =>
  onServer(
    "cd /etc/proftpd",
    "exec 2>/tmp/openssl.log",
    "openssl ecparam -name prime256v1 -genkey -noout -out lab-key.pem",
    ...lines,
  );

/** Changes what the client asks for, as a wrong setting of its user would. */
const onClient =
  (change: (request: SessionRequest) => SessionRequest) =>
  (lab: Lab): Promise<void> => {
    const run = lab.runSession.bind(lab);
    lab.runSession = (request, onWaiting) => run(change(request), onWaiting);
    return Promise.resolve();
  };

const noDnatOfRange = onRouters("iptables-save -t nat | sed 's/,50000:50999//' | iptables-restore -T nat");
const noAllowOfRange = onRouters("iptables-save -t filter | sed 's/,50000:50999//' | iptables-restore -T filter");
const removeHelper = (lab: Lab): Promise<void> => lab.applyRules(withoutHelpers(lab.topology));
const replaceHelper = (...lines: readonly string[]) =>
  onRouters("iptables -t raw -D PREROUTING -p tcp --dport 21 -j CT --helper ftp", ...lines);

const optional = "tls-optional/basic-ftp";

/** Working cells, each broken in one way. */
export const faults: readonly Fault[] = [
  {
    name: "helper rule removed, PASV",
    cell: `server-nat-helper/${optional}/ftp/pasv/list`,
    break: removeHelper,
    cause: "no-helper",
  },
  {
    name: "helper rule removed, EPSV",
    cell: `firewall-helper/${optional}/ftp/epsv/list`,
    break: removeHelper,
    cause: "no-helper",
  },
  {
    name: "helper rule removed, PORT",
    cell: `client-nat-helper/${optional}/ftp/port/list`,
    break: removeHelper,
    cause: "no-helper",
  },
  {
    name: "helper rule removed, after CCC",
    cell: `firewall-helper/${optional}/ftps-ccc/epsv/list`,
    break: removeHelper,
    cause: "no-helper",
  },
  {
    name: "helper rule on the wrong port",
    cell: `server-nat-helper/${optional}/ftp/pasv/list`,
    break: replaceHelper("iptables -t raw -A PREROUTING -p tcp --dport 2121 -j CT --helper ftp"),
    cause: "helper-not-on-port",
  },
  {
    name: "rule that matches a helper instead of setting it",
    cell: `firewall-helper/${optional}/ftp/epsv/list`,
    break: replaceHelper("iptables -I FORWARD 1 -m helper --helper ftp -j ACCEPT"),
    cause: "no-helper",
  },
  {
    name: "DNAT of the range removed",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: noDnatOfRange,
    cause: "passive-port-not-forwarded",
  },
  {
    name: "DNAT of the range to other ports",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: onRouters(
      "iptables -t nat -I PREROUTING 1 -i internet -p tcp --dport 50000:50999 -j DNAT --to-destination 192.168.10.10:40000-40999",
      "iptables -I FORWARD 1 -p tcp --dport 40000:40999 -j ACCEPT",
    ),
    cause: "passive-port-not-forwarded",
  },
  {
    name: "DNAT of the range shifted",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: async (lab) => {
      await sed("s/PassivePorts .*/PassivePorts 50000 50001/")(lab);
      await onRouters("iptables-save -t nat | sed 's/50000:50999/50002:51001/' | iptables-restore -T nat")(lab);
    },
    cause: "passive-port-not-forwarded",
  },
  {
    name: "range no longer allowed, DROP",
    cell: `firewall-range/${optional}/ftps/epsv/list`,
    break: noAllowOfRange,
    cause: "passive-port-not-forwarded",
  },
  {
    name: "range refused with a reset",
    cell: `firewall-range/${optional}/ftps/epsv/list`,
    break: first("FORWARD", "-p tcp --dport 50000:50999 -j REJECT --reject-with tcp-reset"),
    cause: "passive-port-not-forwarded",
  },
  {
    name: "range refused with ICMP",
    cell: `firewall-range/${optional}/ftps/epsv/list`,
    break: first("FORWARD", "-p tcp --dport 50000:50999 -j REJECT --reject-with icmp-admin-prohibited"),
    cause: "passive-port-not-forwarded",
  },
  {
    name: "PassivePorts outside the forwarded range",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: sed("s/PassivePorts .*/PassivePorts 40000 40100/"),
    cause: "passive-port-not-forwarded",
  },
  {
    name: "server's egress closed, DROP",
    cell: `server-nat/${optional}/ftps/port/list`,
    break: onRouters("iptables-save -t filter | grep -v -- '-i lan -o internet' | iptables-restore -T filter"),
    cause: "egress-blocked",
  },
  {
    name: "server's egress refused with a reset",
    cell: `server-nat/${optional}/ftps/eprt/list`,
    break: first("FORWARD", "-i lan -o internet -p tcp --syn -j REJECT --reject-with tcp-reset"),
    cause: "egress-blocked",
  },
  {
    name: "firewall's egress refused with ICMP",
    cell: `firewall/${optional}/ftps/port/list`,
    break: first("FORWARD", "-i inside -p tcp --syn -j REJECT --reject-with icmp-admin-prohibited"),
    cause: "egress-blocked",
  },
  {
    name: "client's egress closed but for 21",
    cell: `client-nat/${optional}/ftps/pasv/list`,
    break: first("FORWARD", "-i lan -p tcp --syn ! --dport 21 -j DROP"),
    cause: "egress-blocked",
  },
  {
    name: "MasqueradeAddress of somebody else",
    cell: `server-nat-range/${optional}/ftps/pasv/list`,
    break: masquerade("203.0.113.99"),
    cause: "passive-address-rejected-by-client",
  },
  {
    name: "MasqueradeAddress private",
    cell: `server-nat-range/${optional}/ftps/pasv/list`,
    break: masquerade("192.168.10.10"),
    cause: "passive-address-rejected-by-client",
  },
  {
    name: "MasqueradeAddress 127.0.0.1",
    cell: `server-nat-range/${optional}/ftp/pasv/list`,
    break: masquerade("127.0.0.1"),
    cause: "passive-address-rejected-by-client",
  },
  {
    name: "MasqueradeAddress absent",
    cell: `server-nat-range/${optional}/ftps/pasv/list`,
    break: sed("/MasqueradeAddress/d"),
    cause: "passive-address-rejected-by-client",
  },
  {
    name: "MasqueradeAddress wrong and a client that trusts it",
    cell: "server-nat-range/tls-optional/basic-ftp+trust-227/ftps/pasv/list",
    break: masquerade("203.0.113.99"),
    cause: "passive-address-unroutable",
  },
  {
    name: "session reuse demanded of a client that does not resume",
    cell: "direct/tls-optional/basic-ftp+no-resume/ftps/pasv/list",
    break: sed("s/NoSessionReuseRequired//; s/TLSOptions *$//"),
    cause: "tls-session-not-reused",
  },
  {
    name: "TLSRequired on, plain FTP",
    cell: `direct/${optional}/ftp/pasv/list`,
    break: tlsRequired("on"),
    cause: "tls-required",
  },
  {
    name: "TLSRequired auth, plain FTP",
    cell: `direct/${optional}/ftp/epsv/list`,
    break: tlsRequired("auth"),
    cause: "tls-required",
  },
  {
    name: "TLSRequired data, plain FTP",
    cell: `direct/${optional}/ftp/pasv/list`,
    break: tlsRequired("data"),
    cause: "tls-required",
  },
  {
    name: "TLSRequired data, PROT C",
    cell: `direct/${optional}/ftps-clear-data/pasv/list`,
    break: tlsRequired("data"),
    cause: "protection-refused",
  },
  {
    name: "TLSRequired auth+!data, PROT P",
    cell: `direct/${optional}/ftps/pasv/list`,
    break: tlsRequired("auth+!data"),
    cause: "protection-refused",
  },
  {
    name: "TLSRequired on, CCC",
    cell: `server-nat-helper/${optional}/ftps-ccc/pasv/list`,
    break: tlsRequired("on"),
    cause: "ccc-refused",
  },
  {
    name: "TLS switched off",
    cell: `direct/${optional}/ftps/pasv/list`,
    break: sed("s/TLSEngine on/TLSEngine off/"),
    cause: "tls-not-offered",
  },
  {
    name: "<Limit CCC>",
    cell: `server-nat-helper/${optional}/ftps-ccc/pasv/list`,
    break: onServer("printf '<Global>\\n<Limit CCC>\\nDenyAll\\n</Limit>\\n</Global>\\n' >> $conf"),
    cause: "ccc-refused",
  },
  {
    name: "certificate self-signed",
    cell: `direct/${optional}/ftps/pasv/list`,
    break: certificate(
      "openssl req -x509 -new -key lab-key.pem -subj /CN=ftp.example.net -addext subjectAltName=DNS:ftp.example.net -days 5 -out lab-certificate.pem",
    ),
    cause: "certificate-untrusted",
  },
  {
    name: "certificate of an unknown CA",
    cell: `direct/${optional}/ftps-implicit/epsv/list`,
    break: certificate(
      "openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -keyout ca-key.pem -subj /CN=nobody -days 5 -out ca.pem",
      "openssl req -new -key lab-key.pem -subj /CN=ftp.example.net -addext subjectAltName=DNS:ftp.example.net -out lab.csr",
      "openssl x509 -req -in lab.csr -CA ca.pem -CAkey ca-key.pem -CAcreateserial -copy_extensions copy -days 5 -out lab-certificate.pem",
    ),
    cause: "certificate-untrusted",
  },
  {
    name: "client dials a name that the certificate does not carry",
    cell: `direct/${optional}/ftps/pasv/list`,
    break: onClient((request) => ({ ...request, host: "203.0.113.10" })),
    cause: "certificate-name-mismatch",
  },
  {
    name: "wrong password",
    cell: `server-nat-helper/${optional}/ftps/port/list`,
    break: onClient((request) => ({ ...request, password: "not-the-password" })),
    cause: "login-refused",
  },
  {
    name: "DNAT of the control port removed",
    cell: `server-nat-helper/${optional}/ftp/pasv/list`,
    break: onRouters("iptables -t nat -F PREROUTING"),
    cause: "port-unreachable",
  },
  {
    name: "control port refused with a reset",
    cell: `firewall/${optional}/ftp/port/list`,
    break: first("FORWARD", "-p tcp --dport 21 -j REJECT --reject-with tcp-reset"),
    cause: "port-unreachable",
  },
  {
    name: "router without forwarding",
    cell: `firewall-range/${optional}/ftp/pasv/list`,
    break: (lab) => lab.setForwarding(false),
    cause: "port-unreachable",
  },
  {
    name: "MasqueradeAddress behind a helper router without a range",
    cell: `server-nat-helper/${optional}/ftp/pasv/list`,
    break: onServer("sed -i 's/PassivePorts .*/&\\nMasqueradeAddress 203.0.113.1/' $conf"),
    cause: "passive-port-not-forwarded",
  },
  {
    name: "the harmless command after CCC left out",
    cell: `server-nat-helper/${optional}/ftps-ccc/epsv/list`,
    break: onClient((request) => ({ ...request, mode: "ftps-ccc-unprimed" })),
    cause: "helper-missed-first-line-after-ccc",
  },
  {
    name: "TLS kept to the end before a helper router",
    cell: `server-nat-helper/${optional}/ftps-ccc/pasv/list`,
    break: onClient((request) => ({ ...request, mode: "ftps" })),
    cause: "helper-blind-to-tls",
  },
];
