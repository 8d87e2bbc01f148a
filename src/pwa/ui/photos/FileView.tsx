import { useEffect, useState } from "preact/hooks"
import type { MediaItem } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { PdfView } from "../documents/PdfView.js"
import { codeOf, explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { sizeText } from "./durations.js"
import { kindOf, programOf } from "./kinds.js"
import type { MediaPlace } from "./MediaView.js"

type Props = { readonly place: MediaPlace; readonly item: MediaItem; readonly onSave: () => void }

/** A PDF is read here; of any other file, what opens it is said, once it has left Lien. */
export function FileView({ place, item, onSave }: Props) {
  const text = words().media
  if (kindOf(item) === "pdf") return <ReadView place={place} item={item} />
  return (
    <div class="viewer-file">
      <IconView name="file" />
      <h2>{nameOf(item)}</h2>
      <p>{sizeText(item.bytes)}</p>
      <p>{text.opensWith[programOf(item)]}</p>
      <button type="button" class="button button-outline" onClick={onSave}>
        <IconView name="save" />
        {text.saveOutside}
      </button>
    </div>
  )
}

function ReadView({ place, item }: Omit<Props, "onSave">) {
  const [pdf, setPdf] = useState<Uint8Array<ArrayBuffer> | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  useEffect(() => {
    let isOver = false
    place.engine.ask("openMedia", { channel: place.channel, target: place.message, index: item.index }).then(
      ({ content }) => {
        if (!isOver) setPdf(content)
      },
      (error: unknown) => setFailure(codeOf(error)),
    )
    return () => {
      isOver = true
    }
  }, [item.blob])
  if (failure !== null) {
    return (
      <p class="viewer-failure" role="alert">
        {explainCode(failure)}
      </p>
    )
  }
  return (
    <div class="viewer-pages">
      {pdf === null ? <span class="spinner viewer-spinner" role="status" aria-label={words().media.loading} /> : <PdfView bytes={pdf} title={nameOf(item)} />}
    </div>
  )
}

const nameOf = (item: MediaItem): string => (item.name === "" ? words().media.file : item.name)
