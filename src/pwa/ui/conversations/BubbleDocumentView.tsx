import type { Message } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { dateOf, familyName } from "../documents/documentModel.js"
import { words } from "../i18n/language.js"
import { useMediaDesk } from "../photos/mediaDesk.js"
import { goTo } from "../router.js"
import "../documents/documents.css"
import { sharedTitle } from "./messageModel.js"
import { patientLine, patientTitle } from "./patientModel.js"

/** The clinical document that a bubble shares: whose it is, what and from whom; one tap to its first page. */
export function BubbleDocumentView({ message }: { readonly message: Message }) {
  const desk = useMediaDesk()
  const { content, device, envelope } = message
  if (desk === null || content.kind !== "document") return null
  const source = [content.author, content.structure].filter((part) => part !== "").join(words().profession.separator)
  return (
    <button type="button" class="bubble-document" onClick={() => goTo({ kind: "shared-document", channel: desk.channel, device, envelope })}>
      <span class={`family family-${content.family}`}>
        <IconView name={content.family} />
      </span>
      <span class="row-body">
        <span class="document-family">{familyName(content.family)}</span>
        <span class="row-title">{sharedTitle(content)}</span>
        <span class="row-line">
          <strong>{patientTitle(content.patient)}</strong>
          {patientLine(content.patient)}
        </span>
        {source !== "" && <span class="row-line">{source}</span>}
        <span class="row-line time">{content.progress === null ? dateOf(content) : words().sharedDocument.sending}</span>
      </span>
      <IconView name="open" />
    </button>
  )
}
