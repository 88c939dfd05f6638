/** Lines that change the scripted server's settings: `data.ports: 50000-50999`, `EPSV: default`. */
import type { ScriptedCommand, ScriptStep } from "../../../model/server-script";

/** As far as the lines change them. */
type Settings = {
  readonly passivePorts: readonly number[];
  readonly masqueradeAddress: string | null;
  readonly script: { readonly commands: readonly ScriptedCommand[] };
  readonly lines: readonly string[];
};

/** The settings with the lines in them; a line that they know no place for is kept, and changes nothing. */
export function withLines(configuration: string, lines: readonly string[]): string {
  if (lines.length === 0) return configuration;
  const before = JSON.parse(configuration) as Settings;
  const after = lines.reduce(withLine, { ...before, lines: [...before.lines, ...lines] });
  return `${JSON.stringify(after, null, 2)}\n`;
}

function withLine(settings: Settings, line: string): Settings {
  const [, key = "", value = ""] = /^([A-Za-z.]+): (.*)$/.exec(line) ?? [];
  if (key === "data.ports") return { ...settings, passivePorts: value.split("-").map(Number) };
  if (key === "data.address") return { ...settings, masqueradeAddress: value };
  if (!/^[A-Z]+$/.test(key)) return settings;
  const step: ScriptStep = value === "default" ? { kind: "default" } : { kind: "reply", text: value };
  const commands = settings.script.commands.filter(({ verb }) => verb !== key);
  const script = { ...settings.script, commands: [{ verb: key, argument: null, always: [step] }, ...commands] };
  return { ...settings, script };
}

/** The line of the script that refuses a command; `null` if none does. The text may be a stranger's. */
export function denialIn(verb: string, configuration: string): string | null {
  if (!/^[A-Z]+$/.test(verb)) return null;
  const denial = new RegExp(
    String.raw`"verb": "${verb}",\s+"argument": null,\s+"always": \[\s+\{\s+"kind": "reply",\s+"text": "(5[^"\\]*)"`,
  );
  const reply = denial.exec(configuration)?.[1];
  return reply === undefined ? null : `${verb}: ${reply}`;
}
