import { useState } from "preact/hooks"
import { HeaderView } from "../components/HeaderView.js"
import { language, words } from "../i18n/language.js"
import "./settings.css"

type Props = { readonly version: string; readonly link: string; readonly signedIn: boolean; readonly onBack: () => void }

/** Part of the app itself, so that it is there without network. */
export function HelpView({ version, link, signedIn, onBack }: Props) {
  const text = words().help
  const [isCopied, setCopied] = useState(false)
  const report = reportOf(version, link, signedIn)
  return (
    <>
      <HeaderView title={text.title} onBack={onBack} />
      <div class="scroll card">
        <div class="sheet">
          {text.questions.map(([question, answer]) => (
            <details class="question" key={question}>
              <summary>{question}</summary>
              <p>{answer}</p>
            </details>
          ))}
        </div>
        <section class="sheet sheet-padded" aria-labelledby="report-title">
          <h2 id="report-title">{text.reportTitle}</h2>
          <p>{text.report}</p>
          <pre class="report" tabIndex={0}>
            {report}
          </pre>
          <button
            type="button"
            class="button button-outline"
            onClick={() =>
              void navigator.clipboard.writeText(report).then(
                () => setCopied(true),
                () => undefined,
              )
            }
          >
            {text.copy}
          </button>
          {isCopied && <p role="status">{text.copied}</p>}
        </section>
      </div>
    </>
  )
}

/** What helps, and says nothing about anyone. */
function reportOf(version: string, link: string, signedIn: boolean): string {
  const facts: readonly (readonly [string, string])[] = [
    ["Lien", version],
    ["browser", navigator.userAgent],
    ["language", language.value],
    ["screen", `${window.innerWidth}x${window.innerHeight} @${window.devicePixelRatio}`],
    ["standalone", String(window.matchMedia("(display-mode: standalone)").matches)],
    ["online", String(navigator.onLine)],
    ["link", link],
    ["signed in", String(signedIn)],
    ["notifications", "Notification" in window ? Notification.permission : "unsupported"],
    ["service worker", String("serviceWorker" in navigator && navigator.serviceWorker.controller !== null)],
    ["time", new Date().toISOString().slice(0, 16)],
  ]
  return facts.map(([name, value]) => `${name}: ${value}`).join("\n")
}
