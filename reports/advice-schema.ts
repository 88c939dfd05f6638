/** The shape of what `advise --json` prints, published as `advice.schema.json`. */
import { z } from "zod";
import { advisedParties } from "../harness/model/advice";
import { dataCommands, modes, operations, results, stages } from "../harness/model/axes";

/** A later minor version only adds fields. */
export const adviceVersion = "1.1";

const port = z.number().int().min(1).max(65535);
const party = z.enum(advisedParties).meta({ id: "party", description: "Who has to change something" });

const session = z.object({
  client: z.string().meta({ description: "Program id, and +option for each departure from its defaults" }),
  mode: z.enum(modes),
  data: z.enum(dataCommands),
  position: z
    .string()
    .optional()
    .meta({ description: "Where the client stands; left out: the network has one client" }),
});

const need = session
  .extend({ operation: z.enum(operations) })
  .meta({ id: "need", description: "A session that has to work" });

const needNow = z
  .object({
    need,
    expected: z.object({
      result: z.enum(results),
      stage: z.enum(stages).nullable().meta({ description: "The stage that fails" }),
      cause: z.string().nullable(),
      reason: z.string().meta({ description: "One sentence for a person" }),
      unpredicted: z.literal(true).optional().meta({ description: "Nothing can be predicted for it" }),
    }),
  })
  .meta({ id: "needNow", description: "A need, and what is expected of it in the unchanged network" });

const opened = z.object({
  node: z.string(),
  address: z.string().meta({ description: "The address by which strangers reach it" }),
  ports: z.array(z.object({ first: port, last: port })),
  from: z.string().meta({ description: "The network that they are in, as a CIDR block, and everything behind it" }),
});

const lines = z.object({
  place: z.enum(["router", "host", "configuration", "client"]),
  name: z.string().meta({ description: "The node's id, the configuration's file, or the client" }),
  lines: z.array(z.string()),
  kept: z
    .object({
      by: z.string().meta({ description: "The tool that writes the node's rules" }),
      lines: z.array(z.string()).meta({ description: "The same in its own syntax" }),
      rest: z.array(z.string()).meta({ description: "Lines that its syntax cannot express" }),
      place: z.string().meta({ description: "Where to put those lines" }),
      onlyInLab: z.boolean().meta({
        description:
          "Whether the pasted lines are for the lab alone, since the tool lets nobody else change its rules, or nobody saw them",
      }),
    })
    .optional()
    .meta({ description: "How to keep the lines when the tool rewrites its rules" }),
});

const proof = z.array(z.object({ need, worked: z.boolean(), message: z.string().nullable() }));

const set = z
  .object({
    changes: z.array(
      z.object({
        id: z.string(),
        party,
        what: z.string().meta({ description: "One sentence" }),
        exposes: z.boolean().meta({ description: "It gives up encryption that the session has or should have" }),
      }),
    ),
    predicted: z
      .boolean()
      .meta({ description: "Whether every need is predicted to work; otherwise only the lab can " + "tell" }),
    uses: z.array(need).meta({ description: "How each need is served, in their order" }),
    opens: z.array(opened).meta({ description: "What strangers can reach that they could not reach before" }),
    breaks: z.array(session).meta({ description: "Sessions that would no longer work" }),
    lines: z.array(lines).meta({ description: "What to paste, and where" }),
    proof: proof.optional().meta({ description: "What the lab found for each need; left out if it was not asked" }),
  })
  .meta({ id: "set", description: "Changes that make every need work, none of which can be left out" });

/** What `advise --json` prints. */
export const adviceSchema = z.object({
  schemaVersion: z.string().regex(/^1\.\d+$/),
  topology: z.string(),
  server: z.string(),
  may: z.array(party).meta({ description: "Who can be asked to change something" }),
  needs: z.array(needNow),
  asItIs: proof
    .optional()
    .meta({ description: "What the lab found for the unchanged network, if that is not predicted" }),
  sets: z.array(set).meta({ description: "Smallest first; empty if nothing has to be changed, or nothing helps" }),
  impossible: z
    .object({
      needs: z.array(needNow).meta({ description: "The needs that cannot be served" }),
      onlyTogether: z.boolean().meta({ description: "Whether each can be served alone but not all of them together" }),
      withOthers: set.nullable().meta({ description: "The smallest set of all parties together that helps" }),
      tried: z.object({
        changes: z.number().int().nonnegative(),
        together: z.number().int().nonnegative().meta({ description: "How many changes at most were tried together" }),
        ofAll: z
          .number()
          .int()
          .nonnegative()
          .meta({ description: "How many changes of all parties at most were " + "tried together" }),
      }),
    })
    .nullable()
    .meta({ description: "Why nothing helps; null if something helps, or nothing has to be changed" }),
});

/** The text of `advice.schema.json`, a JSON Schema (draft 2020-12). */
export function adviceSchemaText(): string {
  const { $schema, ...schema } = z.toJSONSchema(adviceSchema, { io: "input" });
  return `${JSON.stringify({ $schema, title: "ftp-nat-matrix advise --json", ...schema }, null, 2)}\n`;
}
