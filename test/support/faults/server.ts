import { issueCertificate, type Validity } from "../../../harness/lab/site-certificates";
import type { Lab } from "../../../harness/lab/lab";
import { proftpdPaths } from "../../../harness/catalog/servers/proftpd-paths";
import { siteName } from "../../../harness/model/ftp-site";
import { onClient, onServer, optional, sed, type Fault } from "./staging";

const masquerade = (address: string) => sed(`s/MasqueradeAddress .*/MasqueradeAddress ${address}/`);
const tlsRequired = (value: string) => sed(`s/TLSRequired .*/TLSRequired ${value}/`);

const limit = (command: string) =>
  onServer(`printf '<Global>\\n<Limit ${command}>\\nDenyAll\\n</Limit>\\n</Global>\\n' >> $conf`);

/** A version that no current client speaks; OpenSSL offers it only at security level 0. */
const oldTls = (version: string) => sed(`s/TLSProtocol .*/TLSProtocol ${version}\\nTLSCipherSuite ALL:@SECLEVEL=0/`);

/** Demands that data connections resume the session, with one version of TLS. */
const reuseWith = (version: string) =>
  sed(`s/NoSessionReuseRequired//; s/TLSOptions *$//; s/TLSProtocol .*/TLSProtocol ${version}/`);

/** Leaves the server two passive ports, the fewest that ProFTPD takes for a range, and somebody else on both. */
const portsInUse = async (lab: Lab): Promise<void> => {
  await lab.server.openDecoy(50000);
  await lab.server.openDecoy(50001);
  await sed("s/PassivePorts .*/PassivePorts 50000 50001/")(lab);
};

/** Lets the client dial another port; what waits for the other's first word there would wait for 20 s. */
const dialling = (port: number) =>
  onClient((request) => ({ ...request, port, deadlines: { ...request.deadlines, greeting: 3_000 } }));

const days = (count: number): Date => new Date(Date.now() + count * 24 * 3600 * 1000);

/** Gives the server another certificate of the CA that the client trusts. */
const issued =
  (name: string, validity: Validity) =>
  async (lab: Lab): Promise<void> => {
    const { certificate: pem, privateKey } = await issueCertificate(lab.certificates, name, validity);
    await onServer(
      `printf '%s\\n' '${pem}' > ${proftpdPaths.certificate}`,
      `printf '%s\\n' '${privateKey}' > ${proftpdPaths.privateKey}`,
    )(lab);
  };

/** Makes a certificate in the server's place with openssl, of nobody whom the client trusts. */
const certificate = (...lines: readonly string[]) =>
  onServer(
    "cd /etc/proftpd",
    "exec 2>/tmp/openssl.log",
    "openssl ecparam -name prime256v1 -genkey -noout -out lab-key.pem",
    ...lines,
  );

