/** Modules of ProFTPD that the lab does not load, and their directives (1.3.8c, asked one by one; the rest by their manuals). */

/** A module that is not in the lab. */
export type AbsentModule = {
  /** `mod_sql`. */
  readonly id: string;
  /** What it does to sessions, as a sentence, where that could decide about one; `null` if it cannot. */
  readonly decides: string | null;
};

const modules: readonly (AbsentModule & { readonly directives: RegExp })[] = [
  { id: "mod_sftp", directives: /^sftp/, decides: null },
  { id: "mod_sql", directives: /^sql/, decides: null },
  { id: "mod_ldap", directives: /^ldap/, decides: null },
  { id: "mod_radius", directives: /^radius/, decides: null },
  { id: "mod_quotatab", directives: /^quota/, decides: null },
  {
    id: "mod_ratio",
    directives:
      /^(ratios|ratiofile|ratiotempfile|saveratios|(anon|group|host|user)ratio|(byte|file)ratioerrmsg|(cwd|leech)ratiomsg)$/,
    decides: null,
  },
  { id: "mod_ban", directives: /^ban/, decides: "It turns away addresses that it has banned." },
  { id: "mod_wrap2", directives: /^wrap/, decides: "It turns clients away by their addresses." },
  {
    id: "mod_wrap",
    directives: /^tcp(access|group|service|useraccess)/,
    decides: "It turns clients away by their addresses.",
  },
  { id: "mod_dnsbl", directives: /^dnsbl/, decides: "It turns away addresses that are on a list." },
  { id: "mod_geoip", directives: /^geoip/, decides: "It turns clients away by their countries." },
  { id: "mod_load", directives: /^maxload$/, decides: "It turns clients away while the machine is busy." },
  { id: "mod_dynmasq", directives: /^dynmasq/, decides: "It looks the name of MasqueradeAddress up again and again." },
  {
    id: "mod_proxy",
    directives: /^proxy/,
    decides: "It passes sessions on to other servers, which announce addresses of their own.",
  },
  { id: "mod_rewrite", directives: /^rewrite/, decides: "It changes commands before they are carried out." },
  { id: "mod_deflate", directives: /^deflate/, decides: null },
  { id: "mod_delay", directives: /^delay/, decides: null },
  { id: "mod_copy", directives: /^copy/, decides: null },
  { id: "mod_ctrls_admin", directives: /^admincontrols/, decides: null },
  { id: "mod_digest", directives: /^digest/, decides: null },
  { id: "mod_exec", directives: /^exec/, decides: null },
  { id: "mod_facl", directives: /^facl/, decides: null },
  { id: "mod_log_forensic", directives: /^forensiclog/, decides: null },
  { id: "mod_memcache", directives: /^memcache/, decides: null },
  { id: "mod_redis", directives: /^redis/, decides: null },
  { id: "mod_qos", directives: /^qosoptions$/, decides: null },
  { id: "mod_readme", directives: /^displayreadme$/, decides: null },
  { id: "mod_shaper", directives: /^shaper/, decides: null },
  { id: "mod_site_misc", directives: /^sitemisc/, decides: null },
  { id: "mod_statcache", directives: /^statcache/, decides: null },
  { id: "mod_unique_id", directives: /^uniqueid/, decides: null },
  { id: "mod_vroot", directives: /^vroot/, decides: null },
  { id: "mod_snmp", directives: /^snmp/, decides: null },
  { id: "mod_autohost", directives: /^autohost/, decides: null },
  { id: "mod_clamav", directives: /^clam/, decides: null },
  { id: "mod_case", directives: /^case(engine|ignore|log|options)$/, decides: null },
  { id: "mod_tar", directives: /^tar(engine|enable|log|options|temppath|xferoptions)$/, decides: null },
  // Its sections hold what counts for some users or addresses only.
  {
    id: "mod_ifsession",
    directives: /^<\/?if(authenticated|class|group|user)$/,
    decides: "It sets things for some users or addresses alone.",
  },
  { id: "mod_ifversion", directives: /^<\/?ifversion$/, decides: "It sets things for some versions alone." },
];

/** The module of a directive, or of a section's first word, in any case; `null` if the lab has it. */
export function absentModule(name: string): AbsentModule | null {
  const word = name.toLowerCase().replace(/>$/, "");
  return modules.find(({ directives }) => directives.test(word)) ?? null;
}

/** A line of a file that is a module's which the lab does not have. */
export type AbsentLine = {
  /** Index in the text, from 0. */
  readonly index: number;
  readonly module: AbsentModule;
};

/**
 * The lines that the lab leaves out for want of a module: its directives, and its sections with all that is in them. What stands in
 * `<IfModule>` of such a module ProFTPD passes over by itself; it is told here too.
 */
export function absentLines(text: string): readonly AbsentLine[] {
  const found: AbsentLine[] = [];
  let within: { readonly module: AbsentModule; readonly ends: RegExp; depth: number } | null = null;
  let joined: AbsentModule | null = null;
  for (const [index, line] of text.split("\n").entries()) {
    const [, word = "", argument = ""] = /^\s*(\S+)(?:\s+([^\s>]+))?/.exec(line) ?? [];
    if (word === "" || word.startsWith("#")) continue;
    if (within !== null) {
      found.push({ index, module: within.module });
      if (new RegExp(`^<${within.ends.source}`, "i").test(word)) within.depth += 1;
      if (new RegExp(`^</${within.ends.source}>`, "i").test(word)) within.depth -= 1;
      if (within.depth === 0) within = null;
      continue;
    }
    const ofIfModule = /^<ifmodule$/i.test(word) ? namedModule(argument) : null;
    const module: AbsentModule | null = joined ?? ofIfModule ?? absentModule(word);
    joined = module !== null && line.endsWith("\\") ? module : null;
    if (module === null) continue;
    found.push({ index, module });
    const [, section] = /^<(\w+)/.exec(word) ?? [];
    if (section !== undefined) within = { module, ends: new RegExp(section), depth: 1 };
  }
  return found;
}

/** The module that `<IfModule mod_sql.c>` asks for, if the lab does not have it; `!` asks for its absence. */
function namedModule(argument: string): AbsentModule | null {
  const [, id] = /^(mod_\w+)\.c$/.exec(argument) ?? [];
  return (
    modules.find((one) => one.id === id) ??
    (id !== undefined && /^mod_(sftp|sql|quotatab|wrap2|tls)_\w+$/.test(id) ? { id, decides: null } : null)
  );
}
