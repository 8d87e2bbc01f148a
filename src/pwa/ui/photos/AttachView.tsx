import { useRef, useState } from "preact/hooks"
import { IconView } from "../components/IconView.js"
import { SheetView } from "../components/SheetView.js"
import { words } from "../i18n/language.js"
import { useMediaDesk, type Around } from "./mediaDesk.js"
import "./attach.css"

/** In the composer: the camera at once, the rest behind one button. */
export function AttachView({ around }: { readonly around: Around }) {
  const text = words().media
  const desk = useMediaDesk()
  const photos = useRef<HTMLInputElement>(null)
  const files = useRef<HTMLInputElement>(null)
  const [isOpen, setOpen] = useState(false)
  if (desk === null) return null
  const chosen = (kind: "photos" | "files") => (event: { readonly currentTarget: HTMLInputElement }) => {
    const list = [...(event.currentTarget.files ?? [])]
    event.currentTarget.value = ""
    if (list.length > 0) desk.start({ kind, files: list }, around)
  }
  return (
    <span class="attach">
      <input ref={photos} class="visually-hidden" type="file" accept="image/*" multiple tabIndex={-1} aria-hidden="true" onChange={chosen("photos")} />
      <input ref={files} class="visually-hidden" type="file" multiple tabIndex={-1} aria-hidden="true" onChange={chosen("files")} />
      <button type="button" class="icon-button" aria-label={text.camera} onClick={() => desk.start({ kind: "camera" }, around)}>
        <IconView name="camera" />
      </button>
      <button type="button" class="icon-button" aria-label={text.attach} aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <IconView name="attach" />
      </button>
      {isOpen && (
        <SheetView title={text.attachTitle} onClose={() => setOpen(false)}>
          <button type="button" class="row" onClick={() => (setOpen(false), photos.current?.click())}>
            <IconView name="gallery" />
            <span class="row-body">
              <span class="row-title">{text.attachPhoto}</span>
              <span class="row-line">{text.chooseWarning}</span>
            </span>
          </button>
          <button type="button" class="row" onClick={() => (setOpen(false), files.current?.click())}>
            <IconView name="file" />
            <span class="row-title">{text.attachFile}</span>
          </button>
          <button
            type="button"
            class="row"
            onClick={() => {
              setOpen(false)
              desk.start({ kind: "voice" }, around)
            }}
          >
            <IconView name="microphone" />
            <span class="row-title">{text.attachVoice}</span>
          </button>
        </SheetView>
      )}
    </span>
  )
}
