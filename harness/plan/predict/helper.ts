import type { HelperLine } from "../../model/topology";
import type { Expectation, Passage } from "./packet-walk";
import type { Told } from "./rules/node-rules";

/** An address that a data command or its reply carries through the routers, and the openings it left behind. */
export type Announcement = {
  /** The address as its receiver reads it. */
  readonly address: string;
  readonly expectations: readonly Expectation[];
  /** Routers whose helper read the line and passed over it, since it names another address than the connection's own. */
  readonly ignoredBy: readonly string[];
  /** Why it cannot be predicted whether a helper reads the line. */
  readonly untold?: string;
};

/** What the helpers of the routers between sender and receiver make of a line of the control connection. */
export type Line = {
  /** Whether the helper can parse it: clear text, and not the first clear line after CCC. */
  readonly readable: boolean;
  readonly controlPort: number;
  readonly word: HelperLine;
  /** Address in the line; `null` for 229, which carries none. */
  readonly address: string | null;
};

/**
 * 227 or 229 on its way from server to client. The expectation opens the address that the client dialled; a 227 that
 * names another address than the server's own is left alone (`loose` = 0, nf_conntrack_ftp.c).
 */
export function announceToClient(line: Line, control: readonly Passage[]): Announcement {
  return announce(line, [...control].reverse(), ({ router, before, after }) => ({
    own: after.destination,
    rewritten: before.destination,
    expectation: {
      router: router.id,
      source: before.source,
      destination: before.destination,
      translated: isTranslated(before, after) ? after : null,
    },
  }));
}

/** PORT or EPRT on its way from client to server: the mirror image. */
export function announceToServer(line: Line, control: readonly Passage[]): Announcement {
  return announce(line, control, ({ router, before, after }) => ({
    own: before.source,
    rewritten: after.source,
    expectation: {
      router: router.id,
      source: after.destination,
      destination: after.source,
      translated: isTranslated(before, after) ? { source: before.destination, destination: before.source } : null,
    },
  }));
}

type View = { readonly own: string; readonly rewritten: string; readonly expectation: Expectation };

function announce(line: Line, route: readonly Passage[], view: (passage: Passage) => View): Announcement {
  let address = line.address;
  const expectations: Expectation[] = [];
  const ignoredBy: string[] = [];
  let untold: string | undefined;
  for (const passage of route) {
    if (!line.readable) continue;
    if (passage.helper?.kind === "open") untold ??= passage.helper.why;
    if (!followsControl(passage, line.controlPort)) continue;
    if (!passage.router.make.helperKnows.includes(line.word)) continue;
    const { own, rewritten, expectation } = view(passage);
    if (address !== null && address !== own) {
      ignoredBy.push(passage.router.id);
      continue;
    }
    expectations.push(expectation);
    if (address !== null) address = rewritten;
  }
  return {
    address: address ?? "",
    expectations,
    ignoredBy,
    ...(untold === undefined ? {} : { untold }),
  };
}

/**
 * With what the helper of the server's own host expects (`nf_conntrack_ftp` for its own INPUT and OUTPUT chains): data connections between
 * the two ends of the control connection. It leaves a line alone that names another address, as on a router.
 */
export function withHostHelper(
  announced: Announcement,
  helper: Told<boolean> | undefined,
  {
    own,
    named,
    expectation,
  }: { readonly own: string; readonly named: string | null; readonly expectation: Expectation },
): Announcement {
  if (helper === undefined || (named !== null && named !== own)) return announced;
  if (helper.kind === "open") return { untold: helper.why, ...announced };
  return helper.value ? { ...announced, expectations: [...announced.expectations, expectation] } : announced;
}

/** Whether the router's helper follows a control connection that passes so. */
export function followsControl({ router, helper }: Passage, controlPort: number): boolean {
  if (helper === undefined) return router.helperPorts.includes(controlPort);
  return helper.kind === "told" && helper.value;
}

function isTranslated(before: Passage["before"], after: Passage["after"]): boolean {
  return before.source !== after.source || before.destination !== after.destination;
}
