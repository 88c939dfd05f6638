/** A control connection to another port than 21, and what routers are said to follow. */
import type { LogLine } from "../../model/symptom";
import type { Clue } from "./clue";
import { controlPortOf } from "./facts";
import { quoteOf } from "./scene";

/** Ports on which clients speak FTP, in clear first or under TLS from the start; routers follow the first (nf_conntrack_ftp.c, `ports`). */
const followed = 21;
const implicitTls = 990;

/** A router's list of what it follows: FortiOS, ASA, Junos, ScreenOS, RouterOS, and Linux' module. */
const follower =
  /\bsession-helper\b|\bfirewall service-port\b|\binspect ftp\b|\bfixup protocol ftp\b|\b(?:ftp[- ]?alg|alg[- ]ftp|application (?:junos-)?ftp)\b|\b(?:nf|ip)_conntrack_ftp\b|\b(?:nf|ip)_nat_ftp\b|\bct helper set\b|-j CT\b.*--helper ftp/i;

/** Where somebody says of port 21 that it does well. */
const wellOn21 =
  /\bport 21\b.{0,60}\b(?:ok(?:ay)?|works?|fine|no (?:problem|issue)s?|without (?:problem|issue)s?|succeeds?)\b|\b(?:ok(?:ay)?|works?|worked|fine)\b.{0,40}\b(?:on|with|over|at) (?:the )?(?:default |standard |normal )?(?:port 21|ftp port)\b/i;

/** The data connection of a session in clear on another port came to nothing: what follows port 21 alone does not know of it. */
const otherPort: Clue = (scene) => {
  const { stage, isHidden, lines, unread, others } = scene;
  if ((stage !== "data-connect" && stage !== null) || isHidden === true) return [];
  const control = controlPortOf(scene);
  if (control === null || control.port === followed || control.port === implicitTls) return [];
  const says = (form: RegExp): LogLine | undefined =>
    [...unread, ...lines].find(({ direction, text }) => direction === "*" && form.test(text));
  // Rules without a dialogue tell it only where they show what they follow.
  if (stage === null && says(follower) === undefined) return [];
  const told = [says(follower), says(wellOn21)].filter((line) => line !== undefined);
  // Where the same fails on port 21 too, the port is not what matters.
  const isOther = others.every(({ worked, inside }) => worked || inside);
  return [
    {
      meaning: `the control connection goes to port ${control.port}, and routers follow FTP on its own port alone unless told otherwise`,
      lines: [quoteOf(control.line), ...told.slice(0, 2).map(quoteOf)],
      votes: { "helper-not-on-port": told.length > 0 && isOther ? "hints" : "allows" },
    },
  ];
};

export const otherPortClues: readonly Clue[] = [otherPort];
