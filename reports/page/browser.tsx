/** Starts the page in the browser: what was rendered without JavaScript gives way to what can be used. */
import { Component, render, type ComponentChildren } from "preact";
import type { MatrixReport } from "../../harness/model/report";
import { App } from "./app";
import { texts } from "./texts";

/** A report that does not fit must not leave an empty page. */
class Guard extends Component<{ readonly children: ComponentChildren }, { readonly failed: boolean }> {
  override state = { failed: false };

  static override getDerivedStateFromError() {
    return { failed: true };
  }

  override render({ children }: { readonly children: ComponentChildren }) {
    return this.state.failed ? <p class="unknown">{texts.broken}</p> : children;
  }
}

const root = document.getElementById("root");
const data = document.getElementById("report")?.textContent ?? null;
if (root !== null && data !== null) {
  const report = JSON.parse(data) as MatrixReport;
  root.replaceChildren();
  render(
    <Guard>
      <App report={report} />
    </Guard>,
    root,
  );
}
