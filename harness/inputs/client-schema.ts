/** The keys of a client, in reports and scenarios; the descriptions become the hover text of editors. */
import { z } from "zod";
import { imageReference } from "../catalog/clients/user-image";
import { packageName, packageVersion } from "../catalog/clients/user-script";
import { commandPlaceholders } from "../model/session-script";
import { clientScriptSchema } from "./client-script-schema";
import { mapping } from "./fields";

const text = z.string().max(20_000, "expected at most 20000 characters");

const filledIn = `${commandPlaceholders.map((name) => `{${name}}`).join(" ")} are replaced by the lab's values.`;

const commandLine = z
  .union([text, z.array(text).min(1).max(200)], "expected a command line, or a list of its words")
  .describe(`The user's own command line, run unchanged and without a shell. ${filledIn}`);

export const clientSchema = mapping({
  id: z
    .string()
    .max(200)
    .optional()
    .describe("The client whose image runs it and whose reader reads its output; with options."),
  image: z
    .string()
    .max(300)
    .regex(imageReference, "expected the name of an image, such as my/client:1")
    .optional()
    .describe(
      "A user's own image that the engine has, such as my/client:1, in which `command` runs in the client's place. Exit status 0 is success.",
    ),
  command: commandLine.optional(),
  files: z
    .record(z.string().regex(/^[A-Za-z0-9][A-Za-z0-9._-]{0,60}$/, "expected a plain file name"), text)
    .optional()
    .describe("Files in its working directory, by name: scripts, settings."),
  input: text.optional().describe("What it reads from its standard input."),
  script: z
    .union([text, clientScriptSchema], "expected a script for Node, or a mapping with the `steps` of a scripted client")
    .optional()
    .describe(
      `The user's own script for Node, in the client's place; exit status 0 is success. Or what a scripted client sends. ${filledIn}`,
    ),
  npm: z
    .record(
      z.string().regex(packageName, "expected the name of a package of npm's"),
      z.string().regex(packageVersion, "expected one version, such as 3.8.7"),
    )
    .refine((packages) => Object.keys(packages).length <= 16, "expected at most 16 packages")
    .optional()
    .describe("Packages of npm's registry that the script imports, by name, each with its version."),
  node: z
    .string()
    .regex(/^\d{1,4}\.\d{1,4}\.\d{1,4}$/, 'expected a version of Node in quotes, such as "22.22.3"')
    .optional()
    .describe("The version of Node that runs the script. Left out: Debian 13's."),
}).meta({ id: "client" });

export type ClientText = z.output<typeof clientSchema>;
