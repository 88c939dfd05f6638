import { visible } from "../escape";
import { filterKeys } from "./filter";
import { texts } from "./texts";
import { useNavigate } from "./navigation";
import type { PageState } from "./state";

type Props = Pick<PageState, "query" | "swapped"> & {
  readonly shown: number;
  readonly all: number;
  readonly unknown: readonly string[];
  readonly isSurprising: boolean;
};

/** The filter as typed, some filters at hand, and what they leave. */
export function FilterBar({ query, swapped, shown, all, unknown, isSurprising }: Props) {
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
          aria-pressed={query === token}
          onClick={() => {
            go({ query: query === token ? "" : token });
          }}
        >
          {label}
        </button>
      ))}
      <button
        type="button"
        aria-pressed={swapped}
        onClick={() => {
          go({ swapped: !swapped });
        }}
      >
        {texts.matrix.swap}
      </button>
      <p class="count" role="status">
        {texts.filter.count(shown, all)}
        {unknown.length === 0 ? null : (
          <span class="unknown"> {visible(texts.filter.unknown(unknown, filterKeys))}</span>
        )}
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
