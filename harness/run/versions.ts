/** Adds versions to those known; where labs differ, as the Node of another client image does, all of its versions are reported. */
export function addVersions(versions: Record<string, string>, noted: Readonly<Record<string, string>>): void {
  for (const [name, version] of Object.entries(noted)) {
    const known = versions[name]?.split(", ") ?? [];
    versions[name] = [...new Set([...known, ...version.split(", ")])].sort().join(", ");
  }
}
