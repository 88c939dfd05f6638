/** What GitHub makes of an issue form: Markdown with a heading for each field (`.github/ISSUE_TEMPLATE/connectivity.yml`). */

/** The form's fields by the scenario keys that they are about, with their labels, in the form's order. */
export const formFields = {
  title: "What is wrong, in a line",
  reported: "What you saw",
  log: "The client's log",
  stage: "Where it stops",
  client: "Client",
  version: "Version of the client",
  mode: "How the connections are protected",
  data: "Command that arranges the data connection",
  session: "What is tried after login",
  server: "Server",
  network: "What stands between",
  works: "What works in the same place",
  fails: "What fails there too",
} as const;
export type FormField = keyof typeof formFields;

/** What was filled in; an empty field is left out. */
export type IssueForm = Readonly<Partial<Record<FormField, string>>>;

/** What GitHub writes for a field that was left empty. */
const noResponse = "_No response_";

/** Headings that make a text a filled form, and not one that happens to have such a heading. */
const fewestFields = 2;

/** Reads a filled form; `null` for any other text. A heading inside a fenced log is part of the log. */
export function readIssueForm(markdown: string): IssueForm | null {
  const found = new Map<FormField, string[]>();
  let current: string[] | null = null;
  let fence: string | null = null;
  for (const line of markdown.split(/\r?\n/)) {
    const mark = /^(`{3,}|~{3,})/.exec(line)?.[1] ?? null;
    if (fence === null && mark !== null) fence = mark;
    else if (fence !== null && mark?.startsWith(fence) === true && line.trim() === mark) fence = null;
    const field = fence === null ? fieldOf(line) : null;
    if (field === null) current?.push(line);
    else {
      // A field has one heading: what stands below a second one is the reporter's.
      current = found.get(field) ?? [];
      found.set(field, current);
    }
  }
  if (found.size < fewestFields) return null;
  const filled = [...found].flatMap(([field, lines]): [FormField, string][] => {
    const value = unfenced(lines.join("\n").trim());
    return value === "" || value === noResponse ? [] : [[field, value]];
  });
  return Object.fromEntries(filled);
}

function fieldOf(line: string): FormField | null {
  const label = /^### (.*?)\s*$/.exec(line)?.[1];
  const entry = Object.entries(formFields).find(([, text]) => text === label);
  return entry === undefined ? null : (entry[0] as FormField);
}

/** A field with `render` comes as fenced code. */
function unfenced(value: string): string {
  return /^(`{3,}|~{3,})[^\n]*\n([^]*)\n\1$/.exec(value)?.[2]?.trim() ?? value;
}

/** A drop-down's words begin with the id: `ftps (explicit TLS on port 21; data too)`. */
export function chosenId(value: string | undefined): string | null {
  return value === undefined ? null : (/^[a-z0-9-]+(?:\/[a-z]+)?/.exec(value)?.[0] ?? null);
}

/** A drop-down of which several can be chosen: separated by commas. */
export function chosenIds(value: string | undefined): readonly string[] {
  return (value ?? "").split(",").flatMap((part) => chosenId(part.trim()) ?? []);
}
