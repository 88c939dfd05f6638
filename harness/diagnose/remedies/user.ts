import type { Remedy } from "../../model/diagnosis";
import type { Observations } from "../observations";
import { dialledAddress, serverUrl } from "./addresses";

/** CCC after login. curl sends PWD before the data command, which leaves it readable for helpers; lftp may send PASV at once. */
export function clearControl(seen: Observations): Remedy {
  return {
    party: "user",
    what:
      "Clear the control connection after login (CCC) and send a harmless command before the data command: " +
      "commands and file names become readable on the way, password and data do not.",
    lines: [
      `curl --ssl-reqd --ftp-ssl-ccc --ftp-ssl-ccc-mode active --user NAME ${serverUrl(seen)}  # not curl 8.1 to 8.16`,
      'ftps.login(user, password); ftps.prot_p(); ftps.ccc(); ftps.voidcmd("NOOP")  # Python ftplib',
    ],
  };
}

/** The client opens the data connection. */
export function usePassive(seen: Observations): Remedy {
  const tls = seen.traits.tls === "none" ? "" : " --ssl-reqd";
  return {
    party: "user",
    what: "Use passive mode, in which the client opens the data connection.",
    lines: [`curl${tls} --ftp-pasv --user NAME ${clientUrl(seen)}`],
  };
}

/** PASV and its 227, which every helper knows. */
export function usePasv(seen: Observations): Remedy {
  const tls = seen.traits.tls === "none" ? "" : " --ssl-reqd";
  return {
    party: "user",
    what: "Use PASV, whose 227 reply every helper knows, in place of EPSV, EPRT and PORT.",
    lines: [`curl${tls} --disable-epsv --user NAME ${clientUrl(seen)}`],
  };
}

/** The server opens the data connection: of use only where the client has an address that the server can reach. */
export function useActive(seen: Observations): Remedy[] {
  if (!seen.passive || seen.routers.some(({ translatesClient }) => translatesClient)) return [];
  const tls = seen.traits.tls === "none" ? "" : " --ssl-reqd";
  return [
    {
      party: "user",
      what: "Use active mode, in which the server opens the data connection; it needs your own firewall's consent.",
      lines: [`curl${tls} --ftp-port - --user NAME ${clientUrl(seen)}`],
    },
  ];
}

/** Dials the address of the control connection, whatever 227 says. */
export function ignoreAddress(seen: Observations): Remedy {
  return {
    party: "user",
    what: `Let the client dial ${dialledAddress(seen)} whatever the 227 reply says, or use EPSV, which names no address.`,
    lines: [
      `curl --ftp-skip-pasv-ip --user NAME ${clientUrl(seen)}`,
      `lftp -e "set ftp:ignore-pasv-address yes" ${clientUrl(seen)}`,
      "new Client(30000, { allowSeparateTransferHost: true }) // basic-ftp",
    ],
  };
}

/** Dials what 227 names. */
export function trustAddress(seen: Observations): Remedy {
  return {
    party: "user",
    what: "Let the client dial the address in the 227 reply.",
    lines: [
      `curl --no-ftp-skip-pasv-ip --disable-epsv --user NAME ${clientUrl(seen)}`,
      "ftp.trust_server_pasv_ipv4_address = True  # Python ftplib",
    ],
  };
}

/** Explicit TLS on the control port, with protected data. */
export function useExplicitTls(seen: Observations): Remedy {
  return {
    party: "user",
    what: "Use explicit TLS (AUTH TLS, PROT P).",
    lines: [
      `curl --ssl-reqd --user NAME ${serverUrl(seen)}`,
      `lftp -e "set ftp:ssl-force yes; set ftp:ssl-protect-data yes" ${serverUrl(seen)}`,
    ],
  };
}

function clientUrl(seen: Observations): string {
  return serverUrl(seen, seen.traits.tls === "implicit" ? "ftps" : "ftp");
}
