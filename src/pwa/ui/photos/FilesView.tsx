import { useState } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import { SheetView } from "../components/SheetView.js"
import { explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { sizeText } from "./durations.js"
import { plainType, type Outgoing } from "./outgoing.js"
import "./photos.css"

type Props = {
  readonly files: readonly File[]
  readonly to: string
  readonly limitBytes: number
  readonly onSend: (items: readonly Outgoing[], text: string) => Promise<string | null>
  readonly onClose: () => void
}

const mostFiles = 10

/** Files before they leave: what, how large, to whom; what is too large is said here and not after a wait. */
export function FilesView({ files, to, limitBytes, onSend, onClose }: Props) {
  const text = words().media
  const [caption, setCaption] = useState("")
  const [failure, setFailure] = useState<string | null>(null)
  const [isSending, setSending] = useState(false)
  const chosen = files.slice(0, mostFiles)
  const fitting = chosen.filter(({ size }) => size <= limitBytes && size > 0)
  const send = async () => {
    setSending(true)
    const items = fitting.map((file): Outgoing => {
      const name = Array.from(file.name).slice(-128).join("")
      return { content: file, mediaType: plainType(file.type), name, width: 0, height: 0, durationMs: 0, thumbnail: null, waveform: null }
    })
    const code = await onSend(items, caption.trim())
    if (code === null) {
      onClose()
      return
    }
    setFailure(explainCode(code))
    setSending(false)
  }
  return (
    <SheetView title={text.filesTitle(chosen.length)} onClose={onClose}>
      <div class="sending">
        <p class="quiet">{text.to(to)}</p>
        <ul class="files">
          {chosen.map((file) => (
            <li class="file" key={file.name}>
              <IconView name="file" />
              <span class="row-body">
                <span class="row-title clamp-2">{file.name}</span>
                <span class={file.size > limitBytes ? "row-line file-large" : "row-line"}>
                  {file.size > limitBytes ? text.tooLarge(sizeText(file.size), sizeText(limitBytes)) : sizeText(file.size)}
                </span>
              </span>
            </li>
          ))}
        </ul>
        <p class="field-hint">{text.fileLimit(sizeText(limitBytes))}</p>
        <label class="field">
          <span class="field-label">{text.caption}</span>
          <input class="input" maxLength={4000} value={caption} onInput={(event) => setCaption(event.currentTarget.value)} />
        </label>
        {failure !== null && (
          <p class="field-error" role="alert">
            {failure}
          </p>
        )}
        <button type="button" class="button button-primary button-wide" disabled={fitting.length === 0 || isSending} onClick={() => void send()}>
          <IconView name="send" />
          {text.sendFiles(fitting.length)}
        </button>
      </div>
    </SheetView>
  )
}
