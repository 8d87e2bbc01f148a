import { useState } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"
import "./recovery.css"

type Props = { readonly code: string; readonly sheet: string }

/** The code, once: large enough to copy by hand, and the three ways to keep it. Printing prints this and nothing else. */
export function RecoveryCodeView({ code, sheet }: Props) {
  const { recovery } = words()
  const [isCopied, setCopied] = useState(false)
  const copy = () => void navigator.clipboard.writeText(code).then(() => setCopied(true), () => undefined)
  return (
    <section class="recovery" aria-label={recovery.yours}>
      <p class="recovery-code" translate={false}>
        {code.split("-").map((group) => (
          <span key={group}>{group}</span>
        ))}
      </p>
      <p class="recovery-sheet" aria-hidden="true">
        {sheet}
      </p>
      <div class="recovery-actions">
        <button type="button" class="button button-outline" onClick={() => print()}>
          {recovery.print}
        </button>
        <button type="button" class="button button-outline" onClick={() => save(sheet, recovery.fileName)}>
          {recovery.save}
        </button>
        <button type="button" class="button button-outline" onClick={copy}>
          {isCopied && <IconView name="check" small />}
          <span role="status">{isCopied ? recovery.copied : recovery.copy}</span>
        </button>
      </div>
    </section>
  )
}

/** A text file in the person's downloads; the address it is given dies at once. */
function save(text: string, name: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "text/plain" }))
  const link = document.createElement("a")
  link.href = address
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(address), 1_000)
}
