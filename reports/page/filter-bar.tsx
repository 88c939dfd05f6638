import { visible } from "../../harness/text/escape";
import { filterKeys, hasToken, replaceToken, toggleToken, type Misfit } from "./filter";
import { To } from "./link";
import { texts } from "./texts";
import { useNavigate } from "./navigation";
import type { PageState } from "./state";

type Props = Pick<PageState, "query" | "swapped"> & {
  readonly shown: number;
  readonly all: number;
  readonly unknown: readonly string[];
  readonly misfits: readonly Misfit[];
  readonly isSurprising: boolean;
  /** Whether there are axes here to swap. */
  readonly hasAxes: boolean;
};

/** The filter as typed, some filters at hand, and what they leave. */
export function FilterBar({ query, swapped, shown, all, unknown, misfits, isSurprising, hasAxes }: Props) {
  const go = useNavigate();
  const quick = [
    ...(isSurprising ? [{ label: texts.filter.quick.unexpected, token: "s:unexpected" }] : []),
    { label: texts.filter.quick.failed, token: "r:failed" },
    { label: texts.filter.quick.worked, token: "r:worked" },
  ];
  return (
    <div class="filter" role="search">
      <label for="filter">{texts.filter.label}</label>
      <input
        id="filter"
        type="search"
        autocomplete="off"
        spellcheck={false}
        value={query}
        placeholder={texts.filter.placeholder}
        onInput={(event) => {
          go({ query: event.currentTarget.value }, true);
        }}
      />
      {quick.map(({ label, token }) => (
        <button
          key={token}
          type="button"
          aria-pressed={hasToken(query, token)}
          onClick={() => {
            go({ query: toggleToken(query, token) });
          }}
        >
          {label}
        </button>
      ))}
      {hasAxes ? (
        <button
          type="button"
          aria-pressed={swapped}
          onClick={() => {
            go({ swapped: !swapped });
          }}
        >
          {texts.matrix.swap}
        </button>
      ) : null}
      <p class="count" role="status">
        {texts.filter.count(shown, all)}
        {unknown.length === 0 ? null : (
          <span class="unknown"> {visible(texts.filter.unknown(unknown, filterKeys))}</span>
        )}
        {misfits.map(({ token, meant }) => (
          <span key={token} class="misfit">
            {" · "}
            {visible(texts.filter.misfit(token))}
            {meant === null ? null : (
              <>
                {" "}
                {texts.filter.meant} <To change={{ query: replaceToken(query, token, meant) }}>{visible(meant)}</To>?
              </>
            )}
          </span>
        ))}
      </p>
      <details class="help">
        <summary>{texts.filter.how}</summary>
        <ul>
          {texts.filter.help.map((line) => (
            <li key={line}>{line}</li>
          ))}
        </ul>
      </details>
    </div>
  );
}
