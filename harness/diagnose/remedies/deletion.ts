/** A rule of iptables that can be named again as it is: nothing in it that a shell would take for more. */
const pasteable = /^-A [\w.:-]+ [^\n;&|$`\\<>]*$/;

/** The line that deletes a rule, as `iptables-save` prints it; `null` if it cannot be pasted. `command`: `iptables` or `ip6tables`. */
export function deletionOf(command: string, table: string, rule: string): string | null {
  return pasteable.test(rule) ? `${command} -t ${table} ${rule.replace(/^-A /, "-D ")}` : null;
}
