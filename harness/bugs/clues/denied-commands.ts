/** Commands that a server's settings switch off, whatever file they name. */
import { softwareCalled } from "../../catalog/servers/greetings";
import { softwareNamed, softwares } from "../../catalog/servers/registry";
import { dataVerbs } from "../../ftp/dialogue";
import type { SoftwareId } from "../../model/ids";
import type { LogLine } from "../../model/symptom";
import type { Clue, Votes } from "./clue";
import { quoteOf, quotesOf, type Exchange, type Scene } from "./scene";

/** By RFC 959 what is switched off is 502 or 500, and vsftpd and others answer 550 to it. */
const codes: readonly number[] = [500, 502, 504, 530, 533, 534, 550];

function votesFor({ verb }: Exchange, weight: "names" | "hints"): Votes {
  return dataVerbs.includes(verb)
    ? { "data-command-refused": weight, "server-denies-command": "speaks" }
    : { "server-denies-command": weight, "server-denies-file": "denies" };
}

/** A setting that stands in the pastes forbids the very command that was refused. */
const bySetting: Clue = (scene) => {
  const { last, lines, unread } = scene;
  if (last?.code === null || last?.code === undefined || !codes.includes(last.code)) return [];
  const all = [...lines, ...unread].filter(({ direction, text }) => direction === "*" && setting.test(text));
  const known = softwareOf(scene);
  for (const software of softwares) {
    if (known !== null && software.id !== known) continue;
    const line = all.find(({ text }) => isDeniedBy(software.deniedBy, last.verb, text));
    if (line === undefined) continue;
    return [
      {
        meaning: `this setting forbids ${last.verb}`,
        lines: [quoteOf(line), ...quotesOf(last)],
        votes: votesFor(last, "names"),
      },
    ];
  }
  return [];
};

/** A line of vsftpd.conf, with or without what a listing puts before it. */
const setting =
  /^(?:.{0,80}?[\s:])?((?:cmds_(?:allowed|denied)|write_enable|download_enable|dirlist_enable|pasv_enable|port_enable) ?=)(.*)$/;

/** A line alone says nothing of what others leave off. */
function isDeniedBy(deniedBy: (verb: string, text: string) => string | null, verb: string, text: string): boolean {
  const [, assignment = "", value = ""] = setting.exec(text) ?? [];
  const name = assignment.replace(/ ?=$/, "");
  return deniedBy(verb, `${name}=${value.trim()}`)?.startsWith(`${name}=`) === true;
}

function softwareOf({ symptom, software }: Scene): SoftwareId | null {
  return softwareCalled(symptom.server) ?? softwareCalled(software);
}

/** What names no file. */
const fileless = /^(?:FEAT|SYST|NOOP|TYPE|MODE|STRU|OPTS|HELP|STAT|PASV|EPSV|PORT|EPRT|PWD|XPWD|ALLO|NLST|LIST|MLSD)$/i;

/** The same words answer commands that name no file, or they are those that this software has for what is switched off. */
const byWords: Clue = (scene) => {
  const { last, exchanges, earlier } = scene;
  const reply = last?.replies.findLast(({ text }) => /^[45]\d\d /.test(text));
  if (last === null || reply === undefined || last.code !== 550) return [];
  const alike = [...earlier, ...exchanges].filter(
    (other) => other !== last && isBare(other) && other.replies.some(({ text }) => text === reply.text),
  );
  const software = softwareOf(scene);
  const isOwn = software !== null && softwareNamed(software).says.command?.test(reply.text) === true;
  if (alike.length === 0 && !isOwn) return [];
  return [
    {
      meaning:
        alike.length > 0
          ? `the server answers ${alike[0]?.verb ?? ""}, which names no file, with the same words`
          : "these are the words of this server for a command that is switched off",
      lines: [...alike.slice(0, 1).flatMap(quotesOf), ...quotesOf(last)],
      votes: votesFor(last, "hints"),
    },
  ];
};

function isBare({ verb, command }: { readonly verb: string; readonly command: LogLine }): boolean {
  return fileless.test(verb) && !/^(?:NLST|LIST|MLSD|STAT) \S/i.test(command.text);
}

export const deniedCommandClues: readonly Clue[] = [bySetting, byWords];
