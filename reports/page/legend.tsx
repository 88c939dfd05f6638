import { fieldWords, texts } from "./texts";

/** What the signs and the field's words mean. */
export function Legend() {
  return (
    <section class="legend" aria-label={texts.legend.title}>
      <ul class="signs">
        <li>
          <span class="tile worked">✓</span> {texts.legend.worked}
        </li>
        <li>
          <span class="tile failed">✗</span> {texts.legend.failed}
        </li>
        <li>
          <span class="tile failed unexpected">✗!</span> {texts.legend.unexpected}
        </li>
        <li>
          <span class="tile worked flaky">✓*</span> {texts.legend.flaky}
        </li>
        <li>
          <span class="tile lab-error">?</span> {texts.legend.labError}
        </li>
        <li>
          <span class="tile skipped">s</span> {texts.legend.skipped}
        </li>
        <li>
          <span class="tile mixed">LD</span> {texts.matrix.letters}
        </li>
      </ul>
    </section>
  );
}

/** RFC 4787's words, plain ones beside them, and devices that one knows. */
export function FieldWords() {
  return (
    <section class="words">
      <h2>{texts.words.title}</h2>
      <p>{texts.words.intro}</p>
      <dl>
        {fieldWords.map(({ term, plain, devices }) => (
          <div key={term}>
            <dt>{term}</dt>
            <dd>
              {plain} <span class="devices">{devices}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
