import { useEffect } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"
import type { DocumentArrival } from "../page.js"
import { nameOf, titleOf } from "./documentModel.js"
import "./documents.css"

/** Long enough to be read and reached with a thumb; the badge of the tab stays. */
const shownMs = 20_000

type Props = { readonly arrival: DocumentArrival; readonly onOpen: () => void; readonly onClose: () => void }

/** A report came just now: one tap to its first page. */
export function ArrivedStripView({ arrival, onOpen, onClose }: Props) {
  const text = words().patients
  const { card, identity } = arrival
  useEffect(() => {
    const timer = setTimeout(onClose, shownMs)
    return () => clearTimeout(timer)
  }, [card.document])
  const what = card.state === "withdrawn" ? text.arrivedWithdrawn : card.isReplacement ? text.arrivedReplacement : text.arrived
  return (
    <div class="arrived" role="status">
      <button type="button" class="arrived-open" onClick={onOpen}>
        <span class={`family family-${card.family}`}>
          <IconView name={card.family} />
        </span>
        <span class="row-body">
          <span class="arrived-what">{what}</span>
          <span class="row-title clamp-1">{titleOf(card)}</span>
          <span class="row-line clamp-1">{nameOf(identity)}</span>
        </span>
        <IconView name="open" />
      </button>
      <button type="button" class="icon-button" aria-label={words().app.close} onClick={onClose}>
        <IconView name="close" />
      </button>
    </div>
  )
}
