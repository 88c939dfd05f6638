import { certificateKinds } from "../model/certificate-kind";
import { demandsSessionReuse, homeRelease, type ServerProfile, type ServerTls } from "../model/server-profile";
import type { DebianRelease } from "../catalog/releases/definition";
import { lackOf, softwareNamed, softwareReleases } from "../catalog/servers/registry";

type ServerOption = {
  readonly word: string;
  readonly description: string;
  readonly set: (tls: ServerTls) => Partial<ServerTls>;
};

const certificateWords = {
  "unknown-ca": "its certificate comes from a CA that the client does not know",
  "self-signed": "its certificate is signed by itself",
  "other-name": "its certificate carries another name",
  expired: "its certificate was valid until yesterday",
  "ip-address": "its certificate carries the address that clients dial, and no name",
} as const;

/** Longer than a login takes on a busy machine, and short to wait for. */
export const shortSessionSeconds = 5;

/** What `+option` in a server id changes of a profile, by groups: of each at most one option is chosen. */
const groups: readonly (readonly ServerOption[])[] = [
  certificateKinds
    .filter((kind) => kind !== "trusted")
    .map((kind) => ({ word: kind, description: certificateWords[kind], set: () => ({ certificate: kind }) })),
  [
    { word: "tls1.2", description: "it speaks TLS 1.2 alone", set: () => ({ protocol: "TLSv1.2" }) },
    { word: "tls1.3", description: "it speaks TLS 1.3 alone", set: () => ({ protocol: "TLSv1.3" }) },
  ],
  [
    {
      word: "session-reuse",
      description: "data connections must resume the control connection's TLS session",
      set: ({ options }) => ({ options: options.filter((option) => option !== "NoSessionReuseRequired") }),
    },
  ],
  [
    {
      word: "short-sessions",
      description: `TLS sessions and their tickets end after ${shortSessionSeconds} s`,
      set: () => ({ sessionSeconds: shortSessionSeconds }),
    },
  ],
];

/** The options that a profile takes, in the order in which an id names them; without TLS there are none. */
export function optionsOf(profile: ServerProfile): readonly string[] {
  return groups.flatMap((group) => chosen(profile, group).map(({ word }) => word));
}

/** Debian's releases whose server a profile may have: `tls-optional@bullseye`. One that names a release itself has that. */
export function releasesOf(profile: ServerProfile): readonly DebianRelease[] {
  const { software, release } = profile;
  const releases = release === homeRelease ? softwareReleases(softwareNamed(software)) : [];
  return releases.length > 1 ? releases.filter((one) => lackOf(profileOfRelease(profile, one)) === null) : [];
}

/** The profile with the server of another release. */
export function profileOfRelease(profile: ServerProfile, release: DebianRelease): ServerProfile {
  const { id, title } = profile;
  return { ...profile, id: `${id}@${release.id}`, title: `${title}, ${release.title}`, release: release.id };
}

/** The profile itself and with each release, each with every choice of options: `tls-optional@bullseye+expired`. */
export function everyVariantOf(profile: ServerProfile): readonly ServerProfile[] {
  const ofReleases = releasesOf(profile).map((release) => profileOfRelease(profile, release));
  return [profile, ...ofReleases].flatMap(variantsOf);
}

/** The profile itself, and one for each choice of its options: `tls-optional+expired+tls1.2`. */
export function variantsOf(profile: ServerProfile): readonly ServerProfile[] {
  if (profile.tls === null) return [profile];
  return groups.reduce<readonly ServerProfile[]>(
    (variants, group) =>
      variants.flatMap((variant) => [variant, ...chosen(variant, group).map(({ profile: changed }) => changed)]),
    [profile],
  );
}

type Chosen = { readonly word: string; readonly profile: ServerProfile };

/** The profile with each option of a group that its software can do. */
function chosen(profile: ServerProfile, group: readonly ServerOption[]): readonly Chosen[] {
  const { id, description, tls } = profile;
  if (tls === null) return [];
  return groupOf(group, tls)
    .map((option): Chosen => {
      const changed = {
        ...profile,
        id: `${id}+${option.word}`,
        description: `${description} Here ${option.description}.`,
        tls: { ...tls, ...option.set(tls) },
      };
      return { word: option.word, profile: changed };
    })
    .filter(({ profile: changed }) => lackOf(changed) === null);
}

/** An option that changes nothing would give one server two ids. */
function groupOf(group: readonly ServerOption[], tls: ServerTls): readonly ServerOption[] {
  return group.filter(({ word }) => word !== "session-reuse" || !demandsSessionReuse(tls));
}