/** Faults of the server, its certificate, its TLS and its user. */
export const serverFaults: readonly Fault[] = [
  {
    name: "PassivePorts outside the forwarded range",
    cell: `server-nat-range/${optional}/ftps/epsv/list`,
    break: sed("s/PassivePorts .*/PassivePorts 40000 40100/"),
    cause: "passive-port-not-forwarded",
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
    name: "MasqueradeAddress 0.0.0.0",
    cell: `server-nat-range/${optional}/ftps/pasv/list`,
    break: masquerade("0.0.0.0"),
    cause: "passive-address-rejected-by-client",
  },
  {
    name: "MasqueradeAddress wrong and a client that trusts it",
    cell: "server-nat-range/tls-optional/basic-ftp+trust-227/ftps/pasv/list",
    break: masquerade("203.0.113.99"),
    cause: "passive-address-unroutable",
  },
  {
    name: "MasqueradeAddress 0.0.0.0 and a client that trusts it",
    cell: `server-nat-range/${optional}+trust-227/ftps/pasv/list`,
    break: masquerade("0.0.0.0"),
    cause: "passive-address-unroutable",
  },
  {
    name: "PassivePorts all in use, behind a firewall",
    cell: `firewall-range/${optional}/ftps/epsv/list`,
    break: portsInUse,
    cause: "passive-range-exhausted",
  },
  {
    name: "PassivePorts all in use, behind NAT and a helper that TLS blinds",
    cell: `server-nat-range-helper/${optional}/ftps/pasv/list`,
    break: portsInUse,
    cause: "passive-range-exhausted",
  },
  {
    name: "session reuse demanded of a client that does not resume",
    cell: "direct/tls-optional/basic-ftp+no-resume/ftps/pasv/list",
    break: sed("s/NoSessionReuseRequired//; s/TLSOptions *$//"),
    cause: "tls-session-not-reused",
  },
  {
    name: "session reuse demanded with TLS 1.2 only",
    cell: `direct/${optional}+no-resume/ftps/epsv/download`,
    break: reuseWith("TLSv1.2"),
    cause: "tls-session-not-reused",
  },
  {
    name: "session reuse demanded with TLS 1.3 only",
    cell: `direct/${optional}+no-resume/ftps-implicit/pasv/upload`,
    break: reuseWith("TLSv1.3"),
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
    name: "TLSRequired ctrl, plain FTP",
    cell: `direct/${optional}/ftp/port/list`,
    break: tlsRequired("ctrl"),
    cause: "tls-required",
  },
  {
    name: "TLSRequired both, plain FTP",
    cell: `direct/${optional}/ftp/pasv/upload`,
    break: tlsRequired("both"),
    cause: "tls-required",
  },
  {
    name: "TLSRequired data, PROT C",
    cell: `direct/${optional}/ftps-clear-data/pasv/list`,
    break: tlsRequired("data"),
    cause: "protection-refused",
  },
  {
    name: "TLSRequired on, PROT C",
    cell: `direct/${optional}/ftps-clear-data/epsv/list`,
    break: tlsRequired("on"),
    cause: "protection-refused",
  },
  {
    name: "TLSRequired auth+data, PROT C before CCC",
    cell: `server-nat-helper/${optional}/ftps-ccc-clear-data/pasv/list`,
    break: tlsRequired("auth+data"),
    cause: "protection-refused",
  },
  {
    name: "TLSRequired auth+!data, PROT P",
    cell: `direct/${optional}/ftps/pasv/list`,
    break: tlsRequired("auth+!data"),
    cause: "protection-refused",
  },
  {
    name: "TLSRequired !data, PROT P inside implicit TLS",
    cell: `direct/${optional}/ftps-implicit/pasv/list`,
    break: tlsRequired("!data"),
    cause: "protection-refused",
  },
  {
    name: "TLSRequired !data, PROT P before CCC",
    cell: `server-nat-helper/${optional}/ftps-ccc/epsv/list`,
    break: tlsRequired("!data"),
    cause: "protection-refused",
  },
  {
    name: "<Limit PROT>",
    cell: `direct/${optional}/ftps/pasv/list`,
    break: limit("PROT"),
    cause: "protection-refused",
  },
  {
    name: "TLSRequired on, CCC",
    cell: `server-nat-helper/${optional}/ftps-ccc/pasv/list`,
    break: tlsRequired("on"),
    cause: "ccc-refused",
  },
  {
    name: "TLSRequired ctrl, CCC without a harmless command",
    cell: `direct/${optional}/ftps-ccc-unprimed/pasv/list`,
    break: tlsRequired("ctrl"),
    cause: "ccc-refused",
  },
  {
    name: "TLS switched off",
    cell: `direct/${optional}/ftps/pasv/list`,
    break: sed("s/TLSEngine on/TLSEngine off/"),
    cause: "tls-not-offered",
  },
  {
    name: "TLS 1.1 only, explicit",
    cell: `direct/${optional}/ftps/pasv/list`,
    break: oldTls("TLSv1.1"),
    cause: "tls-versions-do-not-meet",
  },
  {
    name: "TLS 1.0 only, implicit",
    cell: `direct/${optional}/ftps-implicit/epsv/list`,
    break: oldTls("TLSv1"),
    cause: "tls-versions-do-not-meet",
  },
  {
    name: "TLS 1.1 only, and a library that has it switched off",
    cell: `direct/${optional}/ftps-ccc/pasv/list`,
    break: sed("s/TLSProtocol .*/TLSProtocol TLSv1.1/"),
    cause: "tls-versions-do-not-meet",
  },
  {
    name: "<Limit CCC>",
    cell: `server-nat-helper/${optional}/ftps-ccc/pasv/list`,
    break: limit("CCC"),
    cause: "ccc-refused",
  },
  {
    name: "explicit TLS at the port of implicit TLS",
    cell: `firewall-range/${optional}/ftps/pasv/list`,
    break: dialling(990),
    cause: "implicit-explicit-mismatch",
  },
  {
    name: "plain FTP at the port of implicit TLS",
    cell: `server-nat-range/${optional}/ftp/epsv/list`,
    break: dialling(990),
    cause: "implicit-explicit-mismatch",
  },
  {
    name: "implicit TLS at the port of explicit TLS",
    cell: `direct/${optional}/ftps-implicit/pasv/list`,
    break: dialling(21),
    cause: "implicit-explicit-mismatch",
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
    name: "certificate of another name",
    cell: `direct/${optional}/ftps-implicit/pasv/list`,
    break: issued("ftp.example.com", { notBefore: days(-2), notAfter: days(2) }),
    cause: "certificate-name-mismatch",
  },
  {
    name: "certificate expired",
    cell: `direct/${optional}/ftps/epsv/list`,
    break: issued(siteName, { notBefore: days(-9), notAfter: days(-2) }),
    cause: "certificate-expired",
  },
  {
    name: "certificate not yet valid",
    cell: `direct/${optional}/ftps-ccc/pasv/list`,
    break: issued(siteName, { notBefore: days(2), notAfter: days(9) }),
    cause: "certificate-expired",
  },
  {
    name: "wrong password",
    cell: `server-nat-helper/${optional}/ftps/port/list`,
    break: onClient((request) => ({ ...request, password: "not-the-password" })),
    cause: "login-refused",
  },
  {
    name: "unknown user",
    cell: `direct/${optional}/ftp/pasv/list`,
    break: onClient((request) => ({ ...request, user: "nobody-here" })),
    cause: "login-refused",
  },
  {
    name: "account without a valid shell",
    cell: `direct/${optional}/ftps/epsv/list`,
    break: sed("s/RequireValidShell .*/RequireValidShell on/"),
    cause: "login-refused",
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
