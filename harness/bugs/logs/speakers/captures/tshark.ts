import { lineByLine, type FactBody, type Said } from "../speaker-form";
import { writtenEndpoint } from "../written-endpoint";

/** `  1 0.000000 192.0.2.1 → 203.0.113.5 TCP 74 40000 → 21 [SYN] Seq=0 ...`; Wireshark's copy has tabs and no first arrow. */
const line =
  /^\s*\d{1,9}\s+(?:\S+ )?[\d:.-]{3,30}\s+([0-9a-fA-F.:]{3,45})\s+(?:(?:→|->|â†’)\s+)?([0-9a-fA-F.:]{3,45})\s+([A-Z][\w.-]{1,15})\s+\d{1,6}\s+(.*)$/;
const ports = /^(?:\[[^\]]{1,60}\] ?){0,3}(\d{1,5})\s*(?:→|->|>|â†’)\s*(\d{1,5})\s*\[([A-Z, ]{1,40})\]/;

/** The table of packets that tshark and Wireshark show. */
export const tshark = lineByLine({
  id: "tshark",
  title: "a table of packets (Wireshark, tshark)",
  by: "packets",
  software: null,
  read: (text) => {
    const [, from, to = "", protocol, info = ""] = line.exec(text) ?? [];
    if (from === undefined || protocol === undefined) return null;
    const [, ftp] = /^(?:Request|Response): (.*?)\s*$/.exec(info) ?? [];
    const direction = info.startsWith("Request: ") ? ">" : "<";
    const dialogue: Said[] = protocol.startsWith("FTP") && ftp !== undefined ? [{ direction, text: ftp }] : [];
    if (protocol.startsWith("ICMP")) {
      const error: FactBody = { kind: "icmp-error", from, to, says: info.trim(), target: null };
      return /unreachable|exceeded|too big|prohibited/i.test(info) ? { facts: [error] } : {};
    }
    const [, payload] = /\bLen=(\d{1,6})\b/.exec(info) ?? [];
    const [, sourcePort, port, flags = ""] = ports.exec(info) ?? [];
    return {
      said: dialogue,
      facts: [
        {
          kind: "packet",
          from: writtenEndpoint(from, sourcePort),
          to: writtenEndpoint(to, port),
          flags: flags.split(/, ?/).filter((flag) => flag !== ""),
          length: payload === undefined ? null : Number(payload),
          ftp: ftp ?? null,
        },
      ],
    };
  },
});
