import type { MatrixReport } from "../../harness/model/report";
import { evidenceText, verdictText } from "../claim-words";
import { Code, Foreign } from "./foreign";
import { texts } from "./texts";

/** The words beside it say the same. */
const signs = { confirmed: "✓", contradicted: "✗", "not-shown": "?" } as const;

/** Sentences of the scenarios, each with its verdict and the cells that bear it out or do not. */
export function Claims({ claims }: Pick<MatrixReport, "claims">) {
  if (claims.length === 0) return <p>{texts.claims.none}</p>;
  return (
    <ol class="claims">
      {claims.map((claim) => (
        <li key={claim.id} class={`card ${claim.outcome}`}>
          <blockquote>
            <span class="sign" aria-hidden="true">
              {signs[claim.outcome]}
            </span>{" "}
            <Foreign text={claim.text} limit={2000} />
          </blockquote>
          <p>
            <strong>{verdictText(claim)}</strong>. <Foreign text={claim.because} limit={2000} />
          </p>
          <ul>
            {claim.evidence.map((evidence, index) => {
              const { speaks, cells, result, count, otherwise } = evidenceText(evidence);
              return (
                <li key={index}>
                  {speaks}: <Code text={cells} /> {result} ({count})
                  {otherwise.length === 0 ? null : (
                    <ul>
                      {otherwise.map((cell) => (
                        <li key={cell}>
                          ✗ <Foreign text={cell} />
                        </li>
                      ))}
                    </ul>
                  )}
                </li>
              );
            })}
          </ul>
        </li>
      ))}
    </ol>
  );
}
