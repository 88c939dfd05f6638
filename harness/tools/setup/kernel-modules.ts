/** Kernel modules without which a lab's router cannot follow FTP, with the configuration option of each. */
export const neededModules = {
  nf_conntrack_ftp: { option: "CONFIG_NF_CONNTRACK_FTP", symbol: "nf_nat_ftp_hook" },
  nf_nat_ftp: { option: "CONFIG_NF_NAT_FTP", symbol: "nf_nat_ftp" },
} as const;

export type ModuleName = keyof typeof neededModules;
export const moduleNames = Object.keys(neededModules) as readonly ModuleName[];

/** `unknown`: nothing that this kernel shows says either way. */
export type ModuleState = "built-in" | "loaded" | "loadable" | "missing" | "unknown";

/** What a kernel shows of itself; null where it does not show it. */
export type KernelEvidence = {
  /** `/proc/modules`. */
  readonly loaded: string | null;
  /** `/proc/config.gz` unpacked, or `/boot/config-<release>`. */
  readonly config: string | null;
  /** `modules.builtin` and `modules.dep` in `/lib/modules/<release>`. */
  readonly builtIn: string | null;
  readonly dependencies: string | null;
  /** `/proc/kallsyms`, slow to read and so asked for only when nothing else decides. */
  readonly symbols: string | null;
};

/** Whether a module's code is in the running kernel, or can be. */
export function moduleState(name: ModuleName, evidence: KernelEvidence): ModuleState {
  const { option, symbol } = neededModules[name];
  const file = new RegExp(`/${name.replaceAll("_", "[-_]")}\\.ko`);
  const setting = new RegExp(`^${option}=([ym])$`, "m").exec(evidence.config ?? "")?.[1];
  if (new RegExp(`^${name} `, "m").test(evidence.loaded ?? "")) return "loaded";
  if (setting === "y" || file.test(evidence.builtIn ?? "")) return "built-in";
  // A built-in function has no module's name in brackets behind it.
  if (new RegExp(` ${symbol}$`, "m").test(evidence.symbols ?? "")) return "built-in";
  if (file.test(evidence.dependencies ?? "")) return "loadable";
  if (setting === "m") return evidence.dependencies === null ? "loadable" : "missing";
  return evidence.config === null && evidence.dependencies === null ? "unknown" : "missing";
}
