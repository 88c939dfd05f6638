import type { LogLine, PastedFact, Speaker } from "../../../model/symptom";

/** A line of the dialogue as a form reads it, or a remark of the server. */
export type Said = Pick<LogLine, "direction" | "text"> & {
  /** Which of several sessions in one log it belongs to; left out where the line does not tell. */
  readonly session?: string;
};

/** A fact without its place and its line: those are the reader's. */
export type FactBody = PastedFact extends infer Fact
  ? Fact extends PastedFact
    ? Omit<Fact, "line" | "paste" | "text">
    : never
  : never;

/** What a line says. A line of a form may say nothing of FTP: it is then empty, and no other form is asked. */
export type Reading = { readonly said?: readonly Said[]; readonly facts?: readonly FactBody[] };

/** A line that belongs to the form and says nothing that matters. */
export const nothingSaid: Reading = {};

/** Reads the lines of one paste in their order, blank ones too; `null` for a line that is of another form. */
export type LineReader = (line: string) => Reading | null;

/** A way in which a server, a kernel, a firewall, a capture's reader or a listing writes. One file each; all stand in `forms.ts`. */
export type SpeakerForm = {
  readonly id: string;
  /** As a person would call such a text. */
  readonly title: string;
  readonly by: Speaker;
  /** The server's software, by its id where the lab has it, else by its name; `null` where the form does not tell. */
  readonly software: string | null;
  /** Begins a paste: what a line means may depend on lines before it. */
  readonly begin: () => LineReader;
};

/** A form in which each line stands for itself. */
export function lineByLine(form: Omit<SpeakerForm, "begin"> & { readonly read: LineReader }): SpeakerForm {
  const { read, ...rest } = form;
  return { ...rest, begin: () => read };
}

/** A remark of the server. */
export function remark(text: string, session?: string): Reading {
  return { said: [saidIn("*", text, session)] };
}

/** A command or a reply. */
export function said(direction: ">" | "<", text: string, session?: string): Reading {
  return { said: [saidIn(direction, text, session)] };
}

/** Commands of RFC 959, 2228, 2389, 2428, 3659 and 7151, and those that servers know beside them. */
export const verbs =
  /^(?:USER|PASS|ACCT|CWD|CDUP|SMNT|REIN|QUIT|PORT|PASV|TYPE|STRU|MODE|RETR|STOR|STOU|APPE|ALLO|REST|RNFR|RNTO|ABOR|DELE|RMD|MKD|PWD|XCWD|XCUP|XRMD|XMKD|XPWD|LIST|NLST|SITE|SYST|STAT|HELP|NOOP|AUTH|ADAT|PROT|PBSZ|CCC|MIC|CONF|ENC|FEAT|OPTS|LANG|EPRT|EPSV|LPRT|LPSV|SIZE|MDTM|MFMT|MLSD|MLST|CLNT|HOST|CSID|AVBL|XCRC|XMD5|XSHA|COMB|DSIZ)(?: |$)/;

/** A reply if it begins with a code, a command if it begins with a verb, else a remark. */
export function saidOrRemarked(text: string, session?: string): Reading {
  const direction = /^\d{3}(?:[ -]|$)/.test(text) ? "<" : verbs.test(text) ? ">" : "*";
  return { said: [saidIn(direction, text, session)] };
}

function saidIn(direction: Said["direction"], text: string, session: string | undefined): Said {
  return session === undefined ? { direction, text } : { direction, text, session };
}
