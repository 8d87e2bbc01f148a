import type { DocumentCard } from "../../bridge/documents.js"
import { IconView } from "../components/IconView.js"
import { words } from "../i18n/language.js"
import { spokenTime } from "../i18n/times.js"
import { dateOf, familyName, sourceOf, titleOf } from "./documentModel.js"

type Props = { readonly card: DocumentCard; readonly nowMs: number; readonly onOpen: () => void }

/** One document of a timeline: what it is, from whom, of when, and whether it is new, replaced or withdrawn. */
export function CardView({ card, nowMs, onOpen }: Props) {
  const text = words().document
  const source = sourceOf(card)
  const date = dateOf(card)
  return (
    <button type="button" class={`document-card is-${card.state}`} onClick={onOpen}>
      <span class={`family family-${card.family}`}>
        <IconView name={card.family} />
      </span>
      <span class="row-body">
        <span class="document-family">
          <span>{familyName(card.family)}</span>
          <StateView card={card} />
        </span>
        <span class="document-title">{titleOf(card)}</span>
        {source !== "" && <span class="row-line">{source}</span>}
        <span class="row-line time">{date === "" ? text.received(spokenTime(card.receivedAtMs, nowMs)) : date}</span>
      </span>
    </button>
  )
}

export function StateView({ card }: { readonly card: DocumentCard }) {
  const text = words().document
  if (card.state !== "opened") return <span class={`state state-${card.state}`}>{text.states[card.state]}</span>
  return card.isReplacement ? <span class="state state-opened">{text.isReplacement}</span> : null
}
