import type { ServerProfile, ServerTls, TlsRequired } from "../../model/server-profile";
import type { ProfileLack, ServerSettings, ServerTraits } from "./definition";

/** Words of TLSProtocol that say no more than what current software does by itself. */
const current = ["TLSv1.2 TLSv1.3", "SSLv23", "ALL"];

/** What holds of all software that is set up to offer TLS and to demand nothing. */
export const undemanding = {
  refusesClearLogin: null,
  refusesProt: { C: null, P: null },
  wantsPbsz: false,
  sendsTickets: true,
  refusesClearTransfer: null,
  foreignAddress: "refuses",
} as const satisfies Partial<ServerTraits>;

/** Settings that only ProFTPD's mod_tls has words for. */
export const withoutModTls = {
  tlsRequired: null,
  tlsVersions: [],
  tlsOptions: [],
  sessionSeconds: null,
} as const satisfies Partial<ServerSettings>;

/** What a software is able to do of a profile, beside offering TLS. */
export type Abilities = {
  readonly name: string;
  /** Whether it can be told which versions of TLS to speak, and to demand session reuse. */
  readonly choosesVersions: boolean;
  readonly demandsReuse: boolean;
  /** Values of ProFTPD's TLSRequired that it has the like of. */
  readonly demands: readonly TlsRequired[];
};

/** What a software that is not ProFTPD lacks of a profile. */
export function lackOfAbility(
  { tls, foreignAddress }: Pick<ServerProfile, "tls" | "foreignAddress">,
  abilities: Abilities,
): ProfileLack | null {
  if (foreignAddress !== undefined) {
    return { key: "allow-foreign-address", what: `${abilities.name} has nothing like \`allow-foreign-address\`` };
  }
  return tls === null ? null : lackOfTls(tls, abilities);
}

function lackOfTls(tls: ServerTls, { name, choosesVersions, demandsReuse, demands }: Abilities): ProfileLack | null {
  const lack = (what: string): ProfileLack => ({ key: "tls", what });
  if (!demands.includes(tls.required)) {
    return lack(`the lab sets ${name} up with \`required: ${demands.join("` or `")}\` only`);
  }
  if (tls.verifyClient !== "off") return lack(`the lab sets ${name} up with \`verify-client: off\` only`);
  if (!choosesVersions && !current.includes(tls.protocol))
    return lack(`${name} cannot be told which versions of TLS to speak`);
  if (tls.sessionSeconds !== undefined) return lack(`the lab does not tell ${name} how long TLS sessions last`);
  const reuse = !tls.options.includes("NoSessionReuseRequired");
  if (reuse && !demandsReuse) return lack(`${name} never demands session reuse: say NoSessionReuseRequired`);
  const other = tls.options.find((option) => option !== "NoSessionReuseRequired");
  return other === undefined ? null : lack(`${name} has nothing like ${other}`);
}
