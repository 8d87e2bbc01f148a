import { useEffect, useRef, useState } from "preact/hooks"
import type { MediaItem } from "../../bridge/models.js"
import { IconView } from "../components/IconView.js"
import { offerFile } from "../files/readyFile.js"
import { codeOf, explainCode } from "../i18n/failures.js"
import { words } from "../i18n/language.js"
import { FileView } from "./FileView.js"
import { isPicture, kindOf, safeType } from "./kinds.js"
import type { MediaPlace } from "./MediaView.js"
import { useThumbnail } from "./thumbnails.js"
import "./photos.css"

type Props = {
  readonly place: MediaPlace
  readonly first: MediaItem
  /** Signs in with a gesture; only then something leaves the app. */
  readonly onProve: () => Promise<void>
  readonly onClose: () => void
}

const steps = [1, 1.5, 2, 3, 4, 6] as const

/** One photograph or file over the whole screen. */
export function ViewerView({ place, first, onProve, onClose }: Props) {
  const text = words().media
  const dialog = useRef<HTMLDialogElement>(null)
  const [index, setIndex] = useState(first.index)
  const [isSaving, setSaving] = useState(false)
  const { content } = place.message
  const items = content.kind === "media" ? content.items.filter((item) => kindOf(item) === kindOf(first)) : []
  const item = items.find((each) => each.index === index) ?? first
  const position = items.indexOf(item)
  useEffect(() => dialog.current?.showModal(), [])
  const step = (by: number) => setIndex(items[position + by]?.index ?? index)
  return (
    <dialog
      ref={dialog}
      class="viewer"
      aria-label={kindOf(item) === "picture" ? text.photo : item.name}
      onClose={onClose}
      onKeyDown={(event) => {
        if (event.key === "ArrowLeft") step(-1)
        if (event.key === "ArrowRight") step(1)
      }}
    >
      <header class="viewer-top">
        <button type="button" class="camera-button" aria-label={words().app.close} onClick={onClose}>
          <IconView name="close" />
        </button>
        <p class="clamp-1">{items.length > 1 ? text.photoOf(position + 1, items.length) : item.name}</p>
        <button type="button" class="camera-button" aria-label={text.saveOutside} onClick={() => setSaving(true)}>
          <IconView name="save" />
        </button>
      </header>
      {kindOf(item) === "picture" ? (
        <PhotoView key={item.blob} place={place} item={item} />
      ) : (
        <FileView key={item.blob} place={place} item={item} onSave={() => setSaving(true)} />
      )}
      {items.length > 1 && kindOf(item) === "picture" && (
        <div class="viewer-steps">
          <button type="button" class="camera-button" aria-label={text.previousPhoto} disabled={position <= 0} onClick={() => step(-1)}>
            <IconView name="back" />
          </button>
          <button type="button" class="camera-button" aria-label={text.nextPhoto} disabled={position >= items.length - 1} onClick={() => step(1)}>
            <IconView name="open" />
          </button>
        </div>
      )}
      {isSaving && <SaveView place={place} item={item} onProve={onProve} onClose={() => setSaving(false)} />}
    </dialog>
  )
}

