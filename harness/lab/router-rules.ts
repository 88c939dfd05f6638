import { routersOf } from "../model/network";
import type { RouterNode, Topology } from "../model/topology";
import { renderNativeRules } from "../plan/native-rules";
import { renderRuleset } from "../plan/ruleset";
import type { NodeShell } from "./node-shell";
import { userRulesScript } from "./user-rules-script";

/** The usual reason why a kernel refuses the rules of a router that follows FTP. */
const helperHint = "Load the kernel's FTP helpers: `sudo modprobe -a nf_conntrack_ftp nf_nat_ftp`.";

/** The rules of a lab's routers, loaded over a shell on each. */
export class RouterRules {
  readonly #shells: ReadonlyMap<string, NodeShell>;

  /** @param shells by router */
  constructor(shells: ReadonlyMap<string, NodeShell>) {
    this.#shells = shells;
  }

  /**
   * Loads every router's rules, one atomic restore each; flows that are tracked already keep their state.
   * @throws LabError of phase `rules` in the kernel's words
   */
  async apply(topology: Topology): Promise<void> {
    await Promise.all(routersOf(topology).map((router) => this.#applyTo(router, topology)));
  }

  async #applyTo(router: RouterNode, topology: Topology): Promise<void> {
    const shell = this.shellOf(router);
    if (router.userRules !== undefined) {
      await shell.run("rules", userRulesScript(topology, router.id, renderRuleset(topology, router)));
      return;
    }
    const { command, text } = renderRuleset(topology, router);
    const hint = router.helperPorts.length > 0 ? helperHint : undefined;
    await shell.run("rules", `${command} <<'END_OF_RULES'\n${text}END_OF_RULES`, { hint });
    const native = renderNativeRules(topology, router);
    if (native !== null) await shell.run("rules", `nft -f - <<'END_OF_RULES'\n${native}END_OF_RULES`, { hint });
  }

  /** A shell on a router, for those who change its rules. */
  shellOf({ id }: RouterNode): NodeShell {
    const shell = this.#shells.get(id);
    if (shell === undefined) throw new Error(`no shell on ${id}`);
    return shell;
  }

  /** Ends the shells; the rules stay. */
  close(): void {
    for (const shell of this.#shells.values()) shell.close();
  }
}
