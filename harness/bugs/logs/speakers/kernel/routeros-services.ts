import { helperFact } from "../listings/rule-fact";
import { nothingSaid, type LineReader, type SpeakerForm } from "../speaker-form";
import { writtenPort } from "../written-endpoint";

/** ` 0   ftp    21`: a helper of RouterOS, with flags before its name where it is disabled (X) or invalid (I). */
const entry = /^\s*\d{1,2}(?:\s+([XI]))?\s+([a-z0-9]+)(?:\s+([\d,\s]+))?\s*$/;

/** `/ip firewall service-port print`: which ports RouterOS' helpers follow. */
export const routerOsServices: SpeakerForm = {
  id: "routeros-services",
  title: "RouterOS' service ports",
  by: "kernel",
  software: null,
  begin: (): LineReader => {
    let isThere = false;
    return (text) => {
      if (/\bfirewall service-port print\b/.test(text)) {
        isThere = true;
        return nothingSaid;
      }
      if (!isThere) return null;
      if (/^Flags: |^\s*#?\s+NAME\b|^\s{20,}\d{1,5}\s*$/.test(text)) return nothingSaid;
      const [, flag, name, ports = ""] = entry.exec(text) ?? [];
      if (name === undefined) {
        isThere = false;
        return null;
      }
      if (name !== "ftp" || flag !== undefined) return nothingSaid;
      const followed = ports.split(/[,\s]+/).flatMap((word): readonly (readonly [number, number])[] => {
        const port = word === "" ? null : writtenPort(word);
        return port === null ? [] : [[port, port]];
      });
      if (followed.length === 0) return nothingSaid;
      return { facts: [helperFact(followed)] };
    };
  },
};
