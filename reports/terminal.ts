/** What may be sent to a terminal, from its stream and the environment's variables, both passed in. */

export type Environment = Readonly<Record<string, string | undefined>>;

export type TerminalTraits = {
  readonly colour: boolean;
  readonly unicode: boolean;
  /** Whether lines can be redrawn in place. */
  readonly live: boolean;
};

/** `NO_COLOR` and `FORCE_COLOR` as no-color.org and Node have them; a continuous-integration log is never redrawn. */
export function terminalTraits(isTty: boolean, env: Environment): TerminalTraits {
  const isDumb = env["TERM"] === "dumb";
  const locale = [env["LC_ALL"], env["LC_CTYPE"], env["LANG"]].find((value) => isSet(value)) ?? "";
  return {
    colour: wantsColour(isTty && !isDumb, env),
    unicode: /utf-?8/i.test(locale),
    live: isTty && !isDumb && !isSet(env["CI"]),
  };
}

function wantsColour(isCapable: boolean, env: Environment): boolean {
  if (isSet(env["NO_COLOR"])) return false;
  const forced = env["FORCE_COLOR"];
  if (forced !== undefined) return forced !== "0" && forced !== "false";
  return isCapable;
}

function isSet(value: string | undefined): boolean {
  return value !== undefined && value !== "";
}
