import { lineByLine } from "../speaker-form";

/** `nf_conntrack_ftp       24576  1 nf_nat_ftp` of lsmod. */
const modules = /^\s*(?:nf|ip)_(?:conntrack|nat)_ftp\s+\d+\s+\d+\b/;
/** `net.netfilter.nf_conntrack_helper = 0`. */
const helperSetting = /\bnf_conntrack_helper ?= ?([01])\b/;
/** `50123/tcp filtered unknown` of nmap. */
const scanned = /^\s*\d{1,5}\/tcp\s+(?:open|closed|filtered|open\|filtered)\s+\S+/;
/** The setting is gone since Linux 6.0, where only a rule attaches a helper. */
const noSetting = /\bnf_conntrack_helper\b.*\bNo such file\b|\bcannot stat \S*nf_conntrack_helper\b/i;

/** What people look up on a machine: the kernel's modules and settings, and which ports a scan finds open. */
export const machine = lineByLine({
  id: "machine",
  title: "what a machine was asked",
  by: "listing",
  software: null,
  read: (text) => {
    const said = [{ direction: "*", text: text.trim() }] as const;
    const [, setting] = helperSetting.exec(text) ?? [];
    if (setting === "0" || noSetting.test(text)) return { said, facts: [{ kind: "helper", said: "not-assigned" }] };
    return setting === "1" || modules.test(text) || scanned.test(text) ? { said } : null;
  },
});
