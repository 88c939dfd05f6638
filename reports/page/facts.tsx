import type { CellResult } from "../../harness/model/cell";
import { duration } from "../../harness/text/quantity";
import { rerunCell, type Started } from "../rerun";
import { resultText } from "../wording";
import { Paste } from "./copy";
import { Code, Foreign } from "./foreign";
import { texts } from "./texts";

/** Address of a file beside the page; a path that was made up leads nowhere else, and half a surrogate pair has no UTF-8. */
function besidePage(path: string): string {
  return `./${path
    .replace(/\p{Cs}/gu, "\ufffd")
    .split("/")
    .map(encodeURIComponent)
    .join("/")}`;
}

/** Expected against seen, what the client said, the files that were kept, and the command that does it again. */
export function Facts({ cell, run }: { readonly cell: CellResult; readonly run: Started }) {
  const { expected, message, replyCode, attempts, durationMs, evidence } = cell;
  const words = texts.cell;
  return (
    <>
      <dl class="facts">
        <div>
          <dt>{words.expected}</dt>
          <dd>{resultText(expected)}</dd>
        </div>
        <div>
          <dt>{words.reason}</dt>
          <dd>
            <Foreign text={expected.reason} limit={2000} />
          </dd>
        </div>
        <div>
          <dt>{words.actual}</dt>
          <dd>{resultText(cell)}</dd>
        </div>
        {message === null ? null : (
          <div>
            <dt>{words.message}</dt>
            <dd>
              <Code text={message} limit={1000} />
            </dd>
          </div>
        )}
        {replyCode === null ? null : (
          <div>
            <dt>{words.replyCode}</dt>
            <dd>{replyCode}</dd>
          </div>
        )}
        <div>
          <dt>{words.duration}</dt>
          <dd>
            {duration(durationMs)}
            {attempts > 1 ? ` · ${words.attempts}: ${attempts}` : null}
          </dd>
        </div>
        <div>
          <dt>{words.evidence}</dt>
          <dd>
            {evidence.length === 0 ? (
              words.noEvidence
            ) : (
              <ul>
                {evidence.map((path) => (
                  <li key={path}>
                    <a href={besidePage(path)}>
                      <Foreign text={path.split("/").at(-1) ?? path} />
                    </a>
                  </li>
                ))}
              </ul>
            )}
          </dd>
        </div>
      </dl>
      <h3>{words.rerun}</h3>
      <Paste lines={[rerunCell(cell, run)]} label={words.rerun} />
      <h3>{words.explain}</h3>
      <Paste lines={[`npm run --silent matrix -- explain ${cell.id} --all`]} label={words.explain} />
    </>
  );
}
