import type { Example } from "../../harness/model/story";
import { Foreign } from "./foreign";
import { Paste } from "./copy";
import { texts } from "./texts";

/** What each party can do, the root's remedies first, each with lines to paste. Every remedy is shown once. */
export function Cures({ example }: { readonly example: Example }) {
  const remedies = example.findings.flatMap((finding) => finding.remedies);
  const distinct = [...new Map(remedies.map((remedy) => [JSON.stringify(remedy), remedy])).values()];
  if (distinct.length === 0) return null;
  return (
    <section class="cures">
      <h3>{texts.cell.cures}</h3>
      <ol>
        {distinct.map(({ party, what, lines }, index) => (
          <li key={index}>
            <span class={`party ${party.replace(" ", "-")}`}>{party}</span> <Foreign text={what} limit={1500} />
            {lines.length === 0 ? null : <Paste lines={lines} label={`${party}: ${what}`} />}
          </li>
        ))}
      </ol>
    </section>
  );
}