function PhotoView({ place, item }: { readonly place: MediaPlace; readonly item: MediaItem }) {
  const text = words().media
  const small = useThumbnail(place, item)
  const [url, setUrl] = useState<string | null>(null)
  const [failure, setFailure] = useState<string | null>(null)
  const [zoom, setZoom] = useState(1)
  const scroller = useRef<HTMLDivElement>(null)
  const touches = useRef(new Map<number, { x: number; y: number }>())
  const pinch = useRef<{ distance: number; zoom: number } | null>(null)

  useEffect(() => {
    let made: string | null = null
    let isOver = false
    place.engine.ask("openMedia", { channel: place.channel, target: place.message, index: item.index }).then(
      ({ content }) => {
        if (isOver) return
        if (!isPicture(content)) {
          setFailure("bad_blob")
          return
        }
        made = URL.createObjectURL(new Blob([content], { type: safeType(item) }))
        setUrl(made)
      },
      (error: unknown) => setFailure(codeOf(error)),
    )
    return () => {
      isOver = true
      if (made !== null) URL.revokeObjectURL(made)
    }
  }, [item.blob])

  const next = (by: 1 | -1) => {
    const at = steps.findIndex((step) => step >= zoom - 0.01)
    setZoom(steps[Math.min(steps.length - 1, Math.max(0, (at < 0 ? steps.length - 1 : at) + by))] ?? 1)
  }
  const distance = (): number => {
    const [one, other] = [...touches.current.values()]
    return one === undefined || other === undefined ? 0 : Math.hypot(one.x - other.x, one.y - other.y)
  }
  const shown = url ?? small
  return (
    <>
      <div
        ref={scroller}
        class="viewer-stage"
        tabIndex={0}
        role="region"
        aria-label={text.photo}
        onDblClick={() => setZoom(zoom > 1 ? 1 : 2)}
        onPointerDown={(event) => {
          touches.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
          if (touches.current.size === 2) pinch.current = { distance: distance(), zoom }
        }}
        onPointerMove={(event) => {
          if (!touches.current.has(event.pointerId)) return
          touches.current.set(event.pointerId, { x: event.clientX, y: event.clientY })
          const began = pinch.current
          if (began !== null && touches.current.size === 2) setZoom(Math.min(6, Math.max(1, (began.zoom * distance()) / began.distance)))
        }}
        onPointerUp={(event) => {
          touches.current.delete(event.pointerId)
          pinch.current = null
        }}
        onPointerCancel={(event) => {
          touches.current.delete(event.pointerId)
          pinch.current = null
        }}
      >
        {shown !== null && (
          <img class={url === null ? "viewer-image is-small" : "viewer-image"} src={shown} alt={text.photo} draggable={false} onContextMenu={(event) => event.preventDefault()} style={{ width: `${100 * zoom}%`, maxHeight: zoom > 1 ? "none" : undefined }} />
        )}
        {failure !== null && (
          <p class="viewer-failure" role="alert">
            {explainCode(failure)}
          </p>
        )}
        {url === null && failure === null && <span class="spinner viewer-spinner" role="status" aria-label={text.loading} />}
      </div>
      <div class="viewer-zoom">
        <button type="button" class="camera-button" aria-label={text.zoomOut} disabled={zoom <= 1} onClick={() => next(-1)}>
          <IconView name="zoomOut" />
        </button>
        <button type="button" class="camera-button" aria-label={text.zoomIn} disabled={zoom >= 6} onClick={() => next(1)}>
          <IconView name="zoomIn" />
        </button>
      </div>
    </>
  )
}

/** Something leaves the app: said plainly, after a fresh gesture, and written in the account's activity. */
function SaveView({ place, item, onProve, onClose }: { readonly place: MediaPlace; readonly item: MediaItem; readonly onProve: () => Promise<void>; readonly onClose: () => void }) {
  const text = words().media
  const [failure, setFailure] = useState<string | null>(null)
  const [isWorking, setWorking] = useState(false)
  const save = async () => {
    setWorking(true)
    setFailure(null)
    try {
      await onProve()
      const { content } = await place.engine.ask("releaseMedia", { channel: place.channel, target: place.message, index: item.index })
      void offerFile([content], safeType(item), item.name === "" ? `lien.${item.mediaType.split("/")[1] ?? "bin"}` : item.name)
      onClose()
    } catch (error) {
      setFailure(codeOf(error))
      setWorking(false)
    }
  }
  return (
    <div class="review-leave" role="alertdialog" aria-label={text.saveTitle}>
      <h2>{text.saveTitle}</h2>
      <p>{text.saveExplain}</p>
      {failure !== null && (
        <p class="field-error" role="alert">
          {explainCode(failure)}
        </p>
      )}
      <div class="dialog-actions">
        <button type="button" class="button button-outline" disabled={isWorking} onClick={onClose}>
          {words().app.cancel}
        </button>
        <button type="button" class="button button-danger" disabled={isWorking} onClick={() => void save()}>
          {text.saveAction}
        </button>
      </div>
    </div>
  )
}
